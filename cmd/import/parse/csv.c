#include "cmd/import/parse/csv.h"

#include <stdlib.h>

#include "lib/base/array.h"

#define MARK "\xef\xbb\xbf"

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_at_end(const struct csv_reader *reader)
{
	return reader->at >= reader->csv.len;
}

/* One line end, of either length. */
static void skip_line_end(struct csv_reader *reader)
{
	const char *at = reader->csv.at + reader->at;

	if (is_at_end(reader))
		return;
	reader->at += at[0] == '\r' && reader->at + 1 < reader->csv.len &&
		      at[1] == '\n' ? 2 : 1;
}

static void skip_line(struct csv_reader *reader)
{
	while (!is_at_end(reader) && !is_line_end(reader->csv.at[reader->at]))
		reader->at++;
	skip_line_end(reader);
}

static int fail(struct csv_reader *reader, size_t at, const char *what,
		struct err *err)
{
	reader->count = 0;
	reader->at = at;
	skip_line(reader);
	return err_set(err, ERR_INVALID, "row %llu: %s at byte %zu",
		       (unsigned long long)reader->row, what, at);
}

/* Behind the opening quote; to behind the closing one. */
static int take_quoted(struct csv_reader *reader, struct err *err)
{
	const char *end = reader->csv.at + reader->csv.len;
	size_t open = reader->at++;
	int rc = 0;

	while (rc == 0) {
		const char *at = reader->csv.at + reader->at;
		const char *quote = at < end ?
			memchr(at, '"', (size_t)(end - at)) : NULL;

		if (!quote)
			return fail(reader, open, "the quote is never closed",
				    err);
		reader->at += (size_t)(quote - at) + 1;
		rc = buf_add(&reader->text, at, (size_t)(quote - at), err);
		if (rc < 0 || quote + 1 == end || quote[1] != '"')
			break;
		rc = buf_add_char(&reader->text, '"', err);
		reader->at++;
	}
	return rc;
}

static int take_plain(struct csv_reader *reader, struct err *err)
{
	const char *begin = reader->csv.at + reader->at;
	const char *end = reader->csv.at + reader->csv.len;
	const char *at = begin;

	while (at < end && *at != ',' && !is_line_end(*at))
		at++;
	reader->at += (size_t)(at - begin);
	return buf_add(&reader->text, begin, (size_t)(at - begin), err);
}

static int take_field(struct csv_reader *reader, struct err *err)
{
	struct csv_field field = { reader->text.len, 0 };
	int rc;

	if (reader->count == CSV_FIELDS_MAX) {
		(void)fail(reader, reader->at, "", NULL);
		return err_set(err, ERR_LIMIT,
			       "row %llu: more than %d fields",
			       (unsigned long long)reader->row,
			       CSV_FIELDS_MAX);
	}
	if (!is_at_end(reader) && reader->csv.at[reader->at] == '"')
		rc = take_quoted(reader, err);
	else
		rc = take_plain(reader, err);
	if (rc == 0)
		rc = array_room_in(reader->fields, reader->count, reader->cap,
				   err);
	if (rc < 0)
		return rc;
	field.len = reader->text.len - field.begin;
	reader->fields[reader->count++] = field;
	return 0;
}

static void begin_row(struct csv_reader *reader)
{
	if (!reader->at && span_begins(reader->csv, MARK))
		reader->at = sizeof(MARK) - 1;
	while (!is_at_end(reader) && is_line_end(reader->csv.at[reader->at]))
		reader->at++;
	buf_reset(&reader->text);
	reader->count = 0;
	reader->row_at = reader->at;
	reader->has_row = false;
}

int csv_next(struct csv_reader *reader, struct err *err)
{
	int rc;

	begin_row(reader);
	if (is_at_end(reader))
		return 0;
	reader->row++;
	for (;;) {
		rc = take_field(reader, err);
		if (rc < 0)
			return rc;
		if (is_at_end(reader) ||
		    is_line_end(reader->csv.at[reader->at]))
			break;
		if (reader->csv.at[reader->at] != ',')
			return fail(reader, reader->at,
				    "text behind a closing quote", err);
		reader->at++;
	}
	skip_line_end(reader);
	reader->has_row = true;
	return 0;
}

struct span csv_field(const struct csv_reader *reader, size_t at)
{
	const struct csv_field *field;

	if (at >= reader->count)
		return span_of(NULL, 0);
	field = &reader->fields[at];
	return span_of(buf_text(&reader->text) + field->begin, field->len);
}

struct span csv_row(const struct csv_reader *reader)
{
	return span_trim(span_of(reader->csv.at + reader->row_at,
				 reader->at - reader->row_at), "\r\n");
}

void csv_release(struct csv_reader *reader)
{
	buf_release(&reader->text);
	free(reader->fields);
	reader->fields = NULL;
	reader->cap = 0;
	reader->count = 0;
}
