#include "cmd/import/import.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/progress.h"

#define NAME_HELP "name the construct with --construct"
#define PROGRESS_EVERY 4096

static char *copy(const char *text)
{
	size_t len = strlen(text) + 1;
	char *out = malloc(len);

	if (out)
		memcpy(out, text, len);
	return out;
}

int import_skip(struct import_source *source, const char *reason,
		const char *at, struct err *err)
{
	size_t cap = source->skips_cap ? source->skips_cap * 2 : 4;
	struct import_skip *grown = source->skips;
	struct import_skip *skip;

	if (source->skips_n == source->skips_cap) {
		grown = realloc(grown, cap * sizeof(*grown));
		if (!grown)
			return err_set(err, ERR_NOMEM, "out of memory");
		source->skips = grown;
		source->skips_cap = cap;
	}
	skip = &source->skips[source->skips_n];
	skip->reason = copy(reason);
	skip->at = at ? copy(at) : NULL;
	if (!skip->reason || (at && !skip->at)) {
		free(skip->reason);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	source->skips_n++;
	return 0;
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
	rc = buf_add_str(&source->notes, text, err);
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
		return !job->vault->state.is_encrypted;
	return job->redaction == REDACT_YES;
}

void import_progress(struct import_job *job, uint64_t more)
{
	uint64_t before = job->records / PROGRESS_EVERY;

	job->records += more;
	if (job->records / PROGRESS_EVERY != before)
		progress_show(job->session, "importing", job->records, 0);
}

void import_job_release(struct import_job *job)
{
	struct import_source *source;
	size_t i;
	size_t j;

	for (i = 0; i < job->sources_n; i++) {
		source = &job->sources[i];
		input_release(&source->input);
		for (j = 0; j < source->skips_n; j++) {
			free(source->skips[j].reason);
			free(source->skips[j].at);
		}
		free(source->skips);
		jcs_fields_release(&source->extra);
		buf_release(&source->notes);
	}
	free(job->sources);
	job->sources = NULL;
	job->sources_n = 0;
}
