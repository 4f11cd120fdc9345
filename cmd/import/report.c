#include "cmd/import/import.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/cli/out.h"
#include "cmd/cli/result_old.h"
#include "cmd/import/others.h"
#include "lib/base/array.h"
#include "lib/base/text.h"

#define SKIPS_SHOWN 10

/* A source speaks of a construct. */
struct mention {
	const char *construct;		/* "": it never got so far */
	const struct import_source *source;
	const struct import_share *share;	/* NULL: it gave nothing */
	size_t place;			/* of the construct in the report */
	size_t nth;
};

/* A construct, and all that speak of it. */
struct telling {
	const struct mention *at;
	size_t n;
	const struct import_result *result;
};

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

static int put_source(const struct mention *mention, struct buf *out,
		      struct err *err)
{
	const struct import_source *source = mention->source;
	const struct import_share *share = mention->share;
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

static int put_sources(const struct telling *telling, struct jcs_fields *line,
		       struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	rc = buf_add_char(&list, '[', err);
	for (i = 0; rc >= 0 && i < telling->n; i++) {
		if (i)
			rc = buf_add_char(&list, ',', err);
		if (rc >= 0)
			rc = put_source(&telling->at[i], &list, err);
	}
	if (rc >= 0)
		rc = buf_add_char(&list, ']', err);
	if (rc >= 0)
		rc = jcs_fields_raw(line, "sources", buf_span(&list), err);
	buf_release(&list);
	return rc;
}

/* Records that were there: those of unchanged sources were not looked at. */
static uint64_t count_known(const struct telling *telling)
{
	uint64_t known = telling->result->write.records_known;
	size_t i;

	for (i = 0; i < telling->n; i++) {
		if (telling->at[i].share && telling->at[i].source->is_unchanged)
			known += telling->at[i].share->imported;
	}
	return known;
}

static int put_line(struct session *session, const struct telling *telling)
{
	const struct write_result *result = &telling->result->write;
	const char *construct = telling->at->construct;
	struct jcs_fields line = JCS_FIELDS_INIT;
	struct err *err = &session->err;
	char records[96];
	int rc;

	rc = text_or_null(&line, "construct", *construct ? construct : NULL,
			  err);
	if (rc >= 0)
		rc = old_result_id(&line, "version",
			       result->has_version ? &result->version : NULL,
			       err);
	snprintf(records, sizeof(records), "{\"known\":%llu,\"new\":%llu}",
		 (unsigned long long)count_known(telling),
		 (unsigned long long)result->records_new);
	if (rc >= 0)
		rc = jcs_fields_raw(&line, "records", span_str(records), err);
	if (rc >= 0)
		rc = others_json(telling->result->others, &line, err);
	if (rc >= 0)
		rc = put_sources(telling, &line, err);
	if (rc >= 0)
		rc = out_json(session, &line);
	jcs_fields_release(&line);
	return rc;
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

static void person_source(const struct mention *mention)
{
	const struct import_source *source = mention->source;
	const struct import_share *share = mention->share;
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

static void person_construct(const struct telling *telling)
{
	const struct write_result *result = &telling->result->write;
	const char *construct = telling->at->construct;
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;

	if (*construct)
		out_colored(OUT_BOLD, span_str(construct));
	else
		out_printf("not imported");
	if (result->has_version) {
		id_hex(&result->version, hex);
		out_printf("  ");
		out_colored(OUT_YELLOW, span_of(hex, ID_SHORT));
	}
	if (*construct)
		out_printf("  %llu new, %llu known",
			   (unsigned long long)result->records_new,
			   (unsigned long long)count_known(telling));
	out_printf("\n");
	for (i = 0; i < telling->n; i++) {
		person_source(&telling->at[i]);
		person_notes(telling->at[i].source);
	}
	others_print(telling->result->others);
}

/* --- which source speaks of which construct -------------------------------- */

struct mentions {
	struct mention *at;
	size_t n;
	size_t cap;
	struct import_results seen;	/* constructs in the order of telling */
};

/* A construct is told where the first source speaks of it. */
static int mention(struct mentions *mentions,
		   const struct import_source *source,
		   const struct import_share *share, struct err *err)
{
	struct import_result *place;
	struct mention *mention;
	void *list = mentions->at;
	int rc;

	rc = array_grow(&list, &mentions->cap, mentions->n, sizeof(*mention),
			err);
	mentions->at = list;
	if (rc < 0)
		return rc;
	mention = &mentions->at[mentions->n];
	mention->construct = share ? share->construct : source->construct;
	mention->source = source;
	mention->share = share;
	rc = import_result_make(&mentions->seen, mention->construct, &place,
				err);
	if (rc < 0)
		return rc;
	mention->place = (size_t)(place - mentions->seen.at);
	mention->nth = mentions->n++;
	return 0;
}

static int order_mentions(const void *a, const void *b)
{
	const struct mention *x = a;
	const struct mention *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (x->nth > y->nth) - (x->nth < y->nth);
}

/* One that gave nothing to any construct speaks of the one it is named for. */
static int mention_all(const struct import_job *job, struct mentions *out,
		       struct err *err)
{
	const struct import_source *source;
	size_t i;
	size_t j;
	int rc = 0;

	for (i = 0; rc >= 0 && i < job->sources_n; i++) {
		source = &job->sources[i];
		for (j = 0; rc >= 0 && j < source->shares_n; j++)
			rc = mention(out, source, &source->shares[j], err);
		if (rc >= 0 && !source->shares_n)
			rc = mention(out, source, NULL, err);
	}
	if (rc >= 0 && out->n)
		qsort(out->at, out->n, sizeof(*out->at), order_mentions);
	return rc;
}

int import_report(const struct import_job *job,
		  const struct import_results *results)
{
	static const struct import_result nothing = { .others = NULL };
	struct mentions all = { .at = NULL, .seen = IMPORT_RESULTS_INIT };
	struct session *session = job->session;
	struct telling telling;
	size_t first;
	size_t next;
	int rc;

	rc = mention_all(job, &all, &session->err);
	for (first = 0; rc >= 0 && first < all.n; first = next) {
		for (next = first + 1; next < all.n; next++) {
			if (all.at[next].place != all.at[first].place)
				break;
		}
		telling.at = &all.at[first];
		telling.n = next - first;
		telling.result = import_result(results, telling.at->construct);
		if (!telling.result)
			telling.result = &nothing;
		if (session->is_json)
			rc = put_line(session, &telling);
		else
			person_construct(&telling);
	}
	free(all.at);
	import_results_release(&all.seen);
	return rc;
}
