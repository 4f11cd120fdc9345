#include "lib/json/jcs_escape.h"

#include <string.h>

#include "lib/base/utf8.h"
#include "lib/json/jcs_scan.h"

/* The control characters that have no short escape. */
static bool is_hex_control(char high, char low)
{
	if (high == '1')
		return (low >= '0' && low <= '9') || (low >= 'a' && low <= 'f');
	return high == '0' && ((low >= '0' && low <= '7') || low == 'b' ||
			       low == 'e' || low == 'f');
}

size_t jcs_escape_len(const char *at, const char *end)
{
	if (end - at < 2)
		return 0;
	switch (at[1]) {
	case '"':
	case '\\':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		return 2;
	case 'u':
		if (end - at < 6 || at[2] != '0' || at[3] != '0')
			return 0;
		return is_hex_control(at[4], at[5]) ? 6 : 0;
	default:
		return 0;
	}
}

static unsigned hex_value(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10;
}

unsigned char jcs_escape_byte(const char *at, size_t len)
{
	if (len == 6)
		return (unsigned char)(hex_value(at[4]) * 16 +
				       hex_value(at[5]));
	switch (at[1]) {
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return (unsigned char)at[1];
	}
}

/* The next byte of inner text with escapes resolved; -1 at its end. */
static int next_byte(const char **at, const char *end)
{
	size_t len;
	int byte;

	if (*at >= end)
		return -1;
	if (**at != '\\')
		return (unsigned char)*(*at)++;
	len = jcs_escape_len(*at, end);
	if (!len) {
		*at = end;
		return -1;
	}
	byte = jcs_escape_byte(*at, len);
	*at += len;
	return byte;
}

int jcs_inner_compare(struct span a, struct span b)
{
	const char *a_end = a.at + a.len;
	const char *b_end = b.at + b.len;
	int left;
	int right;

	do {
		left = next_byte(&a.at, a_end);
		right = next_byte(&b.at, b_end);
	} while (left == right && left >= 0);
	if (left < 0 || right < 0)
		return (left >= 0) - (right >= 0);
	return utf8_rank_utf16((unsigned char)left) <
	       utf8_rank_utf16((unsigned char)right) ? -1 : 1;
}

int jcs_inner_decode(struct span inner, struct buf *out, struct err *err)
{
	const char *at = inner.at;
	const char *end = at + inner.len;
	size_t before = out->len;
	const char *slash;
	size_t len;
	int rc = buf_reserve(out, inner.len, err);

	/* Resolved text is never longer, so nothing below runs out of room. */
	while (rc >= 0 && at < end) {
		slash = memchr(at, '\\', (size_t)(end - at));
		rc = buf_add(out, at, (size_t)((slash ? slash : end) - at),
			     err);
		if (!slash || rc < 0)
			break;
		len = jcs_escape_len(slash, end);
		if (!len) {
			rc = err_set(err, ERR_INVALID,
				     "wrong escape in a JSON string");
			break;
		}
		rc = buf_add_char(out, (char)jcs_escape_byte(slash, len), err);
		at = slash + len;
	}
	if (rc < 0)
		buf_cut(out, before);
	return rc;
}
