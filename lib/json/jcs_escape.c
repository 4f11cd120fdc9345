#include "lib/json/jcs_escape.h"

#include <string.h>

#include "lib/base/utf8.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/lex.h"

size_t jcs_escape_len(const char *at, const char *end)
{
	static const char hex[] = "0123456789abcdef";
	size_t len;
	uint32_t point;

	len = lex_escape(span_of(at, (size_t)(end - at)), &point);
	if (len == 2)
		return at[1] == '/' ? 0 : 2;
	/* Control characters without a short escape, in small letters. */
	if (len != 6 || point >= 0x20 || at[5] != hex[point % 16] ||
	    (point && strchr("\b\f\n\r\t", (int)point)))
		return 0;
	return 6;
}

unsigned char jcs_escape_byte(const char *at, size_t len)
{
	uint32_t point = 0;

	(void)lex_escape(span_of(at, len), &point);
	return (unsigned char)point;
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
	while (rc == 0 && at < end) {
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
