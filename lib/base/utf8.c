#include "lib/base/utf8.h"

#include <string.h>

#define HIGH_BITS 0x8080808080808080u
#define SURROGATE_FIRST 0xd800u
#define SURROGATE_LAST 0xdfffu
#define POINT_MAX 0x10ffffu

static bool is_follower(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

static size_t decode(struct span text, uint32_t *out_point, bool is_wtf)
{
	const unsigned char *at = (const unsigned char *)text.at;
	uint32_t point;
	size_t len;
	size_t i;

	if (!text.len)
		return 0;
	if (at[0] < 0x80) {
		*out_point = at[0];
		return 1;
	}
	if (at[0] < 0xc2 || at[0] > 0xf4)
		return 0;
	len = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	if (text.len < len)
		return 0;
	point = at[0] & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if (!is_follower(at[i]))
			return 0;
		point = point << 6 | (at[i] & 0x3fu);
	}
	if (len == 3 && (point < 0x800 || (!is_wtf &&
	    point >= SURROGATE_FIRST && point <= SURROGATE_LAST)))
		return 0;
	if (len == 4 && (point < 0x10000 || point > POINT_MAX))
		return 0;
	*out_point = point;
	return len;
}

size_t utf8_valid_prefix(struct span text)
{
	size_t at = 0;
	uint32_t point;
	uint64_t word;
	size_t len;

	while (at < text.len) {
		while (text.len - at >= sizeof(word)) {
			memcpy(&word, text.at + at, sizeof(word));
			if (word & HIGH_BITS)
				break;
			at += sizeof(word);
		}
		if (at == text.len)
			break;
		len = decode(span_of(text.at + at, text.len - at), &point,
			     false);
		if (!len)
			break;
		at += len;
	}
	return at;
}

bool utf8_is_valid(struct span text)
{
	return utf8_valid_prefix(text) == text.len;
}

size_t utf8_decode(struct span text, uint32_t *out_point)
{
	return decode(text, out_point, false);
}

size_t utf8_decode_wtf(struct span text, uint32_t *out_point)
{
	return decode(text, out_point, true);
}

bool utf8_breaks_line(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
	       point == 0x2028 || point == 0x2029;
}

bool utf8_is_line(struct span text)
{
	uint32_t point;
	size_t used;

	if (!text.len || text.at[0] == ' ' || text.at[text.len - 1] == ' ')
		return false;
	while (text.len) {
		used = utf8_decode(text, &point);
		if (!used || utf8_breaks_line(point))
			return false;
		text = span_of(text.at + used, text.len - used);
	}
	return true;
}

size_t utf8_encode(uint32_t point, char out[UTF8_MAX])
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (char)(0xc0 | point >> 6);
		out[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		out[0] = (char)(0xe0 | point >> 12);
		out[1] = (char)(0x80 | (point >> 6 & 0x3f));
		out[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | point >> 18);
	out[1] = (char)(0x80 | (point >> 12 & 0x3f));
	out[2] = (char)(0x80 | (point >> 6 & 0x3f));
	out[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

int utf8_compare_utf16(struct span a, struct span b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	size_t i = 0;
	unsigned left;
	unsigned right;

	while (i < shorter && a.at[i] == b.at[i])
		i++;
	if (i == shorter)
		return (a.len > b.len) - (a.len < b.len);
	left = utf8_rank_utf16((unsigned char)a.at[i]);
	right = utf8_rank_utf16((unsigned char)b.at[i]);
	return left < right ? -1 : 1;
}
