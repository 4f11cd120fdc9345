/*
 * Bytes as text: hex, base32, base58btc and base64, each in one strict form.
 */
#ifndef VV_LIB_ID_ENCODE_H
#define VV_LIB_ID_ENCODE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/* Characters that len bytes become, without a terminator. */
#define HEX_TEXT(len) ((size_t)(len) * 2)
#define BASE32_TEXT(len) (((size_t)(len) * 8 + 4) / 5)
#define BASE64_TEXT(len) (((size_t)(len) + 2) / 3 * 4)

#define RANDOM_KEY26_MAX 27	/* 26 characters and the terminator */

/* The longest input that base58 takes: its cost grows with the square. */
#define BASE58_MAX_BYTES 128
#define BASE58_TEXT_MAX 177	/* with the terminator */

/*
 * Lower-case hex. hex_text writes HEX_TEXT(len) characters and a terminator.
 */
void hex_text(const void *bytes, size_t len, char *out);
MUST_USE int hex_add(struct buf *buf, const void *bytes, size_t len,
		     struct err *err);

/* The value of one hex digit in either case, -1 for another character. */
int hex_digit(char c);

/*
 * Lower-case hex of exactly len bytes; out is written only on success.
 * False for any other length or character; upper case is refused.
 */
bool hex_decode(struct span text, void *out, size_t len);

/*
 * Base32 of RFC 4648, lower case, no padding. base32_text writes
 * BASE32_TEXT(len) characters and a terminator.
 */
void base32_text(const void *bytes, size_t len, char *out);
MUST_USE int base32_add(struct buf *buf, const void *bytes, size_t len,
			struct err *err);

/*
 * Base32 of exactly len bytes. False for another length, another alphabet,
 * upper case, padding, or bits behind the last byte that are not zero: each
 * len bytes have one text. After a refusal out may hold rubbish.
 */
bool base32_decode(struct span text, void *out, size_t len);

/* True for 26 base32 characters that stand for exactly 128 bits. */
bool base32_is_key26(struct span text);

/* The same of random bits, as entities made here carry. */
void random_key26(char out[RANDOM_KEY26_MAX]);

/*
 * Base58 with the bitcoin alphabet, a leading zero byte as '1'. base58_text
 * takes at most BASE58_MAX_BYTES (longer is a bug of the caller) and returns
 * the length of the text; base58_bytes is false for a foreign character or
 * more than BASE58_MAX_BYTES, out then holds rubbish.
 */
size_t base58_text(const void *bytes, size_t len, char out[BASE58_TEXT_MAX]);
bool base58_bytes(struct span text, unsigned char out[BASE58_MAX_BYTES],
		  size_t *out_len);
bool base58_is_text(struct span text);

/* Padded base64 of RFC 4648, on one line. */
MUST_USE int base64_add(struct buf *buf, const void *bytes, size_t len,
			struct err *err);

/*
 * The same, broken by '\n' after every columns characters; no newline behind
 * the last line.
 */
MUST_USE int base64_add_wrapped(struct buf *buf, const void *bytes, size_t len,
				size_t columns, struct err *err);

/*
 * Append the bytes of a padded base64 text. ERR_INVALID for anything that
 * base64_add would not have written: white space, missing padding, bits
 * behind the end that are not zero. The buffer is unchanged by a failure.
 */
MUST_USE int base64_decode(struct span text, struct buf *out, struct err *err);

/* The same, but line breaks ("\n" and "\r\n") may stand anywhere. */
MUST_USE int base64_decode_wrapped(struct span text, struct buf *out,
				   struct err *err);

#endif
