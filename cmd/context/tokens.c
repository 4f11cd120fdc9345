#include "cmd/context/tokens.h"

#include "lib/base/utf8.h"

#define WORD_LETTERS 7
#define NUMBER_DIGITS 3
#define SIGNS 2
#define SAME_SIGNS 8
#define FOREIGN_LETTERS 2
#define ACCENT_LETTERS 5	/* more that one is worth */

enum sort { SMALL, CAPITAL, DIGIT, BLANK, LINE_END, SIGN, ACCENT, FOREIGN,
	    WIDE, EMOJI, TORN };

static enum sort sort_of(struct span text, size_t *out_len)
{
	unsigned char c = (unsigned char)text.at[0];
	uint32_t point = 0;
	size_t len = utf8_decode(text, &point);

	*out_len = len ? len : 1;
	if (!len)
		return TORN;
	if (len > 1)
		return len > 3 ? EMOJI : len > 2 ? WIDE :
		       point < 0x250 ? ACCENT : FOREIGN;
	if (c >= 'a' && c <= 'z')
		return SMALL;
	if (c >= 'A' && c <= 'Z')
		return CAPITAL;
	if (c >= '0' && c <= '9')
		return DIGIT;
	return c == '\n' || c == '\r' ? LINE_END :
	       c == ' ' || c == '\t' ? BLANK : SIGN;
}

static bool is_letter(enum sort sort)
{
	return sort == SMALL || sort == CAPITAL || sort == ACCENT;
}

static bool is_space(enum sort sort)
{
	return sort == BLANK || sort == LINE_END;
}

/* What is of one run, and what came before in it. */
static bool goes_on(enum sort before, enum sort sort)
{
	if (is_letter(before))
		return is_letter(sort) &&
		       !(before == SMALL && sort == CAPITAL);
	return is_space(before) ? is_space(sort) : before == sort;
}

static size_t for_each(size_t n, size_t of)
{
	return (n + of - 1) / of;
}

/* A run of n characters, with so many accents among its letters. */
static size_t run_tokens(enum sort sort, size_t n, size_t accents,
			 bool is_same, bool has_line_end)
{
	switch (sort) {
	case SMALL:
	case CAPITAL:
	case ACCENT:
		return for_each(n + accents * ACCENT_LETTERS, WORD_LETTERS);
	case DIGIT:
		return for_each(n, NUMBER_DIGITS);
	case BLANK:
	case LINE_END:
		return has_line_end || n > 1;
	case SIGN:
		return for_each(n, is_same ? SAME_SIGNS : SIGNS);
	case FOREIGN:
		return for_each(n, FOREIGN_LETTERS);
	case WIDE:
		return n;
	case EMOJI:
	case TORN:
		return 2 * n;
	}
	return n;
}

size_t tokens_of(struct span text)
{
	size_t tokens = 0;
	size_t at = 0;

	while (at < text.len) {
		char first = text.at[at];
		bool is_same = true;
		bool has_line_end = false;
		size_t accents = 0;
		size_t n = 0;
		size_t len;
		enum sort sort = sort_of(span_of(text.at + at, text.len - at),
					 &len);
		enum sort next = sort;

		do {
			has_line_end |= next == LINE_END;
			accents += next == ACCENT;
			is_same &= text.at[at] == first;
			at += len;
			n++;
			sort = next;
			if (at < text.len)
				next = sort_of(span_of(text.at + at,
						       text.len - at), &len);
		} while (at < text.len && goes_on(sort, next));
		tokens += run_tokens(sort, n, accents, is_same, has_line_end);
	}
	return tokens;
}
