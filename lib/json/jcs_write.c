#include "lib/json/jcs_write.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/utf8.h"
#include "lib/json/number.h"

#define ESCAPE_MAX 6
#define PIECE_BYTES ((size_t)512)

static size_t escape_of(unsigned char byte, char out[ESCAPE_MAX + 1])
{
	static const char shorts[] = "\n\"\t\\\r\b\f";
	static const char letters[] = "n\"t\\rbf";
	const char *found = byte ? strchr(shorts, byte) : NULL;

	if (!found)
		return (size_t)snprintf(out, ESCAPE_MAX + 1, "\\u%04x",
					byte);
	out[0] = '\\';
	out[1] = letters[found - shorts];
	return 2;
}

static bool needs_escape(unsigned char byte)
{
	return byte < 0x20 || byte == '"' || byte == '\\';
}

/* Room for the worst is there. */
static void put_escaped(struct buf *buf, const char *text, size_t len)
{
	char *out = buf->data + buf->len;
	char escape[ESCAPE_MAX + 1];
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)text[i];
		size_t used;

		if (!needs_escape(byte)) {
			*out++ = text[i];
			continue;
		}
		used = escape_of(byte, escape);
		memcpy(out, escape, used);
		out += used;
	}
	*out = '\0';
	buf->len = (size_t)(out - buf->data);
}

/* Pieces are small, so that the room for the worst of them is no waste; near
 * the limit they are single bytes, so that it is no loss. */
static int add_escaped(struct buf *buf, struct span text, struct err *err)
{
	char escape[ESCAPE_MAX + 1];
	size_t len;
	int rc = 0;

	while (rc == 0 && text.len) {
		len = text.len < PIECE_BYTES ? text.len : PIECE_BYTES;
		if (buf->max - buf->len >= len * ESCAPE_MAX) {
			rc = buf_reserve(buf, len * ESCAPE_MAX, err);
			if (rc == 0)
				put_escaped(buf, text.at, len);
		} else if (needs_escape((unsigned char)text.at[0])) {
			len = 1;
			rc = buf_add(buf, escape,
				     escape_of((unsigned char)text.at[0],
					       escape), err);
		} else {
			len = 1;
			rc = buf_add(buf, text.at, 1, err);
		}
		text = span_of(text.at + len, text.len - len);
	}
	return rc;
}

int jcs_add_string(struct buf *buf, struct span text, struct err *err)
{
	size_t before = buf->len;
	size_t valid = utf8_valid_prefix(text);
	int rc;

	if (valid != text.len)
		return err_set(err, ERR_INVALID,
			       "text is not UTF-8 at its byte %zu", valid);
	rc = buf_add_char(buf, '"', err);
	if (rc == 0)
		rc = add_escaped(buf, text, err);
	if (rc == 0)
		rc = buf_add_char(buf, '"', err);
	if (rc < 0)
		buf_cut(buf, before);
	return rc;
}

int jcs_add_number(struct buf *buf, double value, struct err *err)
{
	char text[NUMBER_TEXT_MAX];
	size_t len = number_format(value, text);

	if (!len)
		return err_set(err, ERR_INVALID,
			       "JSON has no infinite numbers and no NaN");
	return buf_add(buf, text, len, err);
}

int jcs_add_integer(struct buf *buf, int64_t value, struct err *err)
{
	if (value > NUMBER_INTEGER_MAX || value < -NUMBER_INTEGER_MAX)
		return err_set(err, ERR_INVALID,
			       "integer beyond 2^53: '%lld'", (long long)value);
	return buf_printf(buf, err, "%lld", (long long)value);
}

/* Its name is stored, its value goes behind it. This is the one way in. */
struct buf *fields_open(struct jcs_fields *fields, struct span name)
{
	struct jcs_field *field;

	if (fields->err.code ||
	    array_room_in(fields->list, fields->count, fields->cap,
			  &fields->err) < 0)
		return NULL;
	if (!utf8_is_valid(name)) {
		(void)err_set(&fields->err, ERR_INVALID, "a key is not UTF-8");
		return NULL;
	}
	field = &fields->list[fields->count];
	field->name = fields->text.len;
	field->name_len = name.len;
	if (buf_add_span(&fields->text, name, &fields->err) < 0)
		return NULL;
	field->value = fields->text.len;
	return &fields->text;
}

void fields_close(struct jcs_fields *fields, int rc)
{
	struct jcs_field *field = &fields->list[fields->count];

	if (rc < 0) {
		fields_fail(fields, rc, NULL);
		buf_cut(&fields->text, field->name);
		return;
	}
	field->value_len = fields->text.len - field->value;
	fields->count++;
}

void fields_add(struct jcs_fields *fields, struct span name,
		struct span value)
{
	if (fields_open(fields, name))
		fields_close(fields, buf_add_span(&fields->text, value,
						  &fields->err));
}

void fields_raw(struct jcs_fields *fields, const char *name, struct span value)
{
	fields_add(fields, span_str(name), value);
}

void fields_text(struct jcs_fields *fields, const char *name, struct span text)
{
	if (fields_open(fields, span_str(name)))
		fields_close(fields, jcs_add_string(&fields->text, text,
						 &fields->err));
}

void fields_str(struct jcs_fields *fields, const char *name, const char *text)
{
	fields_text(fields, name, span_str(text));
}

void fields_integer(struct jcs_fields *fields, const char *name, int64_t value)
{
	if (fields_open(fields, span_str(name)))
		fields_close(fields, jcs_add_integer(&fields->text, value,
						  &fields->err));
}

void fields_number(struct jcs_fields *fields, const char *name, double value)
{
	if (fields_open(fields, span_str(name)))
		fields_close(fields, jcs_add_number(&fields->text, value,
						 &fields->err));
}

void fields_bool(struct jcs_fields *fields, const char *name, int value)
{
	fields_raw(fields, name, span_str(value ? "true" : "false"));
}

void fields_null(struct jcs_fields *fields, const char *name)
{
	fields_raw(fields, name, span_str("null"));
}

void fields_object(struct jcs_fields *fields, const char *name,
		   struct jcs_fields *inner)
{
	if (fields_open(fields, span_str(name)))
		fields_close(fields, jcs_fields_write(inner, &fields->text,
						   &fields->err));
}

void fields_buf(struct jcs_fields *fields, const char *name,
		const struct buf *value)
{
	if (!fields->err.code && buf_end(value, &fields->err) == 0)
		fields_raw(fields, name, buf_span(value));
}

void fields_fail(struct jcs_fields *fields, int rc, const struct err *why)
{
	if (rc < 0)
		(void)err_set(&fields->err, (enum err_code)rc, "%s",
			      why && why->code ? why->text : err_word(rc));
}

int fields_end(const struct jcs_fields *fields, struct err *err)
{
	if (!fields->err.code)
		return 0;
	return err_set(err, (enum err_code)fields->err.code, "%s",
		       fields->err.text);
}

void jcs_put_string(struct buf *buf, struct span text)
{
	if (!buf->failed)
		buf_fail(buf, jcs_add_string(buf, text, NULL));
}

static struct span field_name(const struct jcs_fields *fields, size_t i)
{
	return span_of(fields->text.data + fields->list[i].name,
		       fields->list[i].name_len);
}

/*
 * Heap sort: in place, never quadratic, and without the context pointer
 * that qsort cannot pass.
 */
static void sift_down(struct jcs_fields *fields, size_t root, size_t count)
{
	struct jcs_field swap;
	size_t child;

	for (; (child = root * 2 + 1) < count; root = child) {
		if (child + 1 < count &&
		    utf8_compare_utf16(field_name(fields, child),
				       field_name(fields, child + 1)) < 0)
			child++;
		if (utf8_compare_utf16(field_name(fields, root),
				       field_name(fields, child)) >= 0)
			return;
		swap = fields->list[root];
		fields->list[root] = fields->list[child];
		fields->list[child] = swap;
	}
}

static void fields_sort(struct jcs_fields *fields)
{
	struct jcs_field swap;
	size_t i;

	for (i = fields->count / 2; i-- > 0;)
		sift_down(fields, i, fields->count);
	for (i = fields->count; i-- > 1;) {
		swap = fields->list[0];
		fields->list[0] = fields->list[i];
		fields->list[i] = swap;
		sift_down(fields, 0, i);
	}
}

static int put_field(struct jcs_fields *fields, size_t i, struct buf *out,
		     struct err *err)
{
	struct span name = field_name(fields, i);

	if (i && span_equals(field_name(fields, i - 1), name))
		return err_set(err, ERR_INVALID, "key used twice: '%.*s'",
			       (int)(name.len < 64 ? name.len : 64), name.at);
	if (i)
		buf_put_char(out, ',');
	jcs_put_string(out, name);
	buf_put_char(out, ':');
	buf_put(out, fields->text.data + fields->list[i].value,
		fields->list[i].value_len);
	return 0;
}

int jcs_fields_write(struct jcs_fields *fields, struct buf *out,
		     struct err *err)
{
	size_t before = out->len;
	size_t i;
	int rc = fields_end(fields, err);

	if (rc < 0)
		return rc;
	fields_sort(fields);
	buf_put_char(out, '{');
	for (i = 0; rc == 0 && i < fields->count; i++)
		rc = put_field(fields, i, out, err);
	buf_put_char(out, '}');
	buf_fail(out, rc);
	return buf_settle(out, before, err);
}

void jcs_fields_reset(struct jcs_fields *fields)
{
	buf_reset(&fields->text);
	fields->count = 0;
	err_clear(&fields->err);
}

void jcs_fields_release(struct jcs_fields *fields)
{
	buf_release(&fields->text);
	free(fields->list);
	fields->list = NULL;
	fields->count = 0;
	fields->cap = 0;
	err_clear(&fields->err);
}
