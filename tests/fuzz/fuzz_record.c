/*
 * A record line: what parses is canonical, so building it again from its
 * parts gives the same bytes.
 */
#include <stdint.h>
#include <stdlib.h>

#include "lib/id/cid.h"
#include "objects/record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must(int claim)
{
	if (!claim)
		abort();
}

static void rebuild(const struct record *record)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct buf type = BUF_INIT(100);
	struct buf at = BUF_INIT(100);
	unsigned char (*prev)[RECORD_ID_BYTES] =
		malloc(RECORD_PREV_MAX * sizeof(*prev));
	struct record_parts parts = {
		.entity = record->entity, .data = record->data,
		.prev = (const unsigned char (*)[RECORD_ID_BYTES])prev
	};

	must(prev && buf_add_span(&type, record->type, NULL) == 0 &&
	     buf_add_span(&at, record->at, NULL) == 0);
	must(record_prev(record, prev, RECORD_PREV_MAX, &parts.prev_n,
			 NULL) == 0);
	parts.type = buf_text(&type);
	parts.at = buf_text(&at);
	must(record_build(&parts, &out, NULL) == 0);
	must(span_equals(buf_span(&out), record->line));
	free(prev);
	buf_release(&out);
	buf_release(&type);
	buf_release(&at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct err err = ERR_INIT;
	struct record record;
	struct home home;
	const struct kind *kind;
	int rc = record_parse(span_of(data, len), &record, &err);

	must(rc == 0 || (err.code == rc && err.text[0]));
	if (rc < 0)
		return 0;
	must(entity_home(record.entity, &home, &kind, NULL) == 0);
	must(kind == record.kind && !memchr(data, '\n', len));
	rebuild(&record);
	return 0;
}
