/*
 * Trees: where segments lie, and the Merkle root over them.
 *
 *	<dir>/[h/[h/[h/]]]<segment>		dir "memory"
 *	<dir>/[h/[h/[h/[<home>/]]]]<segment>	dir "session", "blob"
 *
 * dir is a kind's home folder (plain name or 26 keyed characters), h a hex
 * digit of the place hash, home the place hash in base32, segment the CIDv1
 * raw of the blob's bytes.
 */
#ifndef VV_OBJECTS_TREE_TREE_H
#define VV_OBJECTS_TREE_TREE_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/id/cid.h"
#include "lib/id/hash.h"
#include "objects/record/codec.h"
#include "objects/store/store.h"

#define TREE_DIGITS 3
#define BLOB_DIR "blob"			/* of blobs' pieces */
#define TREE_LEVEL_SEGMENTS 32		/* more are compacted one digit down */
#define TREE_ENTRIES_MAX 65536		/* per tree, when reading */

/* Longest path of a folder, with slashes and the terminator. */
#define PLACE_TEXT_MAX (2 * (PLACE_NAME_LEN + 1) + 2 * TREE_DIGITS + 1)
#define SEGMENT_PATH_MAX (PLACE_TEXT_MAX + CID_TEXT_MAX)

/* A folder of the tree. */
struct place {
	char dir[PLACE_NAME_LEN + 1];
	unsigned digits_n;			/* 0 to TREE_DIGITS */
	char digits[TREE_DIGITS + 1];
	char home[PLACE_NAME_LEN + 1];		/* "" unless in a home folder */
};

/* A segment (or blob piece) and where it lies. */
struct tree_segment {
	struct place place;
	unsigned char digest[SHA256_BYTES];	/* of the blob's bytes: its name */
	git_oid blob;
};

struct tree_segments {
	struct tree_segment *at;
	size_t n;
	size_t cap;
};

#define TREE_SEGMENTS_INIT { NULL, 0, 0 }

MUST_USE int tree_segments_add(struct tree_segments *list,
			       const struct tree_segment *segment,
			       struct err *err);
void tree_segments_release(struct tree_segments *list);

/* Order: dir, digits, home, digest. */
void tree_segments_sort(struct tree_segments *list);

/* The folder at which entries of this home lie when digits_n digits deep;
 * in_home: below them, in the home's own folder (digits_n TREE_DIGITS). */
void place_of_hash(const char *dir, const unsigned char hash[PLACE_HASH_BYTES],
		   unsigned digits_n, bool in_home, struct place *out);

/* Does this folder lie on the path of an entity with this dir and hash? */
bool place_holds(const struct place *place, const char *dir,
		 const unsigned char hash[PLACE_HASH_BYTES]);

/* "session/a/b/c", or "/" for the root. */
void place_text(const struct place *place, char out[PLACE_TEXT_MAX]);

/* "session/a/b/c/bafkrei..." */
void segment_path(const struct tree_segment *segment,
		  char out[SEGMENT_PATH_MAX]);

/* The id of the empty tree, staged. */
MUST_USE int tree_empty(struct store *store, git_oid *out, struct err *err);

/*
 * Check a construct's whole tree strictly (modes 40000 and 100644 only, names
 * and depth of the grammar above, git order, no doubles, no empty subtree,
 * digits that agree with the home's name, bytes equal to their own
 * serialisation) and compute
 *
 *	root = SHA-256("vvault-root-1\0", per entry in git order: mode u32,
 *		       length of name u8, name, digest of 32 bytes)
 *
 * where a segment's digest is the one in its name and a subtree's its root.
 * Does not read blobs. Subtrees known to the store's root cache are not read
 * again. ERR_UNTRUSTED names the path; ERR_NOT_FOUND a missing tree.
 */
MUST_USE int tree_root(struct store *store, const git_oid *tree,
		       unsigned char out[SHA256_BYTES], struct err *err);

/* The same without the cache: every tree is there and was read. */
MUST_USE int tree_root_read(struct store *store, const git_oid *tree,
			    unsigned char out[SHA256_BYTES], struct err *err);

/* Add segments to a tree: the new trees are staged (not kept). */
MUST_USE int tree_insert(struct store *store, const git_oid *base,
			 const struct tree_segments *add, git_oid *out,
			 struct err *err);

/* Take segments away (each must be there), dropping folders left empty. */
MUST_USE int tree_remove(struct store *store, const git_oid *base,
			 const struct tree_segments *gone, git_oid *out,
			 struct err *err);

/* A merge base of heads[a] and heads[b]. */
struct tree_base {
	git_oid tree;
	size_t a, b;
};

struct tree_heads {
	const git_oid *at;
	size_t n;
	const struct tree_base *bases;
	size_t bases_n;
};

/*
 * The union of the heads' trees: all their segments, without those that a
 * head took away and whose records it surely keeps. A head has dropped a
 * segment if a base of it and another head has it (at that place) and the head
 * lacks it there; it is at risk at a place if it holds a segment there that
 * any head dropped. A segment is gone if a head dropped it that is not at risk
 * there, nor at any place above or below. Where bases are ancestors of their
 * heads and a tree has all records of its ancestors', so has the union.
 * Staged; cost goes with what differs.
 */
MUST_USE int tree_union(struct store *store, const struct tree_heads *heads,
			git_oid *out, struct err *err);

/* Keep (store_keep) every staged tree reachable from tree. */
MUST_USE int tree_keep(struct store *store, const git_oid *tree,
		       struct err *err);

/* Whom walks tell of each segment. Return 0, or an error code to stop. */
struct tree_visitor {
	int (*segment)(void *arg, const struct tree_segment *segment,
		       struct err *err);
	void *arg;
};

/* Every segment below tree, in git order. */
MUST_USE int tree_each(struct store *store, const git_oid *tree,
		       const struct tree_visitor *visitor, struct err *err);

/* The same in one folder of the construct's root, which may be absent. */
MUST_USE int tree_each_in(struct store *store, const git_oid *tree,
			  const char *dir, const struct tree_visitor *visitor,
			  struct err *err);

/* The segments (not subfolders') directly at one folder; none if absent. */
MUST_USE int tree_at(struct store *store, const git_oid *tree,
		     const struct place *place, struct tree_segments *out,
		     struct err *err);

/*
 * Append every segment that may hold records of a home: those along its path,
 * from the shallowest. Cost goes with the path, not with the tree.
 */
MUST_USE int tree_along(struct store *store, const git_oid *tree,
			const char *dir,
			const unsigned char hash[PLACE_HASH_BYTES],
			struct tree_segments *out, struct err *err);

/* The segments that only `from` has, and that only `to` has (may be NULL).
 * Equal subtrees are not read. */
MUST_USE int tree_diff(struct store *store, const git_oid *from,
		       const git_oid *to, struct tree_segments *only_from,
		       struct tree_segments *only_to, struct err *err);

/*
 * One folder of a tree: its own segments and its subfolders, for walks that
 * need the shape (fold, compaction, places).
 */
struct tree_child {
	char name[PLACE_NAME_LEN + 1];
	git_oid tree;
};

struct tree_folder {
	struct place place;
	struct tree_segments segments;
	struct tree_child *children;
	size_t children_n;
};

/* level: place of the folder that `tree` is; NULL for the root of a
 * construct, whose children are the dirs. */
MUST_USE int tree_folder_read(struct store *store, const git_oid *tree,
			      const struct place *place,
			      struct tree_folder *out, struct err *err);
void tree_folder_release(struct tree_folder *folder);

/* The place of a child folder of `parent` (NULL: the root). */
void place_child(const struct place *parent, const char *name,
		 struct place *out);

#endif
