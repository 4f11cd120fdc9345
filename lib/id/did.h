/*
 * did:key names of Ed25519 device keys and of their X25519 box keys.
 */
#ifndef VV_LIB_ID_DID_H
#define VV_LIB_ID_DID_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

#define DID_KEY_BYTES 32
#define DID_PREFIX "did:key:"
#define DID_SHORT 48		/* characters of z6Mk... or z6LS... */
#define DID_SHORT_MAX 49	/* with the terminator */
#define DID_TEXT 56		/* characters of did:key:z6Mk... */
#define DID_TEXT_MAX 57
#define DID_NODE 8		/* characters of the node of an `at` */
#define DID_NODE_MAX 9

/* "did:key:z6Mk..." of a public Ed25519 key, terminated. */
void did_from_public(const unsigned char public_key[DID_KEY_BYTES],
		     char out[DID_TEXT_MAX]);

/* The z6Mk... part alone, as ref names carry it (no ':' is allowed there). */
void did_short(const unsigned char public_key[DID_KEY_BYTES],
	       char out[DID_SHORT_MAX]);

/* The first 8 characters behind the 'z', as the node of an `at`. */
void did_node(const unsigned char public_key[DID_KEY_BYTES],
	      char out[DID_NODE_MAX]);

/*
 * Read the key out of its only spelling. ERR_INVALID for any other base,
 * codec, length or character, and for a point that is small-order, not
 * canonical or not on the curve: such a key could verify forged signatures.
 */
MUST_USE int did_parse(struct span text,
		       unsigned char out_public[DID_KEY_BYTES],
		       struct err *err);
/*
 * What did_parse_short() reads, without asking whether it is a good point,
 * which costs a scalar multiplication: for names whose signatures are checked
 * in full anyway. False for another spelling.
 */
bool did_spelled(struct span text, unsigned char out[DID_KEY_BYTES]);
MUST_USE int did_parse_short(struct span text,
			     unsigned char out_public[DID_KEY_BYTES],
			     struct err *err);

/* z6LS... of a public X25519 key, and back. ERR_INVALID. */
void did_box_short(const unsigned char box_key[DID_KEY_BYTES],
		   char out[DID_SHORT_MAX]);
MUST_USE int did_parse_box_short(struct span text,
				 unsigned char out_box[DID_KEY_BYTES],
				 struct err *err);

/*
 * The X25519 key that belongs to an Ed25519 key. did_box_secret takes the
 * 64-byte secret key as libsodium lays it out. ERR_INVALID for a bad point.
 */
MUST_USE int did_box_public(const unsigned char public_key[DID_KEY_BYTES],
			    unsigned char out_box[DID_KEY_BYTES],
			    struct err *err);
void did_box_secret(const unsigned char secret_key[64],
		    unsigned char out_box[DID_KEY_BYTES]);

#endif
