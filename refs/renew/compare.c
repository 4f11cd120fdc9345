#include "refs/renew/renew_internal.h"

#include <string.h>

#include "lib/id/encode.h"
#include "objects/record/segment.h"
#include "refs/history/history.h"
#include "refs/verify/ids.h"
#include "refs/view/forgotten.h"

/* One construct in both. */
struct pair {
	struct stage *stage;
	const struct ancestry *before;
	const struct ancestry *lineage;
	struct view *old;
	struct view *made;		/* NULL: it is not there */
	struct table same;		/* pairs of trees that hold the same */
	char blob_dir[PLACE_NAME_LEN + 1];
	struct table lacking;		/* versions that the new one lacks */
	struct buf bytes;
	struct buf text;
};

static int add_ids(struct pair *pair, const struct tree_segment *segment,
		   bool is_old, struct id_list *out, struct err *err)
{
	const struct view *view = is_old ? pair->old : pair->made;
	unsigned char id[RECORD_ID_BYTES];
	struct span line;
	size_t pos = 0;
	int rc = store_read(view->vault->store, &segment->blob, OBJECT_BLOB,
			    STORE_OBJECT_MAX, &pair->bytes, err);

	buf_reset(&pair->text);
	if (rc == 0)
		rc = codec_decode(view->codec, SEAL_SEGMENT,
				  buf_span(&pair->bytes), &pair->text, err);
	while (rc == 0 && segment_next(buf_span(&pair->text), &pos, &line)) {
		record_id(line, id);
		if (!is_old || !forgotten_has(pair->made, id))
			rc = id_list_add(out, id, err);
	}
	return rc;
}

static bool has_segment(const struct tree_segments *list,
			const struct tree_segment *segment)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!memcmp(list->at[i].digest, segment->digest, SHA256_BYTES))
			return true;
	return false;
}

/* The records of one folder's own segments: the same, less what is forgotten,
 * for what is recut stays where it was. */
static int compare_segments(struct pair *pair, const struct tree_folder *old,
			    const struct tree_folder *made, struct err *err)
{
	struct id_list before = ID_LIST_INIT;
	struct id_list after = ID_LIST_INIT;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < old->segments.n; i++)
		if (!has_segment(&made->segments, &old->segments.at[i]))
			rc = add_ids(pair, &old->segments.at[i], true, &before,
				     err);
	for (i = 0; rc == 0 && i < made->segments.n; i++)
		if (!has_segment(&old->segments, &made->segments.at[i]))
			rc = add_ids(pair, &made->segments.at[i], false,
				     &after, err);
	id_list_sort(&before);
	id_list_sort(&after);
	if (rc == 0 && !id_list_equals(&before, &after))
		rc = err_set(err, ERR_UNTRUSTED, "an owner has made this vault "
			     "anew, but not with just what is here less what "
			     "was forgotten: it is not followed, and nothing "
			     "was changed");
	id_list_release(&before);
	id_list_release(&after);
	return rc;
}

static const git_oid *child_of(const struct tree_folder *folder,
			       const char *name)
{
	size_t i;

	for (i = 0; i < folder->children_n; i++)
		if (!strcmp(folder->children[i].name, name))
			return &folder->children[i].tree;
	return NULL;
}

static int compare_trees(struct pair *pair, const git_oid *old,
			 const git_oid *made, const struct place *place,
			 struct err *err);

static int compare_children(struct pair *pair, const struct tree_folder *old,
			    const struct tree_folder *made,
			    const struct place *place, struct err *err)
{
	struct place child;
	const char *name;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < old->children_n + made->children_n; i++) {
		bool is_old = i < old->children_n;

		name = is_old ? old->children[i].name :
				made->children[i - old->children_n].name;
		if ((!is_old && child_of(old, name)) ||
		    (!place && !strcmp(name, pair->blob_dir)))
			continue;
		place_child(place, name, &child);
		rc = compare_trees(pair, child_of(old, name),
				   child_of(made, name), &child, err);
	}
	return rc;
}

/* One of them may be absent. */
static int compare_trees(struct pair *pair, const git_oid *old,
			 const git_oid *made, const struct place *place,
			 struct err *err)
{
	struct tree_folder before, after;
	git_oid key[2];
	bool is_new;
	int rc;

	memset(key, 0, sizeof(key));
	memset(&before, 0, sizeof(before));
	memset(&after, 0, sizeof(after));
	if (old)
		key[0] = *old;
	if (made)
		key[1] = *made;
	if (git_oid_equal(&key[0], &key[1]))
		return 0;
	rc = table_include(&pair->same, key, &is_new, err);
	if (rc < 0 || !is_new)
		return rc;
	if (old)
		rc = tree_folder_read(pair->stage->vault->store, old, place,
				      &before, err);
	if (rc == 0 && made)
		rc = tree_folder_read(pair->stage->made->store, made, place,
				      &after, err);
	if (rc == 0)
		rc = compare_segments(pair, &before, &after, err);
	if (rc == 0)
		rc = compare_children(pair, &before, &after, place, err);
	tree_folder_release(&before);
	tree_folder_release(&after);
	return rc;
}

/* Does it say of a version what that says of itself? */
static bool has_same_words(const struct pair *pair, const struct version *old,
			   const struct version *made)
{
	return made->is_renewed && made->time == old->time &&
	       made->change == old->change &&
	       !strcmp(made->construct, old->construct) &&
	       !strcmp(made->author, old->author) &&
	       !memcmp(version_writer(made), version_writer(old),
		       DID_KEY_BYTES) &&
	       made->members_n == old->members_n &&
	       !memcmp(made->members, old->members,
		       old->members_n * sizeof(*old->members)) &&
	       ancestry_has_parents(pair->before, old, pair->lineage, made);
}

/* And its subject, which may have given way to a neutral one. */
static int compare_subjects(const struct pair *pair, const struct version *old,
			    const struct version *made, bool *out_is_same,
			    struct err *err)
{
	struct version_note before = VERSION_NOTE_INIT;
	struct version_note after = VERSION_NOTE_INIT;
	struct span subject;
	int rc = vault_note_open(pair->stage->vault, old, &before, err);

	if (rc == 0)
		rc = vault_note_open(pair->stage->made, made, &after, err);
	subject = buf_span(&after.subject);
	if (rc == 0)
		*out_is_same = span_equals(subject, buf_span(&before.subject)) ||
			       span_equals(subject,
					   span_str(NEUTRAL_SUBJECT)) ||
			       (old->change == CHANGE_FORGET &&
				span_equals(subject, span_str(FORGET_SUBJECT)));
	version_note_release(&before);
	version_note_release(&after);
	return rc;
}

/* It does so to a version, of which something is to be said. */
static int refuse_version(const struct version *old, const char *does,
			  const char *said, struct err *err)
{
	char hex[HEX_TEXT(GIT_OID_RAWSZ) + 1];

	hex_text(old->id.id, GIT_OID_RAWSZ, hex);
	return err_set(err, ERR_UNTRUSTED, "an owner has made this vault anew, "
		       "but %s version %.10s%s: it is not followed, and "
		       "nothing was changed", does, hex, said);
}

/* What its maker signed its maker has: that is not left out unknowingly. */
static int add_lacking(struct pair *pair, const struct version *old,
		       struct err *err)
{
	if (!memcmp(old->device, pair->lineage->maker, DID_KEY_BYTES))
		return refuse_version(old, "without",
				      ", which is that owner's own", err);
	return table_include(&pair->lacking, old->id.id, NULL, err);
}

static int compare_version(void *arg, const struct version *old,
			   struct err *err)
{
	struct pair *pair = arg;
	const git_oid *id = ancestry_find(pair->lineage, version_identity(old));
	struct version made;
	bool is_same = false;
	int rc;

	if (!id)
		return add_lacking(pair, old, err);
	if (git_oid_equal(id, &old->id))
		return 0;
	version_init(&made);
	rc = version_read(pair->stage->made->store, id, &made, err);
	if (rc == 0 && has_same_words(pair, old, &made))
		rc = compare_subjects(pair, old, &made, &is_same, err);
	if (rc == 0 && !is_same)
		rc = refuse_version(old, "says something else of",
				    " than it says itself", err);
	if (rc == 0)
		rc = compare_trees(pair, &old->tree, &made.tree, NULL, err);
	pair->stage->report.versions++;
	version_release(&made);
	return rc;
}

static void pair_init(struct pair *pair, struct stage *stage,
		      const struct ancestry *before,
		      const struct ancestry *lineage)
{
	memset(pair, 0, sizeof(*pair));
	pair->stage = stage;
	pair->before = before;
	pair->lineage = lineage;
	pair->same = (struct table)TABLE_INIT(2 * sizeof(git_oid),
					      TABLE_NO_LIMIT);
	pair->lacking = (struct table)TABLE_INIT(GIT_OID_RAWSZ,
						 TABLE_NO_LIMIT);
	pair->bytes = (struct buf)BUF_INIT(STORE_OBJECT_MAX);
	pair->text = (struct buf)BUF_INIT(SEAL_PLAIN_MAX);
}

static void pair_release(struct pair *pair)
{
	view_free(pair->old);
	view_free(pair->made);
	table_release(&pair->same);
	table_release(&pair->lacking);
	buf_wipe(&pair->bytes);
	buf_wipe(&pair->text);
}

static int open_made(struct pair *pair, const char *ref_name, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = view_open_ref(pair->stage->made, ref_name, &pair->made,
			       &reason);

	if (rc == ERR_NOT_FOUND)
		return view_open_versions(pair->stage->made, ref_name, NULL,
					  0, &pair->made, err);
	if (rc == 0)
		rc = forgotten_read(pair->made, &reason);
	return err_copy(err, rc, &reason);
}

static int compare_construct(struct stage *stage,
			     const struct ancestry *before,
			     const struct ancestry *lineage,
			     const char *ref_name, struct err *err)
{
	struct history_visitor visitor = { compare_version, NULL, NULL };
	struct history_range range = { NULL, 0, NULL, 0 };
	struct pair pair;
	int rc;

	pair_init(&pair, stage, before, lineage);
	visitor.arg = &pair;
	rc = view_open_ref(stage->vault, ref_name, &pair.old, err);
	if (rc == 0)
		rc = open_made(&pair, ref_name, err);
	if (rc == 0) {
		codec_dir_name(pair.old->codec, BLOB_DIR, pair.blob_dir);
		range.heads = pair.old->heads;
		range.heads_n = pair.old->heads_n;
		rc = history_walk(stage->vault->store, &range, &visitor, err);
	}
	if (rc == 0 && pair.lacking.count)
		rc = carry_over(stage, pair.old, pair.made, &pair.lacking,
				err);
	stage->report.constructs++;
	pair_release(&pair);
	return rc;
}

int compare_lineages(struct stage *stage, struct err *err)
{
	struct name_list names = { NULL, 0 };
	struct ancestry before;
	struct ancestry lineage;
	size_t i;
	int rc;

	ancestry_init(&before);
	ancestry_init(&lineage);
	rc = ancestry_read(stage->vault, NULL, &before, err);
	if (rc == 0)
		rc = ancestry_read(stage->made, &before, &lineage, err);
	if (rc == 0)
		rc = follow_check_word(stage, &before, &lineage, err);
	if (rc == 0)
		rc = view_constructs_proper(stage->vault, &names, err);
	for (i = 0; rc == 0 && i < names.n; i++) {
		rc = compare_construct(stage, &before, &lineage, names.at[i],
				       err);
		stage_progress(stage, "comparing", i + 1, names.n);
	}
	name_list_release(&names);
	ancestry_release(&lineage);
	ancestry_release(&before);
	return rc;
}
