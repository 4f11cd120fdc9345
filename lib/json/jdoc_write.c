#include "lib/json/jdoc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/utf8.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_write.h"
#include "lib/json/number.h"

#define DOUBLE_DIGITS 17
#define NULL_RAW "{\"$raw\":\"bnVsbA==\"}"

struct open {
	size_t begin;		/* its children in items, in writing order */
	size_t next;
	size_t end;
	bool is_object;
	bool is_leaf;		/* an array, or in one */
	bool is_edited;		/* the edit names one of its members */
};

/* What distinguishes the two ways of writing. */
struct dialect {
	const char *comma;
	const char *colon;
	size_t max_depth;	/* containers beyond are not descended into */
	int (*compare)(const void *a, const void *b);
	void (*put_key)(struct buf *out, const struct jval *value);
	void (*put_scalar)(struct buf *out, const struct jval *value);
	bool (*is_raw)(const struct jval *container);
	bool keeps_nulls;	/* of objects that lie in no array */
};

struct writer {
	const struct dialect *dialect;
	const struct jdoc_edit *edit;
	const struct jval *const *without;	/* members of the whole */
	size_t without_n;
	const struct jval **items;
	size_t item_count;
	size_t item_cap;
	struct open *opens;
	size_t depth;
	size_t open_cap;
	struct buf *out;	/* keeps what failed */
};

static void push_item(struct writer *writer, const struct jval *item)
{
	buf_fail(writer->out, array_room_in(writer->items, writer->item_count,
					    writer->item_cap, NULL));
	if (!writer->out->failed)
		writer->items[writer->item_count++] = item;
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

static bool is_left_out(const struct writer *writer, const struct jval *child)
{
	size_t i;

	for (i = 0; writer->depth == 1 && i < writer->without_n; i++) {
		if (writer->without[i] == child)
			return true;
	}
	return false;
}

static void put_open(struct writer *writer, const struct jval *value)
{
	bool is_edited = is_edited_object(writer, value);
	const struct jval *child = value->as.in.first;
	struct open *open;

	buf_fail(writer->out, array_room_in(writer->opens, writer->depth,
					    writer->open_cap, NULL));
	if (writer->out->failed)
		return;
	open = &writer->opens[writer->depth++];
	open->is_object = value->type == JVAL_OBJECT;
	open->is_leaf = !open->is_object ||
			(writer->depth > 1 && open[-1].is_leaf);
	open->is_edited = is_edited;
	open->begin = writer->item_count;
	open->next = writer->item_count;
	for (; child; child = child->next) {
		if (is_edited && !writer->edit->instead &&
		    is_edited_member(writer, child))
			continue;
		if (!is_left_out(writer, child))
			push_item(writer, child);
	}
	open->end = writer->item_count;
	if (open->is_object && open->end - open->begin > 1)
		qsort(writer->items + open->begin, open->end - open->begin,
		      sizeof(*writer->items), writer->dialect->compare);
	buf_put_char(writer->out, open->is_object ? '{' : '[');
}

static void put_raw(struct buf *out, const struct jval *value)
{
	buf_put_str(out, "{\"$raw\":\"");
	if (!out->failed)
		buf_fail(out, base64_add(out, value->raw.at, value->raw.len,
					 NULL));
	buf_put_str(out, "\"}");
}

static bool is_null_kept(const struct writer *writer,
			 const struct jval *value)
{
	return writer->dialect->keeps_nulls && value->type == JVAL_NULL &&
	       !(writer->depth && writer->opens[writer->depth - 1].is_leaf);
}

static void put_value(struct writer *writer, const struct jval *value)
{
	if (is_null_kept(writer, value))
		buf_put_str(writer->out, NULL_RAW);
	else if (value->type != JVAL_OBJECT && value->type != JVAL_ARRAY)
		writer->dialect->put_scalar(writer->out, value);
	else if (writer->depth >= writer->dialect->max_depth ||
		 (writer->dialect->is_raw && writer->dialect->is_raw(value)))
		put_raw(writer->out, value);
	else
		put_open(writer, value);
}

/* The next child of the innermost open container, or its end. */
static void put_next(struct writer *writer)
{
	struct open *open = &writer->opens[writer->depth - 1];
	const struct jval *value;

	if (open->next == open->end) {
		writer->item_count = open->begin;
		writer->depth--;
		buf_put_char(writer->out, open->is_object ? '}' : ']');
		return;
	}
	if (open->next > open->begin)
		buf_put_str(writer->out, writer->dialect->comma);
	value = writer->items[open->next++];
	if (open->is_object) {
		writer->dialect->put_key(writer->out, value);
		buf_put_str(writer->out, writer->dialect->colon);
	}
	if (open->is_edited && is_edited_member(writer, value))
		buf_put_str(writer->out, writer->edit->instead);
	else
		put_value(writer, value);
}

static int write_all(struct writer *writer, const struct jval *value,
		     struct err *err)
{
	size_t before = writer->out->len;

	put_value(writer, value);
	while (!writer->out->failed && writer->depth)
		put_next(writer);
	free(writer->items);
	free(writer->opens);
	return buf_settle(writer->out, before, err);
}

static void put_word(struct buf *out, const struct jval *value)
{
	buf_put_span(out, value->raw);
}

static int jcs_compare(const void *a, const void *b)
{
	const struct jval *left = *(const struct jval *const *)a;
	const struct jval *right = *(const struct jval *const *)b;

	/* Doubling the "$" in front does not change the order of two keys. */
	return utf8_compare_utf16(left->key, right->key);
}

static void jcs_put_key(struct buf *out, const struct jval *value)
{
	size_t quote = out->len;
	bool is_ours = span_begins(value->key, "$");

	if (is_ours)
		buf_put_char(out, '$');
	jcs_put_string(out, value->key);
	if (is_ours && !out->failed) {
		/* $"$key" becomes "$$key" */
		out->data[quote] = '"';
		out->data[quote + 1] = '$';
	}
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

/* More digits than a double tells apart; zeros in front and behind are none. */
static bool is_finer(struct span lexeme)
{
	size_t digits = 0;
	size_t zeros = 0;
	size_t i;

	for (i = 0; i < lexeme.len; i++) {
		char c = lexeme.at[i];

		if (c == 'e' || c == 'E')
			break;
		if (c < '0' || c > '9')
			continue;
		zeros = c == '0' ? zeros + 1 : 0;
		digits += digits || c != '0';
	}
	return digits - (digits ? zeros : 0) > DOUBLE_DIGITS;
}

static void jcs_put_number(struct buf *out, const struct jval *value)
{
	double number;

	if (value->marks & JVAL_IS_NAN)
		put_raw(out, value);
	else if (value->marks & JVAL_IS_INTEGER && !number_is_exact(value->raw))
		put_raw(out, value);
	else if (number_is_canonical(value->raw))
		put_word(out, value);
	else if (number_parse(value->raw.at, value->raw.len, &number) < 0 ||
		 (number == 0 && is_nonzero(value->raw)) ||
		 is_finer(value->raw))
		put_raw(out, value);
	else if (!out->failed)
		buf_fail(out, jcs_add_number(out, number, NULL));
}

static void jcs_put_scalar(struct buf *out, const struct jval *value)
{
	if (value->type == JVAL_NUMBER)
		jcs_put_number(out, value);
	else if (value->type != JVAL_STRING)
		put_word(out, value);
	else if (value->marks & JVAL_TEXT_WTF)
		put_raw(out, value);
	/* Text that lies in the source has no escapes and needs none. */
	else if (value->as.text.at == value->raw.at + 1)
		put_word(out, value);
	else
		jcs_put_string(out, value->as.text);
}

static bool jcs_is_raw(const struct jval *container)
{
	return container->marks & JVAL_MEMBER_WTF;
}

static const struct dialect jcs_dialect = {
	",", ":", JDOC_JCS_DEPTH_MAX, jcs_compare, jcs_put_key,
	jcs_put_scalar, jcs_is_raw, false,
};

static const struct dialect data_dialect = {
	",", ":", JDOC_JCS_DEPTH_MAX, jcs_compare, jcs_put_key,
	jcs_put_scalar, jcs_is_raw, true,
};

int jdoc_to_jcs(const struct jval *value, struct buf *out, struct err *err)
{
	struct writer writer = { .dialect = &jcs_dialect, .out = out };

	return write_all(&writer, value, err);
}

int jdoc_to_data(const struct jval *value, struct buf *out, struct err *err)
{
	struct writer writer = { .dialect = &data_dialect, .out = out };

	return write_all(&writer, value, err);
}

int jdoc_to_jcs_without(const struct jval *object,
			const struct jval *const *without, size_t n,
			bool keeps_nulls, struct buf *out, struct err *err)
{
	struct writer writer = {
		.dialect = keeps_nulls ? &data_dialect : &jcs_dialect,
		.without = without, .without_n = n, .out = out,
	};

	return write_all(&writer, object, err);
}

static int python_compare(const void *a, const void *b)
{
	const struct jval *left = *(const struct jval *const *)a;
	const struct jval *right = *(const struct jval *const *)b;

	/* Bytes of UTF-8, and of WTF-8, order like code points. */
	return span_compare(left->key, right->key);
}

static void python_put_point(struct buf *out, uint32_t point)
{
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	size_t i;

	for (i = 0; i + 1 < sizeof(shorts); i += 2) {
		if ((unsigned char)shorts[i] == point) {
			buf_putf(out, "\\%c", shorts[i + 1]);
			return;
		}
	}
	if (point < 0x10000)
		buf_putf(out, "\\u%04x", point);
	else
		buf_putf(out, "\\u%04x\\u%04x",
			 0xd800 + ((point - 0x10000) >> 10),
			 0xdc00 + (point & 0x3ff));
}

static bool is_python_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

static void python_put_text(struct buf *out, struct span text)
{
	uint32_t point = 0;
	size_t len;

	buf_put_char(out, '"');
	while (text.len) {
		for (len = 0; len < text.len; len++) {
			if (!is_python_plain(text.at[len]))
				break;
		}
		buf_put(out, text.at, len);
		text = span_of(text.at + len, text.len - len);
		len = utf8_decode_wtf(text, &point);
		if (!len)
			break;
		python_put_point(out, point);
		text = span_of(text.at + len, text.len - len);
	}
	buf_put_char(out, '"');
}

static void python_put_key(struct buf *out, const struct jval *value)
{
	python_put_text(out, value->key);
}

static void python_put_scalar(struct buf *out, const struct jval *value)
{
	if (value->type == JVAL_STRING)
		python_put_text(out, value->as.text);
	else
		put_word(out, value);
}

static const struct dialect python_dialect = {
	", ", ": ", SIZE_MAX, python_compare, python_put_key,
	python_put_scalar, NULL, false,
};

int jdoc_to_python(const struct jval *value, const struct jdoc_edit *edit,
		   struct buf *out, struct err *err)
{
	struct writer writer = { .dialect = &python_dialect, .edit = edit,
				 .out = out };

	return write_all(&writer, value, err);
}
