#include "refs/renew/renew_internal.h"

#include <stdlib.h>
#include <string.h>

#include "objects/record/seal.h"
#include "refs/history/history.h"

const struct made_version *renewal_made(const struct renewal *renewal,
					const git_oid *old)
{
	uint64_t at;

	return table_get(&renewal->by_version, old->id, &at) ?
		       &renewal->made[at] : NULL;
}

/* Every blob that stays is copied when a tree is met that has it: segments
 * were when they were read. */
static int rewrite_segment(void *arg, struct tree_segment *segment,
			   bool *out_is_gone, struct err *err)
{
	struct renewal *renewal = arg;
	struct stage *stage = renewal->stage;
	const struct recut_segment *recut;
	uint64_t at;
	int rc;

	if (!strcmp(segment->place.dir, renewal->blob_dir)) {
		*out_is_gone = table_get(&renewal->homes_gone,
					 segment->place.home, NULL);
		if (*out_is_gone || store_has(stage->store, &segment->blob))
			return 0;
		rc = store_read(stage->vault->store, &segment->blob,
				OBJECT_BLOB, STORE_OBJECT_MAX,
				&renewal->sealed, err);
		return rc < 0 ? rc : store_add(stage->store, OBJECT_BLOB,
					       buf_span(&renewal->sealed),
					       &segment->blob, err);
	}
	if (!table_get(&renewal->segments, segment->blob.id, &at))
		return err_set(err, ERR_CORRUPT, "a segment was not read");
	if (!at)
		return 0;
	recut = &renewal->recut[at - 1];
	*out_is_gone = recut->is_gone;
	segment->blob = recut->blob;
	memcpy(segment->digest, recut->digest, SHA256_BYTES);
	return 0;
}

static int by_id(const void *a, const void *b)
{
	return git_oid_cmp(&(*(const struct made_version *const *)a)->id,
			   &(*(const struct made_version *const *)b)->id);
}

/* The same parents, as they are now: the first stays so, the rest by id. */
static int renew_parents(const struct renewal *renewal,
			 struct version *version, struct err *err)
{
	const struct made_version *made[VERSION_PARENTS_MAX];
	size_t n = version->parents_n;
	size_t i;

	version->seq = 1;
	for (i = 0; i < n; i++) {
		made[i] = renewal_made(renewal, &version->parents[i]);
		if (!made[i])
			return err_set(err, ERR_CORRUPT,
				       "a parent was not made anew");
		if (made[i]->seq >= version->seq)
			version->seq = made[i]->seq + 1;
	}
	if (n > 2)
		qsort(made + 1, n - 1, sizeof(*made), by_id);
	for (i = 0; i < n; i++) {
		version->parents[i] = made[i]->id;
		memcpy(version->parent_digests[i], made[i]->digest,
		       SHA256_BYTES);
	}
	return 0;
}

/* Did it bring what is gone? Then its words may tell of it. */
static int is_telling(const struct renewal *renewal,
		      const struct version *version, bool *out,
		      struct err *err)
{
	struct store *store = renewal->stage->vault->store;
	struct tree_segments fresh = TREE_SEGMENTS_INIT;
	struct version parent;
	git_oid base;
	uint64_t at;
	size_t i;
	int rc = 0;

	version_init(&parent);
	*out = version->change == CHANGE_FORGET;
	if (version->parents_n) {
		rc = version_read(store, &version->parents[0], &parent, err);
		base = parent.tree;
	} else {
		rc = tree_empty(store, &base, err);
	}
	if (rc == 0)
		rc = tree_diff(store, &base, &version->tree, NULL, &fresh,
			       err);
	for (i = 0; rc == 0 && !*out && i < fresh.n; i++)
		*out = table_get(&renewal->segments, fresh.at[i].blob.id,
				 &at) && at;
	tree_segments_release(&fresh);
	version_release(&parent);
	return rc;
}

static int set_text(struct buf *out, const char *text, struct err *err)
{
	buf_reset(out);
	return buf_add_str(out, text, err);
}

/* Its own words, unless they may tell; sealed with the key that they were. */
static int renew_words(struct renewal *renewal, struct version *version,
		       struct version_note *note, bool is_told,
		       struct err *err)
{
	unsigned char key[KEY_ID_BYTES];
	int rc = 0;

	if (is_told)
		rc = set_text(&note->subject, version->change == CHANGE_FORGET ?
			      FORGET_SUBJECT : NEUTRAL_SUBJECT, err);
	if (rc < 0)
		return rc;
	if (!version->note.len) {
		if (!is_told)
			return 0;
		return version_set_subject(version, buf_span(&note->subject),
					   err);
	}
	note->has_records = note->has_records && !is_told;
	seal_key_id(buf_span(&version->note), key);
	return renewal_note(renewal, version, note, key, err);
}

static void renew_identity(struct version *version)
{
	if (version->is_renewed)
		return;
	version->is_renewed = true;
	memcpy(version->renews, version->digest, SHA256_BYTES);
	memcpy(version->writer, version->device, DID_KEY_BYTES);
}

static int renew_fields(struct renewal *renewal, struct version *version,
			struct err *err)
{
	const struct vault *vault = renewal->stage->vault;
	struct version_note note = VERSION_NOTE_INIT;
	bool is_told = false;
	git_oid tree;
	int rc = vault_note_open(vault, version, &note, err);

	if (rc == 0)
		rc = tree_rewrite(&renewal->trees_made, &version->tree, &tree,
				  err);
	if (rc == 0 && !git_oid_equal(&tree, &version->tree))
		rc = is_telling(renewal, version, &is_told, err);
	if (rc == 0)
		rc = renew_parents(renewal, version, err);
	if (rc < 0)
		goto out;
	renew_identity(version);
	memcpy(version->device, vault->device.public, DID_KEY_BYTES);
	is_told = is_told || version->change == CHANGE_FORGET;
	rc = tree_root(renewal->stage->store, &tree, version->root, err);
	version->tree = tree;
	if (rc == 0)
		rc = renew_words(renewal, version, &note, is_told, err);
out:
	version_note_release(&note);
	return rc;
}

static int renew_version(struct renewal *renewal, const git_oid *old,
			 struct err *err)
{
	struct stage *stage = renewal->stage;
	struct made_version *made = &renewal->made[renewal->made_n];
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	struct version version;
	int rc;

	version_init(&version);
	rc = version_read(stage->vault->store, old, &version, err);
	if (rc == 0)
		rc = renew_fields(renewal, &version, err);
	if (rc == 0)
		rc = version_encode(&version, &stage->vault->device, &commit,
				    err);
	if (rc == 0)
		rc = store_add(stage->store, OBJECT_COMMIT, buf_span(&commit),
			       &made->id, err);
	if (rc == 0)
		rc = table_put(&renewal->by_version, old->id,
			       renewal->made_n, err);
	if (rc == 0) {
		memcpy(made->digest, version.digest, SHA256_BYTES);
		made->seq = version.seq;
		renewal->made_n++;
		stage->report.versions++;
	}
	version_release(&version);
	buf_release(&commit);
	return rc;
}

int renewal_replay(struct renewal *renewal, struct err *err)
{
	static const struct tree_rewriter model = { rewrite_segment, NULL };
	struct tree_rewriter by = model;
	size_t i;
	int rc = 0;

	by.arg = renewal;
	renewal->trees_made = (struct tree_rewrite)
		TREE_REWRITE_INIT(renewal->stage->vault->store,
				  renewal->stage->store, &by);
	renewal->made = calloc(renewal->versions_n + 1,
			       sizeof(*renewal->made));
	if (!renewal->made)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	for (i = renewal->versions_n; rc == 0 && i-- > 0;) {
		rc = renew_version(renewal, &renewal->versions[i], err);
		stage_progress(renewal->stage, "signing",
			       renewal->versions_n - i, renewal->versions_n);
	}
	tree_rewrite_release(&renewal->trees_made);
	return rc;
}
