#include "cmd/import/import.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/import/others.h"
#include "cmd/out.h"
#include "cmd/result.h"
#include "lib/array.h"
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

/* Whatever bytes a path, a place or a reason has, JSON wants UTF-8. */
static int outside_text(struct jcs_fields *fields, const char *name,
			const char *text, struct err *err)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!text)
		return jcs_fields_null(fields, name, err);
	if (text_is_utf8(span_str(text)))
		return jcs_fields_text(fields, name, span_str(text), err);
	rc = text_escape(&safe, span_str(text), 0, err);
	if (rc >= 0)
		rc = jcs_fields_text(fields, name, buf_span(&safe), err);
	buf_release(&safe);
	return rc;
}

/* What was left out, or could not be read. */
static int put_skip(const struct import_skip *skip, bool is_malformed,
		    struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	rc = outside_text(&fields, "at", skip->at, err);
	if (rc >= 0)
		rc = outside_text(&fields, "reason", skip->reason, err);
	if (rc >= 0)
		rc = jcs_fields_integer(&fields, "count",
					(int64_t)skip->count, err);
	if (rc >= 0 && is_malformed)
		rc = jcs_fields_integer(&fields, "offset",
					(int64_t)skip->offset, err);
	if (rc >= 0 && skip->blob)
		rc = jcs_fields_raw(&fields, "bytes", span_str(skip->blob),
				    err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

static int put_skips(const struct import_skip *skips, size_t n,
		     bool is_malformed, struct buf *out, struct err *err)
{
	size_t i;
	int rc;

	rc = buf_add_char(out, '[', err);
	for (i = 0; rc >= 0 && i < n; i++) {
		if (i)
			rc = buf_add_char(out, ',', err);
		if (rc >= 0)
			rc = put_skip(&skips[i], is_malformed, out, err);
	}
	return rc < 0 ? rc : buf_add_char(out, ']', err);
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

/* How much of everything. */
static int put_counts(const struct import_source *source, uint64_t imported,
		      uint64_t known, struct jcs_fields *fields,
		      struct err *err)
{
	const struct {
		const char *name;
		uint64_t count;
	} counts[] = {
		{ "read", source->read },
		{ "imported", imported },
		{ "known", known },
		{ "guessed", source->guessed },
		{ "unknown_times", source->unknown_times },
		{ "redactions", source->redactions },
	};
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < sizeof(counts) / sizeof(counts[0]); i++)
		rc = jcs_fields_integer(fields, counts[i].name,
					(int64_t)counts[i].count, err);
	return rc < 0 ? rc : jcs_fields_bool(fields, "unchanged",
					     source->is_unchanged, err);
}

static int put_lists(const struct import_source *source,
		     struct jcs_fields *fields, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = put_skips(source->skips, source->skips_n, false, &list, err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "skipped", buf_span(&list), err);
	buf_reset(&list);
	if (rc >= 0)
		rc = put_skips(source->malformed, source->malformed_n, true,
			       &list, err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "malformed", buf_span(&list), err);
	buf_reset(&list);
	if (rc >= 0)
		rc = put_notes(source, &list, err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "notes", buf_span(&list), err);
	buf_release(&list);
	return rc;
}

/* What the source gave to this construct; NULL: it gave nothing to any. */
static const struct import_share *find_share(
	const struct import_source *source, const char *construct)
{
	size_t i;

	for (i = 0; i < source->shares_n; i++) {
		if (!strcmp(source->shares[i].construct, construct))
			return &source->shares[i];
	}
	return NULL;
}

static bool speaks_of(const struct import_source *source,
		      const char *construct)
{
	return source->shares_n ? find_share(source, construct) != NULL :
		!strcmp(source->construct, construct);
}

static int copy_fields(const struct jcs_fields *from, struct jcs_fields *to,
		       struct err *err)
{
	const struct jcs_field *field;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < from->count; i++) {
		field = &from->list[i];
		rc = jcs_fields_add(to, span_of(from->text.data + field->name,
						field->name_len),
				    span_of(from->text.data + field->value,
					    field->value_len), err);
	}
	return rc;
}

static int put_source(const struct import_source *source,
		      const char *construct, struct buf *out, struct err *err)
{
	const struct import_share *share = find_share(source, construct);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	rc = copy_fields(&source->extra, &fields, err);
	if (rc >= 0)
		rc = outside_text(&fields, "path", source->input.path, err);
	if (rc >= 0)
		rc = text_or_null(&fields, "format", format_name(source), err);
	if (rc >= 0)
		rc = put_counts(source, share ? share->imported :
				source->imported, share ? share->known :
				source->known, &fields, err);
	if (rc >= 0)
		rc = put_lists(source, &fields, err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
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
		if (!speaks_of(&job->sources[i], construct))
			continue;
		if (list.len > 1)
			rc = buf_add_char(&list, ',', err);
		if (rc >= 0)
			rc = put_source(&job->sources[i], construct, &list,
					err);
	}
	if (rc >= 0)
		rc = buf_add_char(&list, ']', err);
	if (rc >= 0)
		rc = jcs_fields_raw(line, "sources", buf_span(&list), err);
	buf_release(&list);
	return rc;
}

/* Records that were there: those of unchanged sources were not looked at. */
static uint64_t count_known(const struct import_job *job,
			    const char *construct,
			    const struct import_result *result)
{
	uint64_t known = result ? result->write.records_known : 0;
	const struct import_share *share;
	size_t i;

	for (i = 0; i < job->sources_n; i++) {
		share = find_share(&job->sources[i], construct);
		if (share && job->sources[i].is_unchanged)
			known += share->imported;
	}
	return known;
}

/* construct "" and result NULL: sources that never got so far. */
static int put_line(const struct import_job *job, const char *construct,
		     const struct import_result *result)
{
	static const struct import_result nothing = { .others = NULL };
	struct jcs_fields line = JCS_FIELDS_INIT;
	struct err *err = &job->session->err;
	char records[96];
	int rc;

	result = result ? result : &nothing;
	rc = text_or_null(&line, "construct", *construct ? construct : NULL,
			  err);
	if (rc >= 0)
		rc = result_id(&line, "version",
			       result->write.has_version ? &result->write.version : NULL,
			       err);
	snprintf(records, sizeof(records), "{\"known\":%llu,\"new\":%llu}",
		 (unsigned long long)count_known(job, construct, result),
		 (unsigned long long)result->write.records_new);
	if (rc >= 0)
		rc = jcs_fields_raw(&line, "records", span_str(records), err);
	if (rc >= 0)
		rc = others_json(result->others, &line, err);
	if (rc >= 0)
		rc = put_sources(job, construct, &line, err);
	if (rc >= 0)
		rc = out_json(job->session, &line);
	jcs_fields_release(&line);
	return rc;
}

static const struct import_result *find_result(
	const struct import_results *results, const char *construct)
{
	size_t i;

	for (i = 0; i < results->n; i++) {
		if (!strcmp(results->at[i].construct, construct))
			return &results->at[i];
	}
	return NULL;
}

static void person_skips(const struct import_source *source)
{
	const struct import_skip *skip;
	size_t i;

	for (i = 0; i < source->skips_n && i < SKIPS_SHOWN; i++) {
		skip = &source->skips[i];
		out_printf("    %s: ", source->is_refused ? "refused" :
			   "left out");
		if (skip->at) {
			out_text(span_str(skip->at));
			out_printf(": ");
		}
		out_text(span_str(skip->reason));
		if (skip->count > 1)
			out_printf(" (%llu times)",
				   (unsigned long long)skip->count);
		out_printf("\n");
	}
	if (i < source->skips_n)
		out_printf("    and %zu more\n", source->skips_n - i);
	for (i = 0; i < source->malformed_n && i < SKIPS_SHOWN; i++) {
		skip = &source->malformed[i];
		out_printf("    cannot be read: %s: ", skip->at);
		out_text(span_str(skip->reason));
		out_printf("\n");
	}
	if (i < source->malformed_n)
		out_printf("    and %zu more that cannot be read\n",
			   source->malformed_n - i);
}

static void person_counts(const struct import_source *source)
{
	const struct {
		uint64_t count;
		const char *what;
	} counts[] = {
		{ source->guessed, "guessed branches" },
		{ source->unknown_times, "unknown times" },
		{ source->redactions, "secrets left out" },
	};
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (counts[i].count)
			out_printf(", %llu %s",
				   (unsigned long long)counts[i].count,
				   counts[i].what);
	}
}

static void person_source(const struct import_source *source,
			  const char *construct)
{
	const struct import_share *share = find_share(source, construct);
	uint64_t imported = share ? share->imported : source->imported;

	out_printf("  ");
	out_text(span_str(source->input.path));
	out_printf(": %s", source->format ? source->format->name : "unknown");
	if (!source->is_refused && source->format)
		out_printf(", %llu record%s", (unsigned long long)imported,
			   imported == 1 ? "" : "s");
	if (source->is_unchanged)
		out_printf(", unchanged");
	if (source->about[0])
		out_printf(", %s", source->about);
	person_counts(source);
	out_printf("\n");
	person_skips(source);
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
			     const struct import_result *result)
{
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;

	if (*construct)
		out_colored(job->session, OUT_BOLD, span_str(construct));
	else
		out_printf("not imported");
	if (result && result->write.has_version) {
		id_hex(&result->write.version, hex);
		out_printf("  ");
		out_colored(job->session, OUT_YELLOW,
			    span_of(hex, ID_SHORT));
	}
	if (*construct)
		out_printf("  %llu new, %llu known", (unsigned long long)
			   (result ? result->write.records_new : 0),
			   (unsigned long long)count_known(job, construct,
							   result));
	out_printf("\n");
	for (i = 0; i < job->sources_n; i++) {
		if (!speaks_of(&job->sources[i], construct))
			continue;
		person_source(&job->sources[i], construct);
		person_notes(&job->sources[i]);
	}
	if (result)
		others_print(result->others);
}

/* The constructs that were told of, so that each is told once. */
struct told {
	char (*names)[CONSTRUCT_NAME_MAX];
	size_t n;
	size_t cap;
};

/* 1: it is new. */
static int tell_once(struct told *told, const char *construct,
		     struct err *err)
{
	void *list = told->names;
	size_t i;
	int rc;

	for (i = told->n; i > 0; i--) {
		if (!strcmp(told->names[i - 1], construct))
			return 0;
	}
	rc = array_grow(&list, &told->cap, told->n, sizeof(*told->names), err);
	told->names = list;
	if (rc < 0)
		return rc;
	memcpy(told->names[told->n++], construct, strlen(construct) + 1);
	return 1;
}

static int report_construct(const struct import_job *job,
			    const struct import_results *results,
			    const char *construct, struct told *told)
{
	const struct import_result *result = find_result(results, construct);
	int rc;

	rc = tell_once(told, construct, &job->session->err);
	if (rc <= 0)
		return rc;
	if (job->session->is_json)
		return put_line(job, construct, result);
	person_construct(job, construct, result);
	return 0;
}

int import_report(const struct import_job *job,
		  const struct import_results *results)
{
	struct told told = { NULL, 0, 0 };
	const struct import_source *source;
	size_t i;
	size_t j;
	int rc = 0;

	for (i = 0; rc >= 0 && i < job->sources_n; i++) {
		source = &job->sources[i];
		for (j = 0; rc >= 0 && j < source->shares_n; j++)
			rc = report_construct(job, results,
					      source->shares[j].construct,
					      &told);
		if (rc >= 0 && !source->shares_n)
			rc = report_construct(job, results, source->construct,
					      &told);
	}
	free(told.names);
	return rc < 0 ? rc : 0;
}
