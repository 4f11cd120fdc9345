#include "cmd/import/import.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/cli/progress.h"
#include "cmd/import/input/unchanged.h"
#include "cmd/import/records/lineage.h"
#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/time/timestamp.h"

#define NAME_HELP "name the construct with --construct"

static char *copy(const char *text)
{
	size_t len = strlen(text) + 1;
	char *out = malloc(len);

	if (out)
		memcpy(out, text, len);
	return out;
}

static void skip_release(struct import_skip *skip)
{
	free(skip->reason);
	free(skip->at);
	free(skip->blob);
}

static int skip_init(struct import_skip *skip, const char *reason,
		     const char *at, struct err *err)
{
	memset(skip, 0, sizeof(*skip));
	skip->count = 1;
	skip->reason = copy(reason);
	skip->at = at ? copy(at) : NULL;
	if (skip->reason && (!at || skip->at))
		return 0;
	skip_release(skip);
	return err_set(err, ERR_NOMEM, "out of memory");
}

int import_skip(struct import_source *source, const char *reason,
		const char *at, struct err *err)
{
	void *list = source->skips;
	size_t i;
	int rc;

	for (i = 0; i < source->skips_n; i++) {
		if (strcmp(source->skips[i].reason, reason))
			continue;
		source->skips[i].count++;
		return 0;
	}
	rc = array_grow(&list, &source->skips_cap, source->skips_n,
			sizeof(*source->skips), err);
	source->skips = list;
	if (rc >= 0)
		rc = skip_init(&source->skips[source->skips_n], reason, at,
			       err);
	if (rc >= 0)
		source->skips_n++;
	return rc;
}

int import_refuse_part(struct import_source *source, const char *reason,
		       struct span place, struct err *err)
{
	struct buf at = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	source->is_partial = true;
	rc = buf_add_span(&at, place, err);
	if (rc >= 0)
		rc = import_skip(source, reason, buf_text(&at), err);
	buf_release(&at);
	return rc;
}

int import_leave_future(struct import_source *source, struct span entity,
			struct err *err)
{
	source->read++;
	return import_refuse_part(source, IMPORT_FUTURE, entity, err);
}

int import_leave_out(struct import_source *source, const char *reason,
		     const char *at, struct err *err)
{
	source->read++;
	return import_skip(source, reason, at, err);
}

/* The bytes as a blob of the construct that the source goes to. */
static int keep_bad(struct import_job *job, struct import_source *source,
		    struct import_skip *bad, struct span bytes,
		    struct err *err)
{
	struct buf ref = BUF_INIT(4096);
	int rc;

	rc = import_blob(job, source->construct, bytes,
			 "application/octet-stream", &ref, err);
	if (rc >= 0)
		bad->blob = copy(buf_text(&ref));
	if (rc >= 0 && !bad->blob)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	buf_release(&ref);
	return rc;
}

int import_malformed(struct import_job *job, struct import_source *source,
		     const char *reason, uint64_t offset, struct span bytes,
		     struct err *err)
{
	void *list = source->malformed;
	struct import_skip *bad;
	char at[40];
	int rc;

	source->read++;
	if (source->malformed_n == IMPORT_MALFORMED_MAX) {
		source->malformed[IMPORT_MALFORMED_MAX - 1].count++;
		return 0;
	}
	snprintf(at, sizeof(at), "byte %llu", (unsigned long long)offset);
	rc = array_grow(&list, &source->malformed_cap, source->malformed_n,
			sizeof(*bad), err);
	source->malformed = list;
	if (rc < 0)
		return rc;
	bad = &source->malformed[source->malformed_n];
	rc = skip_init(bad, reason, at, err);
	if (rc < 0)
		return rc;
	source->malformed_n++;
	bad->offset = offset;
	return job->keeps_bad && bytes.len && source->construct[0] ?
		keep_bad(job, source, bad, bytes, err) : 0;
}

bool import_is_wanted(const struct import_job *job, int64_t micros)
{
	return !job->has_since || micros == INT64_MIN || micros >= job->since;
}

int import_refuse(struct import_source *source, const char *reason,
		  const char *at, struct err *err)
{
	int rc = import_skip(source, reason, at, err);

	source->is_refused = true;
	source->is_done = true;
	source->imported = 0;
	return rc < 0 ? rc : IMPORT_REFUSED;
}

int import_refuse_err(struct import_source *source, const struct err *why,
		      struct err *err)
{
	const char *found = strstr(why->text, "(byte ");
	char at[40];

	if (!found)
		return import_refuse(source, why->text, NULL, err);
	snprintf(at, sizeof(at), "%.*s", (int)strcspn(found + 1, ")"),
		 found + 1);
	return import_refuse(source, why->text, at, err);
}

int import_note(struct import_source *source, struct err *err,
		const char *fmt, ...)
{
	char text[512];
	va_list args;
	int rc;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/* What it quotes may hold anything, or be cut in a character. */
	rc = text_escape(&source->notes, span_str(text), 0, err);
	if (rc >= 0)
		rc = buf_add_char(&source->notes, '\n', err);
	return rc;
}

int import_name(const struct import_job *job, struct import_source *source,
		struct span foreign, struct err *err)
{
	struct err why = ERR_INIT;

	if (job->construct) {
		memcpy(source->construct, job->construct,
		       strlen(job->construct) + 1);
		return 0;
	}
	if (!foreign.len)
		return import_refuse(source, "the source does not say whose "
				     "it is: " NAME_HELP, NULL, err);
	if (construct_name_fold(foreign, source->construct, &why) >= 0)
		return 0;
	source->construct[0] = '\0';
	err_prefix(&why, NAME_HELP);
	return import_refuse(source, why.text, NULL, err);
}

bool import_redacts(const struct import_job *job)
{
	if (job->redaction == REDACT_DEFAULT)
		return !job->vault || !job->vault->state.is_encrypted;
	return job->redaction == REDACT_YES;
}

void import_progress(struct import_job *job, uint64_t more)
{
	struct progress_bytes bytes = { .total = job->bytes_total };

	job->records += more;
	if (!job->session->is_progress)
		return;
	if (!job->started)
		job->started = timestamp_now();
	bytes.started = job->started;
	bytes.things = job->records;
	bytes.done = job->bytes_done;
	if (job->current)
		bytes.done += job->current->input.bytes_read;
	progress_show_bytes(job->session, "importing", &bytes);
}

void import_job_release(struct import_job *job)
{
	struct import_source *source;
	size_t i;
	size_t j;

	for (i = 0; i < job->sources_n; i++) {
		source = &job->sources[i];
		input_release(&source->input);
		if (source->plan)
			source->plan_free(source->plan);
		for (j = 0; j < source->skips_n; j++)
			skip_release(&source->skips[j]);
		for (j = 0; j < source->malformed_n; j++)
			skip_release(&source->malformed[j]);
		free(source->skips);
		free(source->malformed);
		free(source->shares);
		buf_release(&source->kept);
		jcs_fields_release(&source->extra);
		buf_release(&source->notes);
	}
	unchanged_release(job);
	lineage_release(job);
	free(job->sources);
	job->sources = NULL;
	job->sources_n = 0;
}
