/*
 * A segment: the records of one place that were written together; JSON lines,
 * each ended by a newline, ordered by (at, id), at most 256 records or 128 KiB
 * (a single record may be larger, up to RECORD_MAX_BYTES).
 */
#ifndef VV_OBJECTS_RECORD_SEGMENT_H
#define VV_OBJECTS_RECORD_SEGMENT_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "objects/record/record.h"

#define SEGMENT_RECORDS_MAX 256
#define SEGMENT_BYTES_MAX ((size_t)128 << 10)

/* A line with what sorting needs; the line is borrowed. */
struct segment_line {
	struct span line;
	struct span at;
	unsigned char id[RECORD_ID_BYTES];
};

/* Sort by (at, id) and drop doubles (equal ids). Returns the new count. */
size_t segment_sort(struct segment_line *lines, size_t n);

/*
 * How many of the sorted lines the next segment takes (at least 1): the cut
 * before the one that would pass a limit.
 */
size_t segment_cut(const struct segment_line *lines, size_t n);

/* Append the text of lines[0..n) to out. */
MUST_USE int segment_text(const struct segment_line *lines, size_t n,
			  struct buf *out, struct err *err);

/* Whom segment_check() tells of each record, in order. */
struct segment_visitor {
	/* Return 0, or an error code to stop. */
	int (*record)(void *arg, const struct record *record,
		      const unsigned char id[RECORD_ID_BYTES],
		      struct err *err);
	void *arg;
};

/*
 * Check everything that the plain text alone can show (every line a valid
 * record, order, no doubles, limits, final newline) and hand each record to
 * visitor (may be NULL). Computes each id. ERR_CORRUPT with line and byte.
 */
MUST_USE int segment_check(struct span text,
			   const struct segment_visitor *visitor,
			   struct err *err);

/*
 * Iterate the lines of a text that was checked before it entered the vault.
 * Starts with *pos = 0; false at the end.
 */
bool segment_next(struct span text, size_t *pos, struct span *out_line);

#endif
