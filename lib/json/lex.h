/*
 * The words of JSON text (RFC 8259), on which all its readers stand; the inner
 * loops are inlined there.
 */
#ifndef VV_LIB_JSON_LEX_H
#define VV_LIB_JSON_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/base/span.h"
#include "lib/base/utf8.h"

#define LEX_ONES 0x0101010101010101u
#define LEX_HIGH_BITS (LEX_ONES * 0x80)

static inline bool lex_is_space(char c)
{
	/* Mostly it is none: one comparison says so. */
	return (unsigned char)c <= ' ' &&
	       (c == ' ' || c == '\n' || c == '\r' || c == '\t');
}

static inline const char *lex_skip_space(const char *at, const char *end)
{
	while (at < end && lex_is_space(*at))
		at++;
	return at;
}

/* What canonical numbers consist of; others may hold an 'E' too. */
static inline bool lex_is_number_byte(char c)
{
	return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' ||
	       c == 'e';
}

static inline unsigned lex_first_marked(uint64_t mask)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (unsigned)__builtin_ctzll(mask) / 8;
#else
	(void)mask;
	return 0;	/* the caller looks at single bytes from here on */
#endif
}

static inline bool lex_is_special(unsigned char byte)
{
	return byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\';
}

/*
 * Eight bytes at a time to the next quote, backslash, control or non-ASCII
 * byte. A subtraction that borrows marks only bytes behind one that is
 * rightly marked, and only the first mark counts.
 */
static inline const char *lex_skip_ordinary(const char *at, const char *end)
{
	uint64_t word;
	uint64_t mask;

	while (end - at >= (ptrdiff_t)sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		mask = ((word ^ LEX_ONES * '"') - LEX_ONES) |
		       ((word ^ LEX_ONES * '\\') - LEX_ONES) |
		       (word - LEX_ONES * 0x20) | word;
		mask &= LEX_HIGH_BITS;
		if (mask) {
			at += lex_first_marked(mask);
			break;
		}
		at += sizeof(word);
	}
	while (at < end && !lex_is_special((unsigned char)*at))
		at++;
	return at;
}

/* Length of the sequence at a byte from 80 up; the common leads first. */
static inline size_t lex_sequence_len(const char *text, const char *end)
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

static inline const char *lex_skip_sequences(const char *at, const char *end)
{
	size_t len;

	while (at < end && (unsigned char)*at >= 0x80) {
		len = lex_sequence_len(at, end);
		if (!len)
			break;
		at += len;
	}
	return at;
}

/* What stands where a string must be looked at. */
enum lex_stop {
	LEX_QUOTE,
	LEX_ESCAPE,
	LEX_SEQUENCES,		/* of UTF-8, well-formed: *at is behind them */
	LEX_OPEN,		/* the text ends */
	LEX_CONTROL,
	LEX_NO_UTF8
};

/* On from within a string to the next stop. */
static inline enum lex_stop lex_string_step(const char **at, const char *end)
{
	*at = lex_skip_ordinary(*at, end);
	if (*at == end)
		return LEX_OPEN;
	if (**at == '"')
		return LEX_QUOTE;
	if (**at == '\\')
		return LEX_ESCAPE;
	if ((unsigned char)**at < 0x20)
		return LEX_CONTROL;
	*at = lex_skip_sequences(*at, end);
	return *at < end && (unsigned char)**at >= 0x80 ? LEX_NO_UTF8
							: LEX_SEQUENCES;
}

/* What to say of the last three stops, and of an escape that is none. */
const char *lex_fault(enum lex_stop stop);

/*
 * Behind the string whose opening quote is before at, whatever stands in it;
 * NULL when the text ends before.
 */
static inline const char *lex_skip_string(const char *at,
					      const char *end)
{
	const char *from = at;
	size_t slashes;

	while ((at = memchr(at, '"', (size_t)(end - at)))) {
		for (slashes = 0; at - slashes > from; slashes++) {
			if (at[-1 - (ptrdiff_t)slashes] != '\\')
				break;
		}
		at++;
		if (slashes % 2 == 0)
			break;
	}
	return at;
}

/* What the byte behind a backslash stands for; 0: nothing. */
extern const unsigned char lex_short_escapes[256];

/* lex_escape() of a "\uXXXX" or two. */
size_t lex_unit_escape(struct span text, uint32_t *point);

/*
 * The character of the escape at the begin of text: a lone surrogate as it
 * is. Returns its length, 0 when it is none.
 */
static inline size_t lex_escape(struct span text, uint32_t *point)
{
	if (text.len < 2)
		return 0;
	*point = lex_short_escapes[(unsigned char)text.at[1]];
	return *point ? 2 : lex_unit_escape(text, point);
}

#endif
