/*
 * UTF-8 (RFC 3629): strict checking, code points, and JSON's key order.
 */
#ifndef VV_LIB_BASE_UTF8_H
#define VV_LIB_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/span.h"

#define UTF8_MAX 4	/* bytes of the longest sequence */

/*
 * True when all bytes are well-formed: no surrogates, no overlong forms,
 * nothing beyond U+10FFFF, nothing torn. NUL is a character like others.
 */
bool utf8_is_valid(struct span text);

/* Number of leading bytes that are well-formed; text.len when all are. */
size_t utf8_valid_prefix(struct span text);

/*
 * Decode the code point at the begin of text: returns the bytes that it
 * takes, 0 when text is empty or does not begin with a well-formed sequence.
 */
size_t utf8_decode(struct span text, uint32_t *out_point);

/* The same, but lone surrogates (ED A0..BF xx, "WTF-8") are taken too. */
size_t utf8_decode_wtf(struct span text, uint32_t *out_point);

/* Is it C0, DEL, C1 or a separator of lines or paragraphs? */
bool utf8_breaks_line(uint32_t point);

/* One line of UTF-8 without any of these, not empty, no blank at either end? */
bool utf8_is_line(struct span text);

/*
 * Encode one code point up to 0x10FFFF and return its bytes, 1 to UTF8_MAX.
 * A surrogate is encoded as it stands, which makes the text WTF-8.
 */
size_t utf8_encode(uint32_t point, char out[UTF8_MAX]);

/*
 * Order of two well-formed texts by their UTF-16 code units, as RFC 8785
 * sorts keys: negative, 0, positive. Byte order differs from it only where
 * U+E000..U+FFFF meets characters beyond U+FFFF.
 */
int utf8_compare_utf16(struct span a, struct span b);

/*
 * The rank of a byte for that order: at the first byte where two texts
 * differ, the one of lower rank sorts first. Lead bytes F0..F4 stand for
 * surrogates D800..DFFF, which sort below E000..FFFF (leads EE and EF); where
 * another byte differs, the leads are equal and bytes order like code units.
 */
static inline unsigned utf8_rank_utf16(unsigned char byte)
{
	if (byte >= 0xf0)
		return byte - 2u;
	return byte >= 0xee ? byte + 0x10u : byte;
}

#endif
