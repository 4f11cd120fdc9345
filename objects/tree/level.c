#include "objects/tree/level.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/base/array.h"
#include "objects/tree/tree_internal.h"

static struct tree_level_entry *add_entry(struct tree_level *level,
					  const unsigned char digest[SHA256_BYTES],
					  struct err *err)
{
	struct tree_level_entry *entry;

	if (array_room(level, err) < 0)
		return NULL;
	entry = &level->at[level->n++];
	memcpy(entry->digest, digest, SHA256_BYTES);
	return entry;
}

int tree_level_add_segment(struct tree_level *level,
			   const unsigned char digest[SHA256_BYTES],
			   struct err *err)
{
	struct tree_level_entry *entry = add_entry(level, digest, err);

	if (!entry)
		return ERR_NOMEM;
	entry->is_folder = false;
	cid_text(CID_RAW, digest, entry->name);
	return 0;
}

int tree_level_add_folder(struct tree_level *level, struct span name,
			  const unsigned char root[SHA256_BYTES],
			  struct err *err)
{
	struct tree_level_entry *entry;

	if (!name.len || name.len > PLACE_NAME_LEN)
		return err_set(err, ERR_INVALID, "not a folder's name");
	entry = add_entry(level, root, err);
	if (!entry)
		return ERR_NOMEM;
	entry->is_folder = true;
	snprintf(entry->name, sizeof(entry->name), "%.*s", (int)name.len,
		 name.at);
	return 0;
}

void tree_level_release(struct tree_level *level)
{
	free(level->at);
	*level = (struct tree_level){ NULL, 0, 0 };
}

bool tree_level_has(const struct tree_level *level, bool is_folder,
		    const unsigned char digest[SHA256_BYTES])
{
	size_t i;

	for (i = 0; i < level->n; i++) {
		if (level->at[i].is_folder == is_folder &&
		    !memcmp(level->at[i].digest, digest, SHA256_BYTES))
			return true;
	}
	return false;
}

static int entry_order(const void *a, const void *b)
{
	const struct tree_level_entry *left = a, *right = b;

	return tree_name_compare(span_str(left->name), left->is_folder,
				 span_str(right->name), right->is_folder);
}

void tree_level_sort(struct tree_level *level)
{
	if (level->n)
		qsort(level->at, level->n, sizeof(*level->at), entry_order);
}

void tree_level_root(const struct tree_level *level,
		     unsigned char out[SHA256_BYTES])
{
	struct sha256 hash;
	size_t i;

	root_begin(&hash);
	for (i = 0; i < level->n; i++)
		root_add(&hash, level->at[i].is_folder,
			 span_str(level->at[i].name), level->at[i].digest);
	sha256_finish(&hash, out);
}

/* A folder on the way. */
struct step {
	const struct place *at;		/* NULL: the root */
	git_oid tree;
	/* The one to go on to: zero at the end. */
	struct place next;
	git_oid next_tree;
};

static int read_level(struct store *store, const struct place *place,
		      struct step *step, struct tree_level *out,
		      struct err *err)
{
	struct tree_node node = TREE_NODE_INIT;
	unsigned char root[SHA256_BYTES];
	size_t i;
	int rc = tree_node_read(store, &step->tree, step->at, &node, err);

	for (i = 0; rc == 0 && i < node.n; i++) {
		const struct tree_entry *entry = &node.at[i];
		struct place child;

		if (!entry->is_tree) {
			rc = tree_level_add_segment(out, entry->digest, err);
			continue;
		}
		place_enter(step->at, entry->name, &child);
		rc = tree_root_below(store, &entry->id, &child, root, err);
		if (rc == 0)
			rc = tree_level_add_folder(out, entry->name, root,
						   err);
		if (rc == 0 && place_is_above(&child, place)) {
			step->next = child;
			step->next_tree = entry->id;
		}
	}
	tree_node_release(&node);
	return rc;
}

int tree_levels(struct store *store, const git_oid *tree,
		const struct place *place, struct tree_level *out,
		size_t *out_n, struct err *err)
{
	struct tree_level down[TREE_LEVELS_MAX];
	struct step step = { .at = NULL, .tree = *tree };
	size_t levels = place_level(place) + 1;
	struct place here;
	size_t i, n;
	int rc = 0;

	memset(down, 0, sizeof(down));
	for (n = 0; rc == 0 && n < levels; n++) {
		memset(&step.next_tree, 0, sizeof(step.next_tree));
		rc = read_level(store, place, &step, &down[n], err);
		if (rc == 0 && n + 1 < levels &&
		    git_oid_iszero(&step.next_tree))
			rc = err_set(err, ERR_NOT_FOUND, "no such folder");
		here = step.next;
		step.at = &here;
		step.tree = step.next_tree;
	}
	for (i = 0; i < n; i++)
		out[i] = down[n - 1 - i];
	*out_n = n;
	return rc;
}
