/*
 * Leaves: the fields of a canonical object as a flat, sorted list, and back.
 * Only for the fold.
 */
#ifndef VV_OBJECTS_FOLD_LEAF_H
#define VV_OBJECTS_FOLD_LEAF_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/json/jcs_scan.h"

/*
 * A path whose value is not an object, or is an empty one. The key spells the
 * path so that bytes sort as canonical JSON sorts members, level by level,
 * and a path begins another exactly if its key does: every name's text, ended
 * by a zero byte. Zero and one inside a name become 01 01 and 01 02, and the
 * lead bytes EE and EF become F8 and F9: UTF-16 sorts them behind astral
 * characters, whose lead bytes are F0 to F4.
 */
struct fold_leaf {
	struct span key;	/* set by fold_leaves_sort() */
	size_t key_at;		/* where it stands in keys */
	size_t key_len;
	struct span value;	/* JSON text, borrowed from the object */
	uint32_t owner;		/* whoever the caller said */
	bool is_superseded;	/* the caller's */
};

struct fold_leaves {
	struct fold_leaf *at;
	size_t n;
	size_t cap;
	struct buf keys;
};

#define FOLD_LEAVES_INIT { NULL, 0, 0, BUF_INIT(BUF_NO_LIMIT) }
void fold_leaves_release(struct fold_leaves *leaves);

/*
 * Append the leaves of a canonical object, in order. A member of the object
 * itself that is named in sets (NULL-terminated, may be NULL) is one leaf
 * whatever its value. An absent object has none.
 */
MUST_USE int fold_leaves_add(struct fold_leaves *leaves, struct span object,
			     const char *const *sets, uint32_t owner,
			     struct err *err);

/* Sort by key, then owner, and set key. Nothing may be added afterwards. */
void fold_leaves_sort(struct fold_leaves *leaves);

/* Does the path of `key` lie at or below that of `prefix`? */
bool fold_key_begins(struct span key, struct span prefix);

/* Append the key as a JSON Pointer (RFC 6901). */
MUST_USE int fold_key_pointer(struct span key, struct buf *out,
			      struct err *err);

/*
 * Puts leaves, given in the order of keys and none beginning another, behind
 * what out has as a canonical object. What failed is told at the end, and out
 * is then as it was.
 */
struct fold_writer {
	struct buf *out;
	size_t begin;		/* of the object in out */
	struct span last;	/* key of the leaf before; absent at first */
};

void fold_writer_begin(struct fold_writer *writer, struct buf *out);
void fold_writer_leaf(struct fold_writer *writer, struct span key,
		      struct span value);
MUST_USE int fold_writer_end(struct fold_writer *writer, struct err *err);

#endif
