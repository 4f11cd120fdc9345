/*
 * The levels of a tree above a segment: all that the root is made of on that
 * way, for proofs (vvault-proof(5)).
 */
#ifndef VV_OBJECTS_TREE_LEVEL_H
#define VV_OBJECTS_TREE_LEVEL_H

#include "objects/tree/tree.h"

#define TREE_LEVELS_MAX 6	/* root, dir, three digits, home */

/* What a folder has of that name: a segment, or a folder and its root. */
struct tree_level_entry {
	char name[CID_TEXT_MAX];
	bool is_folder;
	unsigned char digest[SHA256_BYTES];
};

struct tree_level {
	struct tree_level_entry *at;
	size_t n;
	size_t cap;
};

/* The segment with that digest; its name follows. */
MUST_USE int tree_level_add_segment(struct tree_level *level,
				    const unsigned char digest[SHA256_BYTES],
				    struct err *err);
/* ERR_INVALID for a name that no folder has. */
MUST_USE int tree_level_add_folder(struct tree_level *level, struct span name,
				   const unsigned char root[SHA256_BYTES],
				   struct err *err);
void tree_level_release(struct tree_level *level);

/* Does it have a segment, or a folder, of that digest? */
bool tree_level_has(const struct tree_level *level, bool is_folder,
		    const unsigned char digest[SHA256_BYTES]);

/* The entries as git sorts them, and then their hash as tree_root() has it. */
void tree_level_sort(struct tree_level *level);
void tree_level_root(const struct tree_level *level,
		     unsigned char out[SHA256_BYTES]);

/*
 * The levels of a construct's tree, from the folder at place up to the root:
 * into out (TREE_LEVELS_MAX of them, empty), *out_n of them; to be released
 * also after a failure. ERR_NOT_FOUND: there is no such folder.
 */
MUST_USE int tree_levels(struct store *store, const git_oid *tree,
			 const struct place *place, struct tree_level *out,
			 size_t *out_n, struct err *err);

#endif
