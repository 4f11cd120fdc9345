#include "cmd/import/import.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/parse/value_lines.h"
#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/os/file.h"
#include "lib/time/timestamp.h"
#include "objects/blob/blob.h"

#define NAME_HELP "name the construct with --construct"

static void skips_release(struct import_skips *skips)
{
	while (skips->n--) {
		free(skips->at[skips->n].reason);
		free(skips->at[skips->n].at);
		free(skips->at[skips->n].blob);
	}
	free(skips->at);
}

void import_source_release(struct import_source *source)
{
	input_release(&source->input);
	beside_release(&source->beside);
	if (source->plan)
		source->plan_free(source->plan);
	skips_release(&source->skips);
	skips_release(&source->malformed);
	free(source->shares.at);
	buf_release(&source->kept);
	jcs_fields_release(&source->extra);
	buf_release(&source->notes);
}

static int add_skip(struct import_skips *skips, const char *reason,
		    const char *at, struct err *err)
{
	struct import_skip skip = { .count = 1 };
	int rc = array_room(skips, err);

	if (rc < 0)
		return rc;
	skip.reason = strdup(reason);
	skip.at = at ? strdup(at) : NULL;
	if (!skip.reason || (at && !skip.at)) {
		free(skip.reason);
		free(skip.at);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	skips->at[skips->n++] = skip;
	return 0;
}

int import_skip(struct import_source *source, const char *reason,
		const char *at, struct err *err)
{
	size_t i;

	for (i = 0; i < source->skips.n; i++) {
		if (strcmp(source->skips.at[i].reason, reason))
			continue;
		source->skips.at[i].count++;
		return 0;
	}
	return add_skip(&source->skips, reason, at, err);
}

int import_refuse_part(struct import_source *source, const char *reason,
		       struct span place, struct err *err)
{
	struct buf at = BUF_INIT(BUF_NO_LIMIT);
	int rc = buf_add_span(&at, place, err);

	source->is_partial = true;
	if (rc == 0)
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
	if (rc == 0)
		bad->blob = strdup(buf_text(&ref));
	if (rc == 0 && !bad->blob)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	buf_release(&ref);
	return rc;
}

int import_malformed(struct import_job *job, struct import_source *source,
		     const char *reason, uint64_t offset, struct span bytes,
		     struct err *err)
{
	struct import_skips *list = &source->malformed;
	struct import_skip *bad;
	char at[40];
	int rc;

	source->read++;
	if (list->n == IMPORT_MALFORMED_MAX) {
		list->at[IMPORT_MALFORMED_MAX - 1].count++;
		return 0;
	}
	snprintf(at, sizeof(at), "byte %llu", (unsigned long long)offset);
	rc = add_skip(list, reason, at, err);
	if (rc < 0)
		return rc;
	bad = &list->at[list->n - 1];
	bad->offset = offset;
	return (job->options.keeps_bad || bytes.len > IMPORT_LONG_BYTES) &&
	       bytes.len && source->construct[0] ?
		keep_bad(job, source, bad, bytes, err) : 0;
}

/* Bytes of its file, as many as a blob holds; absent where they cannot be
 * looked at again. */
static struct span see_bytes(const struct import_input *input, uint64_t offset,
			     uint64_t len, struct file_map *map)
{
	struct err why = ERR_INIT;
	struct span all = buf_span(&input->head);

	if (!input->is_loaded) {
		if (input->is_pipe || input->is_folder || input->bundle ||
		    input->archive || input->unpack || file_map_open(map, input->path,
						    SIZE_MAX, &why) < 0)
			return span_of(NULL, 0);
		all = map->bytes;
	}
	if (offset > all.len || len > all.len - offset)
		return span_of(NULL, 0);
	return span_of(all.at + offset, (size_t)(len < BLOB_MAX_BYTES ? len :
						 BLOB_MAX_BYTES));
}

int import_malformed_long(struct import_job *job, struct import_source *source,
			  const char *reason, uint64_t offset, uint64_t len,
			  struct err *err)
{
	struct file_map map = FILE_MAP_INIT;
	struct span bytes = see_bytes(&source->input, offset, len, &map);
	int rc = import_malformed(job, source, reason, offset, bytes, err);

	file_map_release(&map);
	return rc;
}

int import_malformed_line(struct import_job *job, struct import_source *source,
			  const struct value_line *line, struct err *err)
{
	/* Of data that are torn themselves that is told once. */
	if (source->input.torn.code && line->is_torn)
		return 0;
	if (line->long_len)
		return import_malformed_long(job, source, line->why.text,
					     line->offset, line->long_len,
					     err);
	if (!source->is_live || !line->is_torn)
		return import_malformed(job, source, line->why.text,
					line->offset, line->text, err);
	source->is_unfinished = true;
	return 0;
}

int import_changed(struct import_job *job, struct import_source *source,
		   uint64_t offset, struct err *err)
{
	if (!source->is_live)
		return import_malformed(job, source, "the file changed while "
					"it was read", offset,
					span_of(NULL, 0), err);
	source->is_unfinished = true;
	return 0;
}

bool import_is_wanted(const struct import_job *job, int64_t micros)
{
	return !job->options.has_since || micros == INT64_MIN ||
	       micros >= job->options.since;
}

int import_decline(struct import_source *source, const char *reason,
		   const char *at, struct err *err)
{
	int rc = import_skip(source, reason, at, err);

	source->is_refused = true;
	source->is_done = true;
	source->imported = 0;
	return rc < 0 ? rc : IMPORT_REFUSED;
}

int import_refuse(struct import_source *source, const char *reason,
		  const char *at, struct err *err)
{
	source->is_unread = true;
	return import_decline(source, reason, at, err);
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
	return rc < 0 ? rc : buf_add_char(&source->notes, '\n', err);
}

int import_name(const struct import_job *job, struct import_source *source,
		struct span foreign, struct err *err)
{
	const char *given = job->options.construct;
	struct err why = ERR_INIT;

	if (given) {
		memcpy(source->construct, given, strlen(given) + 1);
		return 0;
	}
	if (!foreign.len)
		return import_decline(source, "the source does not say whose "
				      "it is: " NAME_HELP, NULL, err);
	if (construct_name_fold(foreign, source->construct, &why) == 0)
		return 0;
	source->construct[0] = '\0';
	err_prefix(&why, NAME_HELP);
	return import_decline(source, why.text, NULL, err);
}

bool import_redacts(const struct import_job *job)
{
	if (job->options.redaction == REDACT_DEFAULT)
		return !job->vault || !job->vault->state.is_encrypted;
	return job->options.redaction == REDACT_YES;
}

bool import_replaces_secrets(const struct import_job *job,
			     const struct import_source *source)
{
	switch (job->options.secrets) {
	case SECRETS_OUT:
		return true;
	case SECRETS_OUT_OF_AGENTS:
		return source->format && source->format->is_of_agents;
	default:
		return false;
	}
}

void import_progress(struct import_job *job, uint64_t more)
{
	struct host_progress now;

	job->progress.things += more;
	if (!job->host->progress)
		return;
	if (!job->progress.started)
		job->progress.started = timestamp_now();
	now = job->progress;
	if (job->current)
		now.done += job->current->input.bytes_read;
	host_progress(job->host, &now);
}
