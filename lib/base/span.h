/*
 * A borrowed piece of somebody else's bytes: never owned, never terminated.
 */
#ifndef VV_LIB_BASE_SPAN_H
#define VV_LIB_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const char *at;		/* NULL: absent */
	size_t len;		/* bytes */
};

static inline struct span span_of(const void *at, size_t len)
{
	struct span span = { at, len };

	return span;
}

static inline struct span span_str(const char *text)
{
	return span_of(text, text ? strlen(text) : 0);
}

static inline bool span_equals(struct span a, struct span b)
{
	return a.len == b.len && (!a.len || !memcmp(a.at, b.at, a.len));
}

/* Order of bytes; a prefix comes before what it begins. */
static inline int span_compare(struct span a, struct span b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter ? memcmp(a.at, b.at, shorter) : 0;

	if (order)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

static inline bool span_ends(struct span span, const char *suffix)
{
	size_t len = strlen(suffix);

	return span.len >= len &&
	       !memcmp(span.at + span.len - len, suffix, len);
}

static inline bool span_begins(struct span span, const char *prefix)
{
	size_t len = strlen(prefix);

	return span.len >= len && !memcmp(span.at, prefix, len);
}

/* Without any of those characters around it. */
static inline struct span span_trim(struct span span, const char *those)
{
	size_t n = strlen(those);

	while (span.len && memchr(those, span.at[0], n))
		span = span_of(span.at + 1, span.len - 1);
	while (span.len && memchr(those, span.at[span.len - 1], n))
		span.len--;
	return span;
}

#define SPAN_BLANKS " \t\r\n"

/* The number in four bytes, the highest first, as buf_put_u32() puts it. */
static inline uint32_t u32_at(const void *bytes)
{
	const unsigned char *at = bytes;

	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

/* Take the first line of what is left, without its end. */
static inline struct span span_take_line(struct span *rest)
{
	const char *end = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;
	size_t len = end ? (size_t)(end - rest->at) : rest->len;
	struct span line = span_of(rest->at, len);

	len += end != NULL;
	*rest = span_of(rest->at + len, rest->len - len);
	return line;
}

#define SPAN_NOWHERE SIZE_MAX

/* Where these bytes (at least one) first stand at or behind from. */
static inline size_t span_find(struct span span, const char *bytes,
			       size_t from)
{
	size_t len = strlen(bytes);
	const char *at;

	while (from < span.len && span.len - from >= len) {
		at = memchr(span.at + from, bytes[0],
			    span.len - from - len + 1);
		if (!at)
			break;
		if (!memcmp(at, bytes, len))
			return (size_t)(at - span.at);
		from = (size_t)(at - span.at) + 1;
	}
	return SPAN_NOWHERE;
}

static inline bool span_has(struct span span, const char *bytes)
{
	return span_find(span, bytes, 0) != SPAN_NOWHERE;
}

#endif
