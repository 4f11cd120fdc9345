#include "lib/json/jdoc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/utf8.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_write.h"
#include "lib/json/number.h"

struct open {
	size_t begin;		/* its children in items, in writing order */
	size_t next;
	size_t end;
	bool is_object;
	bool is_edited;		/* the edit names one of its members */
};

struct writer;

/* What distinguishes the two ways of writing. */
struct dialect {
	const char *comma;
	const char *colon;
	size_t max_depth;	/* containers beyond are not descended into */
	int (*compare)(const void *a, const void *b);
	int (*put_key)(struct writer *writer, const struct jval *value);
	int (*put_scalar)(struct writer *writer, const struct jval *value);
	bool (*is_raw)(const struct jval *container);
};

struct writer {
	const struct dialect *dialect;
	const struct jdoc_edit *edit;
	const struct jval **items;
	size_t item_count;
	size_t item_cap;
	struct open *opens;
	size_t depth;
	size_t open_cap;
	struct buf *out;
	struct err *err;
};

static int push_item(struct writer *writer, const struct jval *item)
{
	int rc = array_room_in(writer->items, writer->item_count,
			       writer->item_cap, writer->err);

	if (rc == 0)
		writer->items[writer->item_count++] = item;
	return rc;
}

static struct open *push_open(struct writer *writer)
{
	if (array_room_in(writer->opens, writer->depth, writer->open_cap,
			  writer->err) < 0)
		return NULL;
	return &writer->opens[writer->depth++];
}

static bool is_edited_object(const struct writer *writer,
			     const struct jval *value)
{
	return writer->edit && writer->depth == 1 && value->key.at &&
	       value->type == JVAL_OBJECT &&
	       span_equals(value->key, span_str(writer->edit->object));
}

static bool is_edited_member(const struct writer *writer,
			     const struct jval *value)
{
	return span_equals(value->key, span_str(writer->edit->member));
}

static int put_open(struct writer *writer, const struct jval *value)
{
	bool is_edited = is_edited_object(writer, value);
	const struct jval *child = value->as.in.first;
	struct open *open = push_open(writer);
	int rc = 0;

	if (!open)
		return ERR_NOMEM;
	open->is_object = value->type == JVAL_OBJECT;
	open->is_edited = is_edited;
	open->begin = writer->item_count;
	open->next = writer->item_count;
	for (; child && rc >= 0; child = child->next) {
		if (!is_edited || writer->edit->instead ||
		    !is_edited_member(writer, child))
			rc = push_item(writer, child);
	}
	if (rc < 0)
		return rc;
	open->end = writer->item_count;
	if (open->is_object && open->end - open->begin > 1)
		qsort(writer->items + open->begin, open->end - open->begin,
		      sizeof(*writer->items), writer->dialect->compare);
	return buf_add_char(writer->out, open->is_object ? '{' : '[',
			    writer->err);
}

static int put_raw(struct writer *writer, const struct jval *value)
{
	int rc = buf_add_str(writer->out, "{\"$raw\":\"", writer->err);

	if (rc >= 0)
		rc = base64_add(writer->out, value->raw.at, value->raw.len,
				writer->err);
	if (rc >= 0)
		rc = buf_add_str(writer->out, "\"}", writer->err);
	return rc;
}

static int put_value(struct writer *writer, const struct jval *value)
{
	if (value->type != JVAL_OBJECT && value->type != JVAL_ARRAY)
		return writer->dialect->put_scalar(writer, value);
	if (writer->depth >= writer->dialect->max_depth ||
	    (writer->dialect->is_raw && writer->dialect->is_raw(value)))
		return put_raw(writer, value);
	return put_open(writer, value);
}

/* The next child of the innermost open container, or its end. */
static int put_next(struct writer *writer)
{
	struct open *open = &writer->opens[writer->depth - 1];
	const struct jval *value;
	int rc = 0;

	if (open->next == open->end) {
		writer->item_count = open->begin;
		writer->depth--;
		return buf_add_char(writer->out, open->is_object ? '}' : ']',
				    writer->err);
	}
	if (open->next > open->begin)
		rc = buf_add_str(writer->out, writer->dialect->comma,
				 writer->err);
	value = writer->items[open->next++];
	if (rc >= 0 && open->is_object)
		rc = writer->dialect->put_key(writer, value);
	if (rc >= 0 && open->is_object)
		rc = buf_add_str(writer->out, writer->dialect->colon,
				 writer->err);
	if (rc < 0)
		return rc;
	if (open->is_edited && is_edited_member(writer, value))
		return buf_add_str(writer->out, writer->edit->instead,
				   writer->err);
	return put_value(writer, value);
}

static int write_all(struct writer *writer, const struct jval *value)
{
	size_t before = writer->out->len;
	int rc = put_value(writer, value);

	while (rc >= 0 && writer->depth)
		rc = put_next(writer);
	if (rc < 0)
		buf_cut(writer->out, before);
	free(writer->items);
	free(writer->opens);
	return rc;
}

static int put_word(struct writer *writer, const struct jval *value)
{
	return buf_add_span(writer->out, value->raw, writer->err);
}

static int jcs_compare(const void *a, const void *b)
{
	const struct jval *left = *(const struct jval *const *)a;
	const struct jval *right = *(const struct jval *const *)b;

	/* Doubling the "$" in front does not change the order of two keys. */
	return utf8_compare_utf16(left->key, right->key);
}

static int jcs_put_key(struct writer *writer, const struct jval *value)
{
	size_t quote = writer->out->len;
	int rc;

	if (!span_begins(value->key, "$"))
		return jcs_add_string(writer->out, value->key, writer->err);
	rc = buf_add_char(writer->out, '$', writer->err);
	if (rc >= 0)
		rc = jcs_add_string(writer->out, value->key, writer->err);
	if (rc >= 0) {
		/* $"$key" becomes "$$key" */
		writer->out->data[quote] = '"';
		writer->out->data[quote + 1] = '$';
	}
	return rc;
}

/* True when a digit before the exponent is not 0. */
static bool is_nonzero(struct span lexeme)
{
	size_t i;

	for (i = 0; i < lexeme.len; i++) {
		if (lexeme.at[i] == 'e' || lexeme.at[i] == 'E')
			break;
		if (lexeme.at[i] >= '1' && lexeme.at[i] <= '9')
			return true;
	}
	return false;
}

static int jcs_put_number(struct writer *writer, const struct jval *value)
{
	double number;

	if (value->marks & JVAL_IS_NAN)
		return put_raw(writer, value);
	if (value->marks & JVAL_IS_INTEGER && !number_is_exact(value->raw))
		return put_raw(writer, value);
	if (number_is_canonical(value->raw))
		return put_word(writer, value);
	if (number_parse(value->raw.at, value->raw.len, &number) < 0 ||
	    (number == 0 && is_nonzero(value->raw)))
		return put_raw(writer, value);
	return jcs_add_number(writer->out, number, writer->err);
}

static int jcs_put_scalar(struct writer *writer, const struct jval *value)
{
	if (value->type == JVAL_NUMBER)
		return jcs_put_number(writer, value);
	if (value->type != JVAL_STRING)
		return put_word(writer, value);
	if (value->marks & JVAL_TEXT_WTF)
		return put_raw(writer, value);
	/* Text that lies in the source has no escapes and needs none. */
	if (value->as.text.at == value->raw.at + 1)
		return put_word(writer, value);
	return jcs_add_string(writer->out, value->as.text, writer->err);
}

static bool jcs_is_raw(const struct jval *container)
{
	return container->marks & JVAL_MEMBER_WTF;
}

static const struct dialect jcs_dialect = {
	",", ":", JDOC_JCS_DEPTH_MAX, jcs_compare, jcs_put_key,
	jcs_put_scalar, jcs_is_raw,
};

int jdoc_to_jcs(const struct jval *value, struct buf *out, struct err *err)
{
	struct writer writer = { .dialect = &jcs_dialect, .out = out,
				 .err = err };

	return write_all(&writer, value);
}

static int python_compare(const void *a, const void *b)
{
	const struct jval *left = *(const struct jval *const *)a;
	const struct jval *right = *(const struct jval *const *)b;

	/* Bytes of UTF-8, and of WTF-8, order like code points. */
	return span_compare(left->key, right->key);
}

static int python_put_unit(struct writer *writer, uint32_t unit)
{
	return buf_printf(writer->out, writer->err, "\\u%04x", unit);
}

static int python_put_point(struct writer *writer, uint32_t point)
{
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	size_t i;
	int rc;

	for (i = 0; i + 1 < sizeof(shorts); i += 2) {
		if ((unsigned char)shorts[i] == point)
			return buf_printf(writer->out, writer->err, "\\%c",
					  shorts[i + 1]);
	}
	if (point < 0x10000)
		return python_put_unit(writer, point);
	rc = python_put_unit(writer, 0xd800 + ((point - 0x10000) >> 10));
	if (rc < 0)
		return rc;
	return python_put_unit(writer, 0xdc00 + (point & 0x3ff));
}

static bool is_python_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

static int python_put_text(struct writer *writer, struct span text)
{
	int rc = buf_add_char(writer->out, '"', writer->err);
	uint32_t point = 0;
	size_t len;

	while (rc >= 0 && text.len) {
		for (len = 0; len < text.len; len++) {
			if (!is_python_plain(text.at[len]))
				break;
		}
		rc = buf_add(writer->out, text.at, len, writer->err);
		text = span_of(text.at + len, text.len - len);
		len = utf8_decode_wtf(text, &point);
		if (rc < 0 || !len)
			break;
		rc = python_put_point(writer, point);
		text = span_of(text.at + len, text.len - len);
	}
	if (rc >= 0)
		rc = buf_add_char(writer->out, '"', writer->err);
	return rc;
}

static int python_put_key(struct writer *writer, const struct jval *value)
{
	return python_put_text(writer, value->key);
}

static int python_put_scalar(struct writer *writer, const struct jval *value)
{
	if (value->type == JVAL_STRING)
		return python_put_text(writer, value->as.text);
	return put_word(writer, value);
}

static const struct dialect python_dialect = {
	", ", ": ", SIZE_MAX, python_compare, python_put_key,
	python_put_scalar, NULL,
};

int jdoc_to_python(const struct jval *value, const struct jdoc_edit *edit,
		   struct buf *out, struct err *err)
{
	struct writer writer = { .dialect = &python_dialect, .edit = edit,
				 .out = out, .err = err };

	return write_all(&writer, value);
}
