#include "refs/view/origin.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/os/dir.h"
#include "lib/os/local_seal.h"
#include "lib/os/path.h"
#include "refs/history/history.h"
#include "refs/vault/local.h"
#include "refs/view/view_internal.h"

#define LABEL "index origin 1"
#define WORTH_STORING 256	/* versions that the file does not have */

/* How a version stands in its line; as bytes in a file, too. */
struct link {
	git_oid id;
	git_oid tree;
	git_oid parent;			/* the first */
	uint32_t is_last;		/* there is none */
};

/* First parents, back from one version, as far as they were looked at. */
struct line {
	struct link *at;
	size_t n;
	size_t cap;
};

struct origins {
	struct view *view;
	struct version version;		/* told last */
	struct table by_segment;	/* digest: of the version, in links */
	struct line found;
	struct line known;		/* from a file, the newest first */
	struct line *lines;
	size_t lines_n;
	size_t lines_cap;
};

/* One record, and which segments are known to hold it. */
struct wanted {
	struct origins *origins;
	struct span entity;
	const unsigned char *id;
	struct table segments;		/* digest: 1, or 0 */
	unsigned char segment[SHA256_BYTES];	/* that was seen last */
};

static void line_seal(const struct view *view, struct local_seal *out)
{
	device_key_local_seal(&view->vault->device, LABEL,
			      view->vault->state.vault_id, out);
}

/* In a folder of its own below the construct's index. */
static int line_path(const struct view *view, bool is_new, struct buf *out,
		     struct err *err)
{
	int rc = index_folder(view->vault, view->ref_name, "origin", out, err);

	if (rc == 0 && is_new)
		rc = dir_make_all(buf_text(out), 0700, err);
	return rc < 0 ? rc : buf_add_str(out, "/line", err);
}

/* What a version stands on stays true; the MAC says that this device read it.
 * Without the file all is read again. */
static void line_load(struct origins *origins)
{
	const struct view *view = origins->view;
	struct buf body = BUF_INIT(ORIGIN_VERSIONS_MAX * sizeof(struct link));
	struct buf path = PATH_BUF_INIT;
	struct local_seal seal;
	size_t i;

	if (!view->vault->has_device)
		return;
	line_seal(view, &seal);
	if (line_path(view, false, &path, NULL) == 0 &&
	    local_seal_read(&seal, buf_text(&path), span_str(view->ref_name),
			    body.max, &body, NULL) == 0) {
		for (i = 0; i + sizeof(struct link) <= body.len;
		     i += sizeof(struct link)) {
			if (array_room(&origins->known, NULL) < 0)
				break;
			memcpy(&origins->known.at[origins->known.n++],
			       body.data + i, sizeof(struct link));
		}
	}
	local_seal_wipe(&seal);
	buf_release(&path);
	buf_release(&body);
}

static void line_store(const struct origins *origins, const struct line *line)
{
	const struct view *view = origins->view;
	size_t n = line->n < ORIGIN_VERSIONS_MAX ? line->n :
		   ORIGIN_VERSIONS_MAX;
	struct buf path = PATH_BUF_INIT;
	struct local_seal seal;

	if (!view->vault->has_device ||
	    line->n < origins->known.n + WORTH_STORING)
		return;
	line_seal(view, &seal);
	if (line_path(view, true, &path, NULL) == 0)
		(void)!local_seal_write(&seal, buf_text(&path),
					span_str(view->ref_name),
					span_of(line->at, n * sizeof(*line->at)),
					NULL);
	local_seal_wipe(&seal);
	buf_release(&path);
}

int origins_new(struct view *view, struct origins **out, struct err *err)
{
	struct origins *origins = calloc(1, sizeof(*origins));

	if (!origins)
		return err_set(err, ERR_NOMEM, "out of memory");
	origins->view = view;
	version_init(&origins->version);
	origins->by_segment = (struct table)TABLE_INIT(SHA256_BYTES,
						       TABLE_NO_LIMIT);
	line_load(origins);
	*out = origins;
	return 0;
}

void origins_free(struct origins *origins)
{
	size_t i;

	if (!origins)
		return;
	if (origins->lines_n)
		line_store(origins, &origins->lines[0]);
	free(origins->known.at);
	for (i = 0; i < origins->lines_n; i++)
		free(origins->lines[i].at);
	free(origins->lines);
	free(origins->found.at);
	table_release(&origins->by_segment);
	version_release(&origins->version);
	free(origins);
}

/* Is the record in that segment? */
static int look_into(struct wanted *wanted, const struct tree_segment *segment,
		     uint64_t *out, struct err *err)
{
	struct items items = ITEMS_INIT;
	size_t i;
	int rc;

	if (table_get(&wanted->segments, segment->digest, out))
		return 0;
	rc = items_read(wanted->origins->view, segment, wanted->entity,
			&items, err);
	*out = 0;
	for (i = 0; rc == 0 && i < items.n; i++)
		*out |= !memcmp(items.at[i].fold.id, wanted->id,
				RECORD_ID_BYTES);
	items_release(&items);
	return rc < 0 ? rc :
	       table_put(&wanted->segments, segment->digest, *out, err);
}

/* Does a tree of the construct hold the record? */
static int tree_has(struct wanted *wanted, const git_oid *tree, bool *out,
		    struct err *err)
{
	struct tree_segments along = TREE_SEGMENTS_INIT;
	struct view past = *wanted->origins->view;
	uint64_t is_in = 0;
	size_t i;
	int rc;

	past.tree = *tree;
	rc = view_along(&past, wanted->entity, &along, err);
	/* First those that were read before, and most often have it. */
	for (i = 0; rc == 0 && !is_in && i < along.n; i++) {
		if (table_get(&wanted->segments, along.at[i].digest, &is_in) &&
		    is_in)
			memcpy(wanted->segment, along.at[i].digest,
			       SHA256_BYTES);
	}
	for (i = 0; rc == 0 && !is_in && i < along.n; i++) {
		rc = look_into(wanted, &along.at[i], &is_in, err);
		memcpy(wanted->segment, along.at[i].digest, SHA256_BYTES);
	}
	tree_segments_release(&along);
	*out = is_in;
	return rc;
}

static int version_has(struct wanted *wanted, const git_oid *id, bool *out,
		       struct err *err)
{
	struct version *version = &wanted->origins->version;
	int rc = version_read(wanted->origins->view->vault->store, id,
			      version, err);

	return rc < 0 ? rc : tree_has(wanted, &version->tree, out, err);
}

static int line_add(struct origins *origins, struct line *line,
		    const git_oid *id, struct err *err)
{
	struct version *version = &origins->version;
	int rc = array_room(line, err);

	if (rc == 0)
		rc = version_read(origins->view->vault->store, id, version,
				  err);
	if (rc < 0)
		return rc;
	line->at[line->n] = (struct link){ .id = version->id,
					   .tree = version->tree,
					   .is_last = !version->parents_n };
	if (version->parents_n)
		line->at[line->n].parent = version->parents[0];
	line->n++;
	return 0;
}

static bool is_known(const struct origins *origins, const git_oid *id)
{
	return origins->known.n &&
	       git_oid_equal(&origins->known.at[0].id, id);
}

/* All that is known stands behind the line. */
static int line_join(const struct origins *origins, struct line *line,
		     struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < origins->known.n; i++) {
		rc = array_room(line, err);
		if (rc == 0)
			line->at[line->n++] = origins->known.at[i];
	}
	return rc;
}

/* The line that begins at a version, maybe from an earlier record. */
static int line_from(struct origins *origins, const git_oid *id,
		     struct line **out, struct err *err)
{
	size_t i;
	int rc;

	for (i = 0; i < origins->lines_n; i++) {
		*out = &origins->lines[i];
		if (git_oid_equal(&(*out)->at[0].id, id))
			return 0;
	}
	rc = array_room_in(origins->lines, origins->lines_n,
			   origins->lines_cap, err);
	if (rc < 0)
		return rc;
	*out = &origins->lines[origins->lines_n];
	memset(*out, 0, sizeof(**out));
	rc = is_known(origins, id) ? line_join(origins, *out, err) :
	     line_add(origins, *out, id, err);
	if (rc < 0)
		free((*out)->at);
	else
		origins->lines_n++;
	return rc;
}

/* Read on until that place is there, or the line ends. */
static int line_reach(struct origins *origins, struct line *line, size_t place,
		      struct err *err)
{
	git_oid parent;
	int rc = 0;

	while (rc == 0 && line->n <= place && !line->at[line->n - 1].is_last) {
		parent = line->at[line->n - 1].parent;
		rc = is_known(origins, &parent) ?
		     line_join(origins, line, err) :
		     line_add(origins, line, &parent, err);
	}
	return rc;
}

/*
 * The last place of the line that has the record, the first of which does: by
 * steps that grow, then by halves, for once it is there it stays. *out_is_known
 * is false where the line is too long.
 */
static int line_last(struct wanted *wanted, struct line *line, size_t *out,
		     bool *out_is_known, struct err *err)
{
	size_t has = 0;
	size_t lacks = 1;
	bool is_in = true;
	int rc = 0;

	while (rc == 0 && is_in) {
		rc = line_reach(wanted->origins, line, lacks, err);
		if (rc < 0 || has == line->n - 1)
			break;
		lacks = lacks < line->n ? lacks : line->n - 1;
		rc = tree_has(wanted, &line->at[lacks].tree, &is_in, err);
		has = is_in ? lacks : has;
		lacks = is_in ? 2 * lacks : lacks;
		if (is_in && lacks > ORIGIN_VERSIONS_MAX)
			break;
	}
	*out_is_known = !is_in || line->at[has].is_last;
	while (rc == 0 && !is_in && lacks - has > 1) {
		size_t middle = has + (lacks - has) / 2;
		bool has_it;

		rc = tree_has(wanted, &line->at[middle].tree, &has_it, err);
		*(has_it ? &has : &lacks) = middle;
	}
	*out = has;
	return rc;
}

/* A parent of a version, other than its first, that has the record. */
static int other_parent(struct wanted *wanted, const git_oid *id, bool *out,
			git_oid *out_parent, struct err *err)
{
	struct version version;
	size_t i;
	int rc;

	*out = false;
	version_init(&version);
	rc = version_read(wanted->origins->view->vault->store, id, &version,
			  err);
	for (i = 1; rc == 0 && !*out && i < version.parents_n; i++) {
		*out_parent = version.parents[i];
		rc = version_has(wanted, out_parent, out, err);
	}
	version_release(&version);
	return rc;
}

/* From a version that has it, along the lines that do. */
static int follow(struct wanted *wanted, git_oid *id, bool *out_is_known,
		  struct err *err)
{
	struct line *line;
	size_t last = 0;
	bool goes_on = true;
	git_oid parent;
	int rc = 0;

	*out_is_known = true;
	while (rc == 0 && goes_on && *out_is_known) {
		rc = line_from(wanted->origins, id, &line, err);
		if (rc == 0)
			rc = line_last(wanted, line, &last, out_is_known,
				       err);
		if (rc < 0 || !*out_is_known)
			break;
		*id = line->at[last].id;
		rc = other_parent(wanted, id, &goes_on, &parent, err);
		if (goes_on)
			*id = parent;
	}
	return rc;
}

/* All of a segment came with the version that came with it. */
static int remember(struct wanted *wanted, struct err *err)
{
	struct origins *origins = wanted->origins;
	bool has_it = false;
	int rc;

	if (origins->version.change != CHANGE_ADD)
		return 0;
	rc = tree_has(wanted, &origins->version.tree, &has_it, err);
	if (rc == 0 && has_it)
		rc = array_room(&origins->found, err);
	if (rc < 0 || !has_it)
		return rc;
	origins->found.at[origins->found.n] = (struct link){
		.id = origins->version.id
	};
	return table_put(&origins->by_segment, wanted->segment,
			 origins->found.n++, err);
}

static int find_from_heads(struct wanted *wanted, bool *out, struct err *err)
{
	const struct view *view = wanted->origins->view;
	git_oid id;
	size_t i;
	int rc = 0;

	*out = false;
	for (i = 0; rc == 0 && !*out && i < view->heads_n; i++) {
		id = view->heads[i];
		rc = version_has(wanted, &id, out, err);
	}
	if (rc == 0 && *out)
		rc = follow(wanted, &id, out, err);
	if (rc == 0 && *out)
		rc = version_read(view->vault->store, &id,
				  &wanted->origins->version, err);
	return rc < 0 || !*out ? rc : remember(wanted, err);
}

int origin_find(struct origins *origins, struct span entity,
		const unsigned char id[RECORD_ID_BYTES],
		const struct version **out, struct err *err)
{
	struct wanted wanted = {
		.origins = origins, .entity = entity, .id = id,
		.segments = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};
	uint64_t found;
	bool is_known = false;
	int rc = tree_has(&wanted, &origins->view->tree, &is_known, err);

	if (rc == 0 && is_known &&
	    table_get(&origins->by_segment, wanted.segment, &found))
		rc = version_read(origins->view->vault->store,
				  &origins->found.at[found].id,
				  &origins->version, err);
	else if (rc == 0 && is_known)
		rc = find_from_heads(&wanted, &is_known, err);
	table_release(&wanted.segments);
	*out = rc == 0 && is_known ? &origins->version : NULL;
	return rc;
}
