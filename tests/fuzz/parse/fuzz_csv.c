/*
 * CSV: every call goes forward, and what was read is read again when it is
 * written with all fields quoted.
 */
#include <assert.h>
#include <stdint.h>

#include "cmd/import/parse/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void write_field(struct buf *out, struct span field)
{
	size_t i;
	int rc = buf_add_char(out, '"', NULL);

	for (i = 0; rc == 0 && i < field.len; i++) {
		if (field.at[i] == '"')
			rc = buf_add_char(out, '"', NULL);
		if (rc == 0)
			rc = buf_add_char(out, field.at[i], NULL);
	}
	if (rc == 0)
		rc = buf_add_char(out, '"', NULL);
	assert(rc == 0);
}

static void check_again(const struct csv_reader *row)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct csv_reader again;
	size_t i;
	int rc;

	for (i = 0; i < row->count; i++) {
		rc = i ? buf_add_char(&text, ',', NULL) : 0;
		assert(rc == 0);
		write_field(&text, csv_field(row, i));
	}
	again = (struct csv_reader)CSV_READER_INIT(buf_span(&text));
	rc = csv_next(&again, NULL);
	assert(rc == 0 && again.has_row && again.count == row->count);
	for (i = 0; i < row->count; i++)
		assert(span_equals(csv_field(&again, i), csv_field(row, i)));
	rc = csv_next(&again, NULL);
	assert(rc == 0 && !again.has_row);
	csv_release(&again);
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct csv_reader reader = CSV_READER_INIT(span_of(data, len));
	struct err err = ERR_INIT;
	size_t before;
	int rc;

	do {
		before = reader.at;
		rc = csv_next(&reader, &err);
		assert((rc == 0 && !reader.has_row) || reader.at > before);
		assert(reader.at <= len && (rc == 0 || err.text[0]));
		if (reader.has_row)
			check_again(&reader);
		else
			assert(!reader.count);
		err_clear(&err);
	} while (rc < 0 || reader.has_row);
	csv_release(&reader);
	return 0;
}
