/*
 * JSON Lines as programs really leave them: blank lines, several values on a
 * line, a last line that was cut while it was written.
 */
#ifndef VV_CMD_IMPORT_PARSE_VALUE_LINES_H
#define VV_CMD_IMPORT_PARSE_VALUE_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/import/parse/feed.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/json/jdoc.h"

/* Of one line: bytes, and values of its JSON. Reading it takes its bytes and
 * its texts once more, and some 80 bytes for each value. */
#define VALUE_LINE_MAX ((size_t)512 << 20)
#define VALUE_LINE_VALUES ((size_t)32 << 20)

struct value_lines;

MUST_USE int value_lines_new(struct feed feed, struct value_lines **out,
			    struct err *err);
void value_lines_free(struct value_lines *lines);

/* A value, or what stands where one should. */
struct value_line {
	enum found found;
	const struct jval *value;	/* until the next call */
	struct span text;		/* its bytes; of a bad one the line's */
	uint64_t offset;		/* of the text, in bytes from 0 */
	uint64_t line;			/* from 1 */
	size_t duplicates;		/* members dropped, see jdoc */
	bool is_torn;			/* bad, last, and without a newline */
	uint64_t long_len;		/* of one that is too long, its bytes */
	struct err why;			/* of a bad one; "byte N" in the feed */
};

/*
 * The next value, or the end. FOUND_BAD when what stands there is no JSON (or
 * is longer than VALUE_LINE_MAX: then without text): the rest of that line is
 * given, and the call after it goes on with the next one. Of zeros, which a
 * crash leaves in a log, these alone are given; of a record that was cut
 * short, what stands before a whole one on its line (splice.h). Lone surrogates are kept,
 * duplicate members counted. ERR_NOMEM, ERR_IO.
 */
MUST_USE int value_lines_next(struct value_lines *lines, struct value_line *out,
			     struct err *err);

#endif
