/*
 * A segment's text: what checks comes back line by line, stays as it is when
 * sorted and written again, and fits in one segment.
 */
#include <stdint.h>
#include <stdlib.h>

#include "objects/record/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct seen {
	struct segment_line lines[SEGMENT_RECORDS_MAX];
	size_t n;
};

static void must(int claim)
{
	if (!claim)
		abort();
}

static int note(void *arg, const struct record *record,
		const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	struct seen *seen = arg;
	struct segment_line *line = &seen->lines[seen->n++];

	(void)err;
	must(seen->n <= SEGMENT_RECORDS_MAX);
	line->line = record->line;
	line->at = record->at;
	memcpy(line->id, id, RECORD_ID_BYTES);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct seen seen = { .n = 0 };
	struct segment_visitor visitor = { note, &seen };
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	struct span line;
	size_t pos = 0;
	size_t n = 0;
	int rc = segment_check(span_of(data, len), &visitor, &err);

	must(rc == 0 || (rc == ERR_CORRUPT && err.text[0]));
	while (segment_next(span_of(data, len), &pos, &line))
		n++;
	if (rc < 0)
		return 0;
	must(n == seen.n && segment_sort(seen.lines, n) == n);
	must(segment_cut(seen.lines, n) == n);
	must(segment_text(seen.lines, n, &out, NULL) == 0);
	must(span_equals(buf_span(&out), span_of(data, len)));
	buf_release(&out);
	return 0;
}
