#include "lib/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#define BUF_FIRST_BYTES 64

int buf_reserve(struct buf *buf, size_t more, struct err *err)
{
	size_t cap = buf->cap ? buf->cap : BUF_FIRST_BYTES;
	char *data;

	if (buf->len > buf->max || more > buf->max - buf->len)
		return err_set(err, ERR_LIMIT,
			       "more than the limit of %zu bytes", buf->max);
	if (buf->data && buf->cap - buf->len > more)
		return 0;
	while (cap - buf->len <= more)
		cap *= 2;
	data = realloc(buf->data, cap);
	if (!data)
		return err_set(err, ERR_NOMEM, "out of memory (%zu bytes)",
			       cap);
	buf->data = data;
	buf->cap = cap;
	buf->data[buf->len] = '\0';
	return 0;
}

int buf_add(struct buf *buf, const void *bytes, size_t len, struct err *err)
{
	int rc = buf_reserve(buf, len, err);

	if (rc < 0)
		return rc;
	if (len)
		memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
	return 0;
}

int buf_add_str(struct buf *buf, const char *text, struct err *err)
{
	return buf_add(buf, text, strlen(text), err);
}

int buf_add_span(struct buf *buf, struct span span, struct err *err)
{
	return buf_add(buf, span.at, span.len, err);
}

int buf_add_char(struct buf *buf, char c, struct err *err)
{
	return buf_add(buf, &c, 1, err);
}

int buf_add_u32(struct buf *buf, uint32_t value, struct err *err)
{
	unsigned char bytes[4] = {
		(unsigned char)(value >> 24), (unsigned char)(value >> 16),
		(unsigned char)(value >> 8), (unsigned char)value,
	};

	return buf_add(buf, bytes, sizeof(bytes), err);
}

PRINTF_LIKE(3, 0)
static int format(struct buf *buf, struct err *err, const char *fmt,
		  va_list args)
{
	va_list again;
	int need;
	int rc;

	va_copy(again, args);
	need = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (need < 0)
		return err_set(err, ERR_INVALID, "cannot format text");
	rc = buf_reserve(buf, (size_t)need, err);
	if (rc < 0)
		return rc;
	vsnprintf(buf->data + buf->len, (size_t)need + 1, fmt, args);
	buf->len += (size_t)need;
	return 0;
}

int buf_printf(struct buf *buf, struct err *err, const char *fmt, ...)
{
	va_list args;
	int rc;

	va_start(args, fmt);
	rc = format(buf, err, fmt, args);
	va_end(args);
	return rc;
}

void buf_put(struct buf *buf, const void *bytes, size_t len)
{
	if (!buf->failed)
		buf->failed = buf_add(buf, bytes, len, NULL);
}

void buf_put_str(struct buf *buf, const char *text)
{
	buf_put(buf, text, strlen(text));
}

void buf_put_span(struct buf *buf, struct span span)
{
	buf_put(buf, span.at, span.len);
}

void buf_put_char(struct buf *buf, char c)
{
	buf_put(buf, &c, 1);
}

void buf_put_u32(struct buf *buf, uint32_t value)
{
	if (!buf->failed)
		buf->failed = buf_add_u32(buf, value, NULL);
}

void buf_putf(struct buf *buf, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (!buf->failed)
		buf->failed = format(buf, NULL, fmt, args);
	va_end(args);
}

void buf_fail(struct buf *buf, int rc)
{
	if (!buf->failed)
		buf->failed = rc;
}

int buf_end(const struct buf *buf, struct err *err)
{
	switch (buf->failed) {
	case 0:
		return 0;
	case ERR_LIMIT:
		return err_set(err, ERR_LIMIT,
			       "more than the limit of %zu bytes", buf->max);
	case ERR_NOMEM:
		return err_set(err, ERR_NOMEM, "out of memory");
	default:
		return err_set(err, (enum err_code)buf->failed,
			       "text that is no UTF-8, or a number that JSON "
			       "has not");
	}
}

int buf_settle(struct buf *buf, size_t start, struct err *err)
{
	int rc = buf_end(buf, err);

	if (rc < 0)
		buf_cut(buf, start);
	buf->failed = 0;
	return rc;
}

struct span buf_span(const struct buf *buf)
{
	return span_of(buf->data, buf->len);
}

const char *buf_text(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

void buf_cut(struct buf *buf, size_t len)
{
	buf->len = len;
	if (buf->data)
		buf->data[len] = '\0';
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->failed = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

void buf_wipe(struct buf *buf)
{
	if (buf->data)
		sodium_memzero(buf->data, buf->cap);
	buf_release(buf);
}

void buf_release(struct buf *buf)
{
	free(buf->data);
	buf->data = NULL;
	buf->len = 0;
	buf->cap = 0;
	buf->failed = 0;
}
