/*
 * Comma-separated values, RFC 4180: one row at a time from bytes in memory.
 */
#ifndef VV_CMD_IMPORT_PARSE_CSV_H
#define VV_CMD_IMPORT_PARSE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define CSV_FIELDS_MAX 4096	/* of a row */

struct csv_field {
	size_t begin;		/* in the row's text */
	size_t len;
};

/* Released by csv_release(). */
struct csv_reader {
	struct span csv;	/* borrowed; a byte order mark is skipped */
	size_t at;		/* of the next row */
	uint64_t row;		/* of the row at hand, from 1 */
	size_t row_at;		/* where it begins, in bytes */
	struct buf text;	/* its fields without quotes */
	struct csv_field *fields;
	size_t count;		/* of its fields */
	size_t cap;
	bool has_row;		/* there is a row at hand */
};

#define CSV_READER_INIT(bytes) \
	{ (bytes), 0, 0, 0, BUF_INIT(BUF_NO_LIMIT), NULL, 0, 0, false }

/*
 * Read the next row; has_row is false at the end. Rows end with LF, CRLF or a lone
 * CR; quoted fields may hold all of these, commas, and quotes twice. A quote
 * inside of an unquoted field stands for itself. Empty lines are skipped.
 *
 * ERR_INVALID with row and byte for text behind a closing quote, and for a
 * quote that is never closed; ERR_LIMIT for more than CSV_FIELDS_MAX fields.
 * The reader then stands behind that line, so the next row can be asked for.
 */
MUST_USE int csv_next(struct csv_reader *reader, struct err *err);

/* A field of the row at hand, until the next one; absent (at NULL) behind
 * the last. */
struct span csv_field(const struct csv_reader *reader, size_t at);

/* The bytes of the row at hand as they stand, also of one that is none. */
struct span csv_row(const struct csv_reader *reader);

void csv_release(struct csv_reader *reader);

#endif
