/*
 * The leaves of a segment: a Merkle tree over the ids of its records, each
 * blinded, so that one can be shown to stand there and none can be guessed.
 * vvault-format(5), SEGMENTS.
 *
 *	segment key   BLAKE2b-256 of the ids in order, keyed with the subkey
 *		      "vvault leaf"; in a plain vault of "vvault leaf" and the
 *		      ids, not keyed
 *	leaf key      BLAKE2b-128 of the id, keyed with the segment key
 *	leaf          SHA-256(0x00, leaf key, id)
 *	inner         SHA-256(0x01, left, right)
 *
 * in the shape of RFC 9162, 2.1.1: left of n leaves stand as many as the
 * greatest power of two below n.
 */
#ifndef VV_OBJECTS_RECORD_LEAVES_H
#define VV_OBJECTS_RECORD_LEAVES_H

#include <stdbool.h>

#include "lib/id/hash.h"
#include "objects/record/segment.h"

#define LEAF_KEY_BYTES 16
#define LEAF_SUBKEY "vvault leaf"
#define LEAF_SUBKEY_BYTES 32
#define LEAF_PATH_MAX 8		/* of SEGMENT_RECORDS_MAX leaves */

/* A neighbour on the way up, and the side on which it stands. */
struct leaf_step {
	bool is_left;
	unsigned char digest[SHA256_BYTES];
};

/* What shows that one record stands under a root. */
struct leaf_proof {
	unsigned char key[LEAF_KEY_BYTES];	/* of that record alone */
	size_t steps_n;
	struct leaf_step steps[LEAF_PATH_MAX];	/* from the leaf up */
};

/* The ids of a segment's records, in their order: 1 to SEGMENT_RECORDS_MAX. */
struct leaf_ids {
	size_t n;
	unsigned char at[SEGMENT_RECORDS_MAX][RECORD_ID_BYTES];
};

/* subkey has LEAF_SUBKEY_BYTES; NULL in a plain vault. */
void leaves_root(const struct leaf_ids *ids, const unsigned char *subkey,
		 unsigned char out[SHA256_BYTES]);

/* What shows the nth of them. */
void leaves_prove(const struct leaf_ids *ids, const unsigned char *subkey,
		  size_t nth, struct leaf_proof *out);

/* The root that the proof leads to for that id. */
void leaf_proof_root(const struct leaf_proof *proof,
		     const unsigned char id[RECORD_ID_BYTES],
		     unsigned char out[SHA256_BYTES]);

#endif
