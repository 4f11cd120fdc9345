/*
 * What the files of the tree share: the strict reading of one tree object.
 */
#ifndef VV_OBJECTS_TREE_TREE_INTERNAL_H
#define VV_OBJECTS_TREE_TREE_INTERNAL_H

#include "objects/tree/tree.h"

#define TREE_BYTES_MAX STORE_OBJECT_MAX
#define TREE_MODE 040000u
#define BLOB_MODE 0100644u

struct tree_entry {
	struct span name;		/* borrowed from the node */
	bool is_tree;
	git_oid id;
	unsigned char digest[SHA256_BYTES];	/* of a segment */
};

/* One tree object, checked as far as its own bytes can show. */
struct tree_node {
	struct buf raw;
	struct tree_entry *at;
	size_t n;
};

#define TREE_NODE_INIT { BUF_INIT(BUF_NO_LIMIT), NULL, 0 }

/* Read the tree that is the folder place (NULL: the construct's root). */
MUST_USE int tree_node_read(struct store *store, const git_oid *id,
			    const struct place *place, struct tree_node *out,
			    struct err *err);
void tree_node_release(struct tree_node *node);

/* The same from bytes in memory; entries borrow from raw. Only the root may
 * be empty. Frees nothing on failure: release the node. */
MUST_USE int tree_node_parse(struct span raw, const struct place *place,
			     struct tree_node *out, struct err *err);

/* git's order: a folder compares as its name and a slash. */
int tree_name_compare(struct span a, bool a_is_tree, struct span b,
		      bool b_is_tree);

/* Append an entry to the bytes of a tree. */
MUST_USE int tree_bytes_add(struct buf *out, struct span name, bool is_tree,
			    const git_oid *id, struct err *err);

/* Stage the bytes of a tree; no bytes give the zero id. */
MUST_USE int tree_stage_bytes(struct store *store, const struct buf *bytes,
			      git_oid *out, struct err *err);

/* The segment that entry is in the folder place. */
void tree_entry_segment(const struct tree_entry *entry,
			const struct place *place, struct tree_segment *out);

/* place_child() by a name that was checked. */
void place_enter(const struct place *parent, struct span name,
		 struct place *out);

/* Does `place` lie in the folder `above`, or is it that one? */
bool place_is_above(const struct place *above, const struct place *place);

/* What a root is the hash of: the begin, then each entry in git's order. */
void root_begin(struct sha256 *hash);
void root_add(struct sha256 *hash, bool is_tree, struct span name,
	      const unsigned char digest[SHA256_BYTES]);

/* tree_root() of a folder, with the cache. */
MUST_USE int tree_root_below(struct store *store, const git_oid *tree,
			     const struct place *place,
			     unsigned char out[SHA256_BYTES],
			     struct err *err);

/* Depth below the construct's root: 0 (place is NULL) to 5. */
unsigned place_level(const struct place *place);

/* May this folder hold segments, or a folder of that name? */
bool place_may_hold_segments(const struct place *place);
bool place_may_hold_folder(const struct place *place, struct span name);

/* A number for all that the grammar of a folder depends on. */
uint32_t place_number(const struct place *place);

#endif
