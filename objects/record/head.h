/*
 * The head of a segment: the line that its git blob begins with, in the clear.
 * vvault-format(5), SEGMENTS.
 *
 *	{"leaves":"<hex>","rest":"<hex>","vvault":"segment-1"}\n
 *
 * leaves is the root of the leaves (leaves.h), rest the sha256 of what
 * follows: the text, or the sealed object. The segment's name is that of the
 * head alone, so who shows a record shows the head and not the whole.
 */
#ifndef VV_OBJECTS_RECORD_HEAD_H
#define VV_OBJECTS_RECORD_HEAD_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/id/hash.h"

#define HEAD_BYTES 173		/* of the line, newline and all */

struct segment_head {
	unsigned char leaves[SHA256_BYTES];
	unsigned char rest[SHA256_BYTES];
};

/* Write the line, HEAD_BYTES, without a terminator. */
void head_put(const struct segment_head *head, char *out);

/* Do the bytes begin with one? *out_rest: what follows. Both may be NULL. */
bool head_split(struct span bytes, struct segment_head *out,
		struct span *out_rest);

/*
 * Is this the digest in the name that these bytes bear in a tree? Where they
 * begin with a head it is the sha256 of the head, which must be true of the
 * rest; else, as for pieces of blobs, of all.
 */
bool bears_name(struct span bytes, const unsigned char digest[SHA256_BYTES]);

/* The digest that a writer gives: of the head, or of all where there is none. */
void name_digest(struct span bytes, unsigned char out[SHA256_BYTES]);

#endif
