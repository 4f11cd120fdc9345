/*
 * Capsules: whatever is read becomes valid records that tell nothing of the
 * machine, the same each time; emptied bytes are a capsule again, with the
 * same persona and memories.
 */
#include <assert.h>
#include <stdint.h>

#include "cmd/import/capsule/capsule_internal.h"
#include "cmd/import/records/environment.h"
#include "cmd/import/sniff.h"
#include "lib/json/jcs_scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int add_line(void *arg, const struct record_parts *parts,
		    struct err *err)
{
	struct buf line = BUF_INIT(RECORD_MAX_BYTES);
	int rc;

	rc = jcs_check(parts->data, NULL);
	assert(rc == 0);
	rc = record_build(parts, &line, err);
	/* What is too large for a line becomes blobs elsewhere. */
	assert(rc == 0 || rc == ERR_LIMIT);
	if (rc == 0)
		rc = buf_add_span(arg, buf_span(&line), err);
	buf_release(&line);
	return rc == ERR_LIMIT ? 0 : rc;
}

/* Only the memories stay the same when the bytes are others. */
static void make_records(const struct capsule *capsule, bool memories_alone,
			 struct buf *out)
{
	const struct capsule_source source = { { "{}", 2 }, false };
	const struct capsule_sink sink = { add_line, out };
	int rc = 0;

	if (!memories_alone) {
		rc = capsule_record(capsule, "fuzz", &source, &sink, NULL);
		/* Two members may want one name: that is refused. */
		assert(rc == 0 || rc == ERR_INVALID);
		rc = capsule_construct_record(capsule, "fuzz", &sink, NULL);
		assert(rc == 0);
	}
	rc = capsule_memory_records(capsule, "fuzz", &sink, NULL);
	assert(rc == 0 || rc == ERR_INVALID);
}

static void redact(const struct capsule *capsule)
{
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf before = BUF_INIT(BUF_NO_LIMIT);
	struct buf after = BUF_INIT(BUF_NO_LIMIT);
	struct capsule emptied;
	int rc;

	rc = environment_redact(capsule->doc, capsule->bytes, &bytes, NULL);
	assert(rc == 0);
	rc = capsule_parse(buf_span(&bytes), &emptied, NULL);
	assert(rc == 0);
	assert(!environment_is_inside(emptied.root));
	make_records(capsule, true, &before);
	make_records(&emptied, true, &after);
	assert(jdoc_duplicates(capsule->doc) ||
	       span_equals(buf_span(&before), buf_span(&after)));
	capsule_release(&emptied);
	buf_release(&bytes);
	buf_release(&before);
	buf_release(&after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text = span_of(data, len);
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	struct buf first = BUF_INIT(BUF_NO_LIMIT);
	struct buf second = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	struct capsule capsule;

	(void)capsule_sniff(text);
	sniff_describe(text, &words);
	assert(buf_end(&words, NULL) == 0 && words.len);
	if (capsule_parse(text, &capsule, &err) == 0) {
		make_records(&capsule, false, &first);
		make_records(&capsule, false, &second);
		assert(span_equals(buf_span(&first), buf_span(&second)));
		redact(&capsule);
	} else {
		assert(err.code && err.text[0]);
	}
	capsule_release(&capsule);
	buf_release(&words);
	buf_release(&first);
	buf_release(&second);
	return 0;
}
