/*
 * The inner loops over JSON strings, shared by the readers and inlined there.
 */
#ifndef VV_LIB_JSON_STRING_SCAN_H
#define VV_LIB_JSON_STRING_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/base/span.h"
#include "lib/base/utf8.h"

#define STRING_ONES 0x0101010101010101u
#define STRING_HIGH_BITS (STRING_ONES * 0x80)

static inline unsigned string_first_marked(uint64_t mask)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (unsigned)__builtin_ctzll(mask) / 8;
#else
	(void)mask;
	return 0;	/* the caller looks at single bytes from here on */
#endif
}

static inline bool string_is_special(unsigned char byte)
{
	return byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\';
}

/*
 * Eight bytes at a time to the next quote, backslash, control or non-ASCII
 * byte. A subtraction that borrows marks only bytes behind one that is
 * rightly marked, and only the first mark counts.
 */
static inline const char *string_skip_ordinary(const char *at, const char *end)
{
	uint64_t word;
	uint64_t mask;

	while (end - at >= (ptrdiff_t)sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		mask = ((word ^ STRING_ONES * '"') - STRING_ONES) |
		       ((word ^ STRING_ONES * '\\') - STRING_ONES) |
		       (word - STRING_ONES * 0x20) | word;
		mask &= STRING_HIGH_BITS;
		if (mask) {
			at += string_first_marked(mask);
			break;
		}
		at += sizeof(word);
	}
	while (at < end && !string_is_special((unsigned char)*at))
		at++;
	return at;
}

/* Length of the sequence at a byte from 80 up; the common leads first. */
static inline size_t string_sequence_len(const char *text, const char *end)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t left = (size_t)(end - text);
	uint32_t point;

	if (left >= 2 && at[0] >= 0xc2 && at[0] < 0xe0)
		return (at[1] & 0xc0) == 0x80 ? 2 : 0;
	if (left >= 3 && at[0] > 0xe0 && at[0] < 0xf0 && at[0] != 0xed)
		return (at[1] & 0xc0) == 0x80 && (at[2] & 0xc0) == 0x80 ? 3 : 0;
	return utf8_decode(span_of(text, left), &point);
}

static inline const char *string_skip_sequences(const char *at, const char *end)
{
	size_t len;

	while (at < end && (unsigned char)*at >= 0x80) {
		len = string_sequence_len(at, end);
		if (!len)
			break;
		at += len;
	}
	return at;
}

#endif
