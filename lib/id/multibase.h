/*
 * Multibase: text whose first character names its encoding.
 */
#ifndef VV_LIB_ID_MULTIBASE_H
#define VV_LIB_ID_MULTIBASE_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/*
 * Append the bytes of a text in base16 (f, F), base32 (b, B), base58btc (z),
 * base64 (m), base64pad (M), base64url (u) or base64urlpad (U). As the
 * standard asks, base16 and base32 are read in any case. Bits behind the
 * last byte must be zero. For foreign identifiers only: our own are read by
 * cid_parse and did_parse, which know one spelling.
 *
 * Returns 0, ERR_INVALID, ERR_UNSUPPORTED (another base) or ERR_LIMIT.
 */
MUST_USE int multibase_decode(struct span text, struct buf *out,
			      struct err *err);

/* Append bytes in base 'f', 'b', 'z', 'm', 'M', 'u' or 'U', with its prefix. */
MUST_USE int multibase_add(struct buf *buf, char base, struct span bytes,
			   struct err *err);

#endif
