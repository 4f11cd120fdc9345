/*
 * An importer without a vault: bytes in, records out, for unit tests and
 * fuzzing.
 */
#ifndef VV_TESTS_IMPORTER_H
#define VV_TESTS_IMPORTER_H

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>

#include "cmd/import/run.h"
#include "lib/json/jcs_scan.h"
#include "objects/record/record.h"

struct importer_run {
	struct err err;
	struct host host;	/* nobody listens */
	struct import_job job;
	struct import_source source;
	struct buf lines;	/* the records, one on a line */
	size_t records;
};

static int importer_run_take(void *arg, const struct record_parts *parts,
			     struct err *err)
{
	struct buf line = BUF_INIT(RECORD_MAX_BYTES);
	struct importer_run *run = arg;
	int rc;

	assert(jcs_check(parts->data, NULL) == 0);
	rc = record_build(parts, &line, err);
	/* What is too large for a line becomes blobs elsewhere. */
	assert(rc == 0 || rc == ERR_LIMIT);
	if (rc == 0)
		rc = buf_add_span(&run->lines, buf_span(&line), err);
	if (rc == 0)
		rc = buf_add_char(&run->lines, '\n', err);
	run->records++;
	buf_release(&line);
	return rc == ERR_LIMIT ? 0 : rc;
}

/*
 * Let the importer sniff, identify and read these bytes; is_forced: read even
 * what it does not recognise, as --format does. Returns what reading did, or
 * IMPORT_REFUSED when the bytes were not recognised. Released by
 * importer_run_release(), before another run.
 */
static inline int importer_run(struct importer_run *run,
			       const struct importer *format,
			       struct span bytes, bool is_forced)
{
	struct import_source source = IMPORT_SOURCE_INIT;
	struct err *err = &run->err;
	int rc;

	memset(run, 0, sizeof(*run));
	run->lines = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	run->job.host = &run->host;
	run->job.sink = importer_run_take;
	run->job.sink_arg = run;
	run->job.options.keeps_bad = true;
	source.format = format;
	run->source = source;
	run->source.input.path = calloc(1, 8);
	assert(run->source.input.path);
	memcpy(run->source.input.path, "test", 5);
	/* Open, so that nobody looks for it on the disk. */
	run->source.input.fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	run->source.input.is_open = true;
	run->source.input.is_loaded = true;
	run->source.input.is_pipe = true;
	run->source.input.size = bytes.len;
	rc = buf_add_span(&run->source.input.head, bytes, err);
	assert(rc == 0);
	rc = importer_knows(format, &run->source.input);
	if (!rc && !is_forced)
		return IMPORT_REFUSED;
	rc = format->identify ?
		format->identify(&run->job, &run->source, err) :
		import_name(&run->job, &run->source,
			    span_str(format->construct), err);
	run->source.input.head_used = 0;
	return rc ? rc : format->read(&run->job, &run->source, err);
}

static inline void importer_run_release(struct importer_run *run)
{
	run->job.sources = malloc(sizeof(run->source));
	assert(run->job.sources);
	*run->job.sources = run->source;
	run->job.sources_n = 1;
	import_job_release(&run->job);
	buf_release(&run->lines);
}

/*
 * The heart of a fuzz target: whatever comes in, each record is valid, and
 * the same bytes give the same records again.
 */
static inline int importer_fuzz(const struct importer *format,
				const void *data, size_t len)
{
	struct importer_run first;
	struct importer_run again;
	int rc;

	rc = importer_run(&first, format, span_of(data, len), true);
	assert(rc != ERR_CORRUPT && rc != ERR_NO_KEY);
	assert(importer_run(&again, format, span_of(data, len), true) == rc);
	assert(span_equals(buf_span(&first.lines), buf_span(&again.lines)));
	importer_run_release(&first);
	importer_run_release(&again);
	return 0;
}

#endif
