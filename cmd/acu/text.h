/*
 * What the extractors ask of text: characters, units of UTF-16, white space
 * and words as JavaScript has them, and lists that grow.
 */
#ifndef VV_CMD_ACU_TEXT_H
#define VV_CMD_ACU_TEXT_H

#include "cmd/acu/extractor.h"

/* acu_char() and acu_is_space() for what is not ASCII. */
size_t acu_char_beyond(struct span text, size_t at, uint32_t *out_point);
bool acu_is_space_beyond(uint32_t point);

/*
 * The character at an offset below text.len: returns its bytes, at least 1.
 * A byte that is not UTF-8 is U+FFFD.
 */
static inline size_t acu_char(struct span text, size_t at,
			      uint32_t *out_point)
{
	unsigned char first = (unsigned char)text.at[at];

	if (first >= 0x80)
		return acu_char_beyond(text, at, out_point);
	*out_point = first;
	return 1;
}

/* Characters beyond U+FFFF are two units of UTF-16. */
static inline size_t acu_units_of(uint32_t point)
{
	return point > 0xffff ? 2 : 1;
}

size_t acu_utf16_len(struct span text);

/* JavaScript's \s, which is also what its trim() removes. */
static inline bool acu_is_space(uint32_t point)
{
	return point < 0x80 ? point == ' ' || (point >= '\t' && point <= '\r')
			    : acu_is_space_beyond(point);
}

/* JavaScript's \w: ASCII letters, digits and '_'. */
static inline bool acu_is_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

/* The text without white space at its ends. */
struct span acu_trim(struct span text);

/* Bytes of white space at an offset, 0 when there is none. */
size_t acu_skip_space(struct span text, size_t at);

/* The \w+ behind the first three backticks that have one; absent if none. */
struct span acu_fence_tag(struct span text);

/* Append an empty unit of the message, or a link. The unit stays where it is
 * until the next one. ERR_NOMEM. */
MUST_USE int acu_unit_add(struct acu_list *list, size_t message,
			  struct acu_unit **out, struct err *err);
MUST_USE int acu_link_add(struct acu_list *list, const struct acu_link *link,
			  struct err *err);

#endif
