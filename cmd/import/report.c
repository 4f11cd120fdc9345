#include "cmd/import/import.h"

#include <stdio.h>

#include "cmd/out.h"
#include "cmd/result.h"
#include "lib/text.h"

#define SKIPS_SHOWN 10

static const char *format_name(const struct import_source *source)
{
	return source->format ? source->format->name : NULL;
}

static int text_or_null(struct jcs_fields *fields, const char *name,
			const char *text, struct err *err)
{
	return text ? jcs_fields_text(fields, name, span_str(text), err) :
	       jcs_fields_null(fields, name, err);
}

/* Whatever bytes a path or a reason has, JSON wants UTF-8. */
static int outside_text(struct jcs_fields *fields, const char *name,
			const char *text, struct err *err)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (text_is_utf8(span_str(text)))
		return jcs_fields_text(fields, name, span_str(text), err);
	rc = text_escape(&safe, span_str(text), 0, err);
	if (rc >= 0)
		rc = jcs_fields_text(fields, name, buf_span(&safe), err);
	buf_release(&safe);
	return rc;
}

static int put_skips(const struct import_source *source, struct buf *out,
		      struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t i;
	int rc;

	rc = buf_add_char(out, '[', err);
	for (i = 0; rc >= 0 && i < source->skips_n; i++) {
		jcs_fields_reset(&fields);
		rc = text_or_null(&fields, "at", source->skips[i].at, err);
		if (rc >= 0)
			rc = outside_text(&fields, "reason",
					  source->skips[i].reason, err);
		if (rc >= 0 && i)
			rc = buf_add_char(out, ',', err);
		if (rc >= 0)
			rc = jcs_fields_write(&fields, out, err);
	}
	if (rc >= 0)
		rc = buf_add_char(out, ']', err);
	jcs_fields_release(&fields);
	return rc;
}

static int put_notes(const struct import_source *source, struct buf *out,
		      struct err *err)
{
	const char *line = buf_text(&source->notes);
	size_t len;
	int rc;

	rc = buf_add_char(out, '[', err);
	for (; rc >= 0 && *line; line += len + 1) {
		len = strcspn(line, "\n");
		if (line != buf_text(&source->notes))
			rc = buf_add_char(out, ',', err);
		if (rc >= 0)
			rc = jcs_add_string(out, span_of(line, len), err);
	}
	return rc < 0 ? rc : buf_add_char(out, ']', err);
}

static int put_source(struct import_source *source, struct buf *out,
		       struct err *err)
{
	struct jcs_fields *fields = &source->extra;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = outside_text(fields, "path", source->input.path, err);
	if (rc >= 0)
		rc = text_or_null(fields, "format", format_name(source), err);
	if (rc >= 0)
		rc = jcs_fields_integer(fields, "read", (int64_t)source->read,
					err);
	if (rc >= 0)
		rc = jcs_fields_integer(fields, "imported",
					(int64_t)source->imported, err);
	if (rc >= 0)
		rc = put_skips(source, &list, err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "skipped", buf_span(&list), err);
	buf_reset(&list);
	if (rc >= 0)
		rc = put_notes(source, &list, err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "notes", buf_span(&list), err);
	if (rc >= 0)
		rc = jcs_fields_write(fields, out, err);
	buf_release(&list);
	return rc;
}

static int put_sources(const struct import_job *job, const char *construct,
			struct jcs_fields *line, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	rc = buf_add_char(&list, '[', err);
	for (i = 0; rc >= 0 && i < job->sources_n; i++) {
		if (strcmp(job->sources[i].construct, construct))
			continue;
		if (list.len > 1)
			rc = buf_add_char(&list, ',', err);
		if (rc >= 0)
			rc = put_source(&job->sources[i], &list, err);
	}
	if (rc >= 0)
		rc = buf_add_char(&list, ']', err);
	if (rc >= 0)
		rc = jcs_fields_raw(line, "sources", buf_span(&list), err);
	buf_release(&list);
	return rc;
}

/* construct "" and result NULL: sources that never got so far. */
static int put_line(const struct import_job *job, const char *construct,
		     const struct write_result *result)
{
	static const struct write_result nothing = { .has_version = false };
	struct jcs_fields line = JCS_FIELDS_INIT;
	struct err *err = &job->session->err;
	char records[96];
	int rc;

	result = result ? result : &nothing;
	rc = text_or_null(&line, "construct", *construct ? construct : NULL,
			  err);
	if (rc >= 0)
		rc = result_id(&line, "version",
			       result->has_version ? &result->version : NULL,
			       err);
	snprintf(records, sizeof(records), "{\"known\":%llu,\"new\":%llu}",
		 (unsigned long long)result->records_known,
		 (unsigned long long)result->records_new);
	if (rc >= 0)
		rc = jcs_fields_raw(&line, "records", span_str(records), err);
	if (rc >= 0)
		rc = put_sources(job, construct, &line, err);
	if (rc >= 0)
		rc = out_json(job->session, &line);
	jcs_fields_release(&line);
	return rc;
}

static const struct write_result *find_result(
	const struct import_results *results, const char *construct)
{
	size_t i;

	for (i = 0; i < results->n; i++) {
		if (!strcmp(results->at[i].construct, construct))
			return &results->at[i].write;
	}
	return NULL;
}

/* Is it the first source of its construct? */
static bool is_first(const struct import_job *job, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++) {
		if (!strcmp(job->sources[i].construct,
			    job->sources[at].construct))
			return false;
	}
	return true;
}

static void person_source(const struct import_source *source)
{
	size_t i;

	out_printf("  ");
	out_text(span_str(source->input.path));
	out_printf(": %s", source->format ? source->format->name : "unknown");
	if (!source->is_refused && source->format)
		out_printf(", %llu record%s",
			   (unsigned long long)source->imported,
			   source->imported == 1 ? "" : "s");
	if (source->about[0])
		out_printf(", %s", source->about);
	out_printf("\n");
	for (i = 0; i < source->skips_n && i < SKIPS_SHOWN; i++) {
		out_printf("    %s: ", source->is_refused ? "refused" :
			   "left out");
		if (source->skips[i].at)
			out_printf("%s: ", source->skips[i].at);
		out_text(span_str(source->skips[i].reason));
		out_printf("\n");
	}
	if (i < source->skips_n)
		out_printf("    and %zu more\n", source->skips_n - i);
}

static void person_notes(const struct import_source *source)
{
	const char *line = buf_text(&source->notes);
	size_t len;

	for (; *line; line += len + 1) {
		len = strcspn(line, "\n");
		out_printf("    note: ");
		out_text(span_of(line, len));
		out_printf("\n");
	}
}

static void person_construct(const struct import_job *job,
			     const char *construct,
			     const struct write_result *result)
{
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;

	if (*construct)
		out_colored(job->session, OUT_BOLD, span_str(construct));
	else
		out_printf("not imported");
	if (result && result->has_version) {
		id_hex(&result->version, hex);
		out_printf("  ");
		out_colored(job->session, OUT_YELLOW,
			    span_of(hex, ID_SHORT));
	}
	if (result)
		out_printf("  %llu new, %llu known",
			   (unsigned long long)result->records_new,
			   (unsigned long long)result->records_known);
	out_printf("\n");
	for (i = 0; i < job->sources_n; i++) {
		if (strcmp(job->sources[i].construct, construct))
			continue;
		person_source(&job->sources[i]);
		person_notes(&job->sources[i]);
	}
}

int import_report(const struct import_job *job,
		  const struct import_results *results)
{
	const struct write_result *result;
	const char *construct;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < job->sources_n; i++) {
		if (!is_first(job, i))
			continue;
		construct = job->sources[i].construct;
		result = find_result(results, construct);
		if (job->session->is_json)
			rc = put_line(job, construct, result);
		else
			person_construct(job, construct, result);
	}
	return rc;
}
