#include "objects/repack/repack_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/id/encode.h"
#include "objects/pack/delta.h"

#define LEVELS_MAX 8		/* of trees; ours have at most 6 */
#define DELTA_LEAST 64		/* bytes of an object that is worth one */
#define TREE_MODE_TEXT "40000 "

static int pair_trees(struct repack *repack, const git_oid *newer,
		      const git_oid *older, unsigned level, struct err *err);

/* The content of an item, which stays while others are looked at. */
static int hold_content(struct repack *repack, const struct repack_item *item,
			struct buf *room, struct span *out, struct err *err)
{
	int rc = repack_content(repack, item, out, err);

	if (rc < 0 || item->content)
		return rc;
	buf_reset(room);
	rc = buf_add_span(room, *out, err);
	*out = buf_span(room);
	return rc;
}

/* Make the older one of the newer, if that is worth it and it has no base. */
static int try_delta(struct repack *repack, struct repack_item *older,
		     struct span target, const struct repack_item *newer,
		     struct span base, struct err *err)
{
	struct buf delta = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (older == newer || older->base != PACK_NO_BASE ||
	    older->type != newer->type || target.len < DELTA_LEAST ||
	    repack->deltas > REPACK_DELTA_BYTES)
		return 0;
	rc = delta_make(base, target, target.len / 2, &delta, err);
	if (rc < 0 || !delta.len) {
		buf_release(&delta);
		return rc;
	}
	older->base = (uint32_t)(newer - repack->items);
	older->delta = delta.data;
	older->delta_len = (uint32_t)delta.len;
	repack->deltas += delta.len;
	return 0;
}

/* An entry of a tree, as far as it matters here. */
struct entry {
	struct span name;
	bool is_tree;
	git_oid id;
};

static bool next_entry(struct span tree, size_t *pos, struct entry *out)
{
	const char *at = tree.at + *pos;
	size_t left = tree.len - *pos;
	const char *blank = left ? memchr(at, ' ', left) : NULL;
	const char *end = left ? memchr(at, '\0', left) : NULL;

	if (!blank || !end || blank > end ||
	    left - (size_t)(end - at) < GIT_OID_RAWSZ + 1)
		return false;
	out->is_tree = !strncmp(at, TREE_MODE_TEXT, strlen(TREE_MODE_TEXT));
	out->name = span_of(blank + 1, (size_t)(end - blank) - 1);
	memcpy(out->id.id, end + 1, GIT_OID_RAWSZ);
	*pos += (size_t)(end - at) + 1 + GIT_OID_RAWSZ;
	return true;
}

static bool next_folder(struct span tree, size_t *pos, struct entry *out)
{
	while (next_entry(tree, pos, out)) {
		if (out->is_tree)
			return true;
	}
	return false;
}

/* Folders of one name; names of ours sort alike with and without a slash,
 * and where one does not, a delta is missed and nothing worse. */
static int pair_folders(struct repack *repack, struct span newer,
			struct span older, unsigned level, struct err *err)
{
	size_t new_pos = 0, old_pos = 0;
	struct entry new, old;
	bool has_new = next_folder(newer, &new_pos, &new);
	bool has_old = next_folder(older, &old_pos, &old);
	int rc = 0;

	while (rc == 0 && has_new && has_old) {
		int order = span_compare(new.name, old.name);

		if (order == 0)
			rc = pair_trees(repack, &new.id, &old.id, level + 1,
					err);
		if (order <= 0)
			has_new = next_folder(newer, &new_pos, &new);
		if (order >= 0)
			has_old = next_folder(older, &old_pos, &old);
	}
	return rc;
}

static int pair_trees(struct repack *repack, const git_oid *newer,
		      const git_oid *older, unsigned level, struct err *err)
{
	struct repack_item *new, *old;
	struct buf new_room = BUF_INIT(BUF_NO_LIMIT);
	struct buf old_room = BUF_INIT(BUF_NO_LIMIT);
	struct span base, target;
	int rc;

	if (level > LEVELS_MAX || git_oid_equal(newer, older))
		return 0;
	new = repack_find(repack, newer);
	old = repack_find(repack, older);
	/* One with a base has been here, and so have the folders below. */
	if (!new || !old || old->base != PACK_NO_BASE ||
	    new->type != OBJECT_TREE || old->type != OBJECT_TREE)
		return 0;
	rc = hold_content(repack, new, &new_room, &base, err);
	if (rc == 0)
		rc = hold_content(repack, old, &old_room, &target, err);
	if (rc == 0)
		rc = try_delta(repack, old, target, new, base, err);
	if (rc == 0)
		rc = pair_folders(repack, base, target, level, err);
	buf_release(&new_room);
	buf_release(&old_room);
	return rc;
}

/* "tree <id>", "parent <id>": the ids, one line after the other. */
static bool take_id(struct span *commit, const char *word, git_oid *out)
{
	size_t len = strlen(word);

	if (commit->len <= len + GIT_OID_HEXSZ ||
	    memcmp(commit->at, word, len) ||
	    !hex_decode(span_of(commit->at + len, GIT_OID_HEXSZ), out->id,
			GIT_OID_RAWSZ))
		return false;
	len += GIT_OID_HEXSZ + 1;
	*commit = span_of(commit->at + len, commit->len - len);
	return true;
}

/* What a version's first parent has, made of what the version has. */
static int pair_versions(struct repack *repack, struct repack_item *newer,
			 struct err *err)
{
	struct buf new_room = BUF_INIT(BUF_NO_LIMIT);
	struct buf old_room = BUF_INIT(BUF_NO_LIMIT);
	struct span base, target, head;
	git_oid new_tree, old_tree, parent;
	struct repack_item *older;
	int rc = hold_content(repack, newer, &new_room, &base, err);

	if (rc < 0)
		goto out;
	head = base;
	if (!take_id(&head, "tree ", &new_tree) ||
	    !take_id(&head, "parent ", &parent))
		goto out;
	older = repack_find(repack, &parent);
	if (!older || older->type != OBJECT_COMMIT)
		goto out;
	rc = hold_content(repack, older, &old_room, &target, err);
	if (rc < 0)
		goto out;
	head = target;
	if (take_id(&head, "tree ", &old_tree))
		rc = pair_trees(repack, &new_tree, &old_tree, 0, err);
	if (rc == 0)
		rc = try_delta(repack, older, target, newer, base, err);
out:
	buf_release(&new_room);
	buf_release(&old_room);
	return rc;
}

int repack_find_deltas(struct repack *repack, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < repack->n; i++) {
		if (repack->items[i].type == OBJECT_COMMIT)
			rc = pair_versions(repack, &repack->items[i], err);
	}
	return rc;
}
