/*
 * CIDv1 names: a codec and a digest, in lower-case base32.
 */
#ifndef VV_LIB_ID_CID_H
#define VV_LIB_ID_CID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/id/hash.h"

enum cid_codec {
	CID_RAW = 0x55,		/* segments and blobs: begins bafkrei */
	CID_JSON = 0x200	/* records: begins bagaaiera */
};

/* Characters of a text of each codec with sha2-256, without terminator. */
#define CID_RAW_TEXT 59
#define CID_JSON_TEXT 61
#define CID_TEXT_MAX 62		/* the longest, with its terminator */

/* The text of a sha2-256 digest under a codec, terminated. */
void cid_text(enum cid_codec codec, const unsigned char digest[SHA256_BYTES],
	      char out[CID_TEXT_MAX]);

/* The text of the bytes themselves: hashes them first. */
void cid_text_of(enum cid_codec codec, struct span bytes,
		 char out[CID_TEXT_MAX]);

/*
 * Read a name that vvault writes: codec raw or json, sha2-256, prefix 'b',
 * lower case. Every digest has exactly one text per codec; any other spelling
 * (upper case, other bases, padding, trailing bits or bytes) is ERR_INVALID.
 */
MUST_USE int cid_parse(struct span text, enum cid_codec *out_codec,
		       unsigned char out_digest[SHA256_BYTES],
		       struct err *err);

/* The same where one codec is expected and no message is wanted. */
bool cid_parse_raw(struct span text, unsigned char out_digest[SHA256_BYTES]);
bool cid_parse_json(struct span text, unsigned char out_digest[SHA256_BYTES]);

#endif
