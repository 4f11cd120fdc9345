#include "objects/tree/tree.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "objects/tree/tree_internal.h"

int tree_segments_add(struct tree_segments *list,
		      const struct tree_segment *segment, struct err *err)
{
	int rc = array_room(list, err);

	if (rc == 0)
		list->at[list->n++] = *segment;
	return rc;
}

void tree_segments_release(struct tree_segments *list)
{
	free(list->at);
	list->at = NULL;
	list->n = 0;
	list->cap = 0;
}

static int segment_order(const void *a, const void *b)
{
	const struct tree_segment *left = a, *right = b;
	int order = strcmp(left->place.dir, right->place.dir);

	if (!order)
		order = strcmp(left->place.digits, right->place.digits);
	if (!order)
		order = strcmp(left->place.home, right->place.home);
	if (!order)
		order = memcmp(left->digest, right->digest, SHA256_BYTES);
	return order;
}

void tree_segments_sort(struct tree_segments *list)
{
	if (list->n)
		qsort(list->at, list->n, sizeof(*list->at), segment_order);
}

int tree_empty(struct store *store, git_oid *out, struct err *err)
{
	return store_stage(store, OBJECT_TREE, span_of("", 0), out, err);
}

int tree_bytes_add(struct buf *out, struct span name, bool is_tree,
		   const git_oid *id, struct err *err)
{
	int rc = buf_add_str(out, is_tree ? "40000 " : "100644 ", err);

	if (rc == 0)
		rc = buf_add_span(out, name, err);
	if (rc == 0)
		rc = buf_add_char(out, '\0', err);
	return rc < 0 ? rc : buf_add(out, id->id, GIT_OID_RAWSZ, err);
}

/* Is a folder in these bytes, which are our own, not stored yet? */
static bool has_staged_folder(struct store *store, struct span bytes)
{
	while (bytes.len) {
		bool is_tree = span_begins(bytes, "40000 ");
		const char *end = memchr(bytes.at, '\0', bytes.len);
		git_oid id;

		git_oid_fromraw(&id, (const unsigned char *)end + 1);
		if (is_tree && store_is_staged(store, &id))
			return true;
		end += 1 + GIT_OID_RAWSZ;
		bytes = span_of(end, bytes.len - (size_t)(end - bytes.at));
	}
	return false;
}

/*
 * A tree that is stored while a folder in it is not was left by a write that
 * was cut short: it is staged again, so that keeping it leads to the folder.
 */
int tree_stage_bytes(struct store *store, const struct buf *bytes,
		     git_oid *out, struct err *err)
{
	struct span span = buf_span(bytes);

	if (has_staged_folder(store, span))
		return store_stage_anew(store, OBJECT_TREE, span, out, err);
	if (span.len)
		return store_stage(store, OBJECT_TREE, span, out, err);
	memset(out, 0, sizeof(*out));
	return 0;
}

/*
 * A segment to add or remove. Sorted by path they stand in git's order at
 * every level, because there a folder's slash counts.
 */
struct edit {
	char path[SEGMENT_PATH_MAX];
	git_oid blob;
};

struct edits {
	struct store *store;
	struct edit *at;
	bool is_removal;
};

/* The edits from..to all lie below one folder; path_at is where their paths
 * go on below it. */
struct edit_level {
	const git_oid *base;		/* NULL: the folder is new */
	const struct place *place;	/* NULL: the root */
	size_t path_at;
	size_t from, to;
};

static int edit_order(const void *a, const void *b)
{
	const struct edit *left = a, *right = b;

	return strcmp(left->path, right->path);
}

/* What an edit says at this level: a name, and whether it is a folder's. */
static struct span edit_name(const struct edit *edit, size_t path_at,
			     bool *out_is_tree)
{
	const char *name = edit->path + path_at;
	const char *slash = strchr(name, '/');

	*out_is_tree = slash;
	return slash ? span_of(name, (size_t)(slash - name)) : span_str(name);
}

static int missing(const struct edit *edit, struct err *err)
{
	return err_set(err, ERR_NOT_FOUND, "no segment '%s'", edit->path);
}

static int apply_level(struct edits *edits, const struct edit_level *level,
		       git_oid *out, struct err *err);

/* All edits below one folder: how many is told by out_to. */
static int apply_folder(struct edits *edits, const struct edit_level *level,
			const struct tree_entry *old, size_t *next,
			struct buf *out, struct err *err)
{
	const struct edit *first = &edits->at[*next];
	struct edit_level below = { NULL, NULL, 0, *next, *next };
	struct place place;
	bool is_tree;
	struct span name = edit_name(first, level->path_at, &is_tree);
	git_oid id;
	int rc;

	if (!place_may_hold_folder(level->place, name))
		return err_set(err, ERR_INVALID, "no place for '%s'",
			       first->path);
	if (!old && edits->is_removal)
		return missing(first, err);
	below.path_at = level->path_at + name.len + 1;
	while (below.to < level->to &&
	       !memcmp(edits->at[below.to].path, first->path, below.path_at))
		below.to++;
	place_enter(level->place, name, &place);
	below.base = old ? &old->id : NULL;
	below.place = &place;
	*next = below.to;
	rc = apply_level(edits, &below, &id, err);
	if (rc == 0 && !git_oid_is_zero(&id))
		rc = tree_bytes_add(out, name, true, &id, err);
	return rc;
}

static int apply_segment(struct edits *edits, const struct edit_level *level,
			 const struct tree_entry *old, size_t *next,
			 struct buf *out, struct err *err)
{
	const struct edit *edit = &edits->at[*next];
	bool is_tree;
	struct span name = edit_name(edit, level->path_at, &is_tree);
	size_t i = *next;

	if (!old && edits->is_removal)
		return missing(edit, err);
	if (old && !git_oid_equal(&old->id, &edit->blob))
		return err_set(err, ERR_CORRUPT,
			       "two blobs with the name '%s'", edit->path);
	/* The same one twice is one. */
	for (i++; i < level->to && !strcmp(edits->at[i].path, edit->path); i++)
		;
	*next = i;
	if (edits->is_removal)
		return 0;
	return tree_bytes_add(out, name, false, &edit->blob, err);
}

/* How far a level has come: the next old entry, the next edit. */
struct edit_cursor {
	const struct tree_entry *old, *end;
	size_t next;
};

/* The next in git's order: an old entry as it was, or one with edits. */
static int apply_next(struct edits *edits, const struct edit_level *level,
		      struct edit_cursor *cursor, struct buf *out,
		      struct err *err)
{
	const struct tree_entry *old = cursor->old;
	bool is_tree = false;
	struct span name;
	int order = -1;

	if (cursor->next < level->to) {
		name = edit_name(&edits->at[cursor->next], level->path_at,
				 &is_tree);
		order = old == cursor->end ? 1 :
			tree_name_compare(old->name, old->is_tree, name,
					  is_tree);
	}
	if (order <= 0)
		cursor->old++;
	if (order < 0)
		return tree_bytes_add(out, old->name, old->is_tree, &old->id,
				      err);
	if (order > 0)
		old = NULL;
	if (is_tree)
		return apply_folder(edits, level, old, &cursor->next, out,
				    err);
	return apply_segment(edits, level, old, &cursor->next, out, err);
}

static int apply_level(struct edits *edits, const struct edit_level *level,
		       git_oid *out, struct err *err)
{
	struct tree_node node = TREE_NODE_INIT;
	struct buf bytes = BUF_INIT(TREE_BYTES_MAX);
	struct edit_cursor cursor;
	int rc = 0;

	if (level->base)
		rc = tree_node_read(edits->store, level->base, level->place,
				    &node, err);
	cursor.old = node.at;
	cursor.end = node.n ? node.at + node.n : node.at;
	cursor.next = level->from;
	while (rc == 0 &&
	       (cursor.old != cursor.end || cursor.next < level->to))
		rc = apply_next(edits, level, &cursor, &bytes, err);
	if (rc == 0)
		rc = tree_stage_bytes(edits->store, &bytes, out, err);
	buf_release(&bytes);
	tree_node_release(&node);
	return rc;
}

static int apply(struct store *store, const git_oid *base,
		 const struct tree_segments *list, bool is_removal,
		 git_oid *out, struct err *err)
{
	struct edits edits = { store, NULL, is_removal };
	struct edit_level root = { base, NULL, 0, 0, list->n };
	git_oid id;
	size_t i;
	int rc;

	edits.at = calloc(list->n ? list->n : 1, sizeof(*edits.at));
	if (!edits.at)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < list->n; i++) {
		segment_path(&list->at[i], edits.at[i].path);
		edits.at[i].blob = list->at[i].blob;
	}
	qsort(edits.at, list->n, sizeof(*edits.at), edit_order);
	rc = apply_level(&edits, &root, &id, err);
	if (rc == 0 && git_oid_is_zero(&id))
		rc = tree_empty(store, &id, err);
	if (rc == 0)
		*out = id;
	free(edits.at);
	return rc;
}

int tree_insert(struct store *store, const git_oid *base,
		const struct tree_segments *add, git_oid *out,
		struct err *err)
{
	return apply(store, base, add, false, out, err);
}

int tree_remove(struct store *store, const git_oid *base,
		const struct tree_segments *gone, git_oid *out,
		struct err *err)
{
	return apply(store, base, gone, true, out, err);
}
