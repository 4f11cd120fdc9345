#include "cmd/import/run.h"

#include <stdlib.h>

#include "cmd/action/result.h"
#include "cmd/import/disagree.h"
#include "cmd/import/others.h"
#include "lib/base/array.h"

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

static void put_count(struct jcs_fields *fields, const char *name,
		      uint64_t count)
{
	fields_integer(fields, name, (int64_t)count);
}

static void put_object(struct buf *list, struct jcs_fields *fields)
{
	buf_put_str(list, list->len > 1 ? "," : "");
	buf_fail(list, jcs_fields_write(fields, list, NULL));
	jcs_fields_reset(fields);
}

/* What was left out, or could not be read. */
static void put_skips(struct jcs_fields *fields, const char *name,
		      const struct import_skips *skips, bool is_malformed)
{
	struct jcs_fields one = JCS_FIELDS_INIT;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	const struct import_skip *skip;
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < skips->n; i++) {
		skip = &skips->at[i];
		result_outside(&one, "at", skip->at);
		result_outside(&one, "reason", skip->reason);
		put_count(&one, "count", skip->count);
		if (is_malformed)
			put_count(&one, "offset", skip->offset);
		if (skip->blob)
			fields_raw(&one, "bytes", span_str(skip->blob));
		put_object(&list, &one);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, name, &list);
	jcs_fields_release(&one);
	buf_release(&list);
}

static void put_notes(struct jcs_fields *fields, const struct buf *notes)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	const char *line = buf_text(notes);
	size_t len;

	buf_put_char(&list, '[');
	for (; *line; line += len + 1) {
		len = strcspn(line, "\n");
		buf_put_str(&list, list.len > 1 ? "," : "");
		jcs_put_string(&list, span_of(line, len));
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "notes", &list);
	buf_release(&list);
}

static void copy_fields(const struct jcs_fields *from, struct jcs_fields *to)
{
	const struct jcs_field *field;
	const char *text = from->text.data;
	size_t i;

	fields_fail(to, fields_end(from, NULL), &from->err);
	for (i = 0; i < from->count; i++) {
		field = &from->list[i];
		fields_add(to, span_of(text + field->name, field->name_len),
			   span_of(text + field->value, field->value_len));
	}
}

static void put_source(struct buf *list, const struct mention *mention)
{
	const struct import_source *source = mention->source;
	const struct import_share *share = mention->share;
	struct jcs_fields fields = JCS_FIELDS_INIT;

	copy_fields(&source->extra, &fields);
	result_outside(&fields, "path", source->input.path);
	result_text(&fields, "format",
		    span_str(source->format ? source->format->name : NULL));
	put_count(&fields, "read", source->read);
	put_count(&fields, "imported", share ? share->imported :
		  source->imported);
	put_count(&fields, "known", share ? share->known : source->known);
	put_count(&fields, "guessed", source->guessed);
	put_count(&fields, "unknown_times", source->unknown_times);
	put_count(&fields, "unlikely_times", source->unlikely_times);
	put_count(&fields, "redactions", source->redactions);
	fields_bool(&fields, "refused", source->is_refused);
	fields_bool(&fields, "unchanged", source->is_unchanged);
	put_skips(&fields, "skipped", &source->skips, false);
	put_skips(&fields, "malformed", &source->malformed, true);
	put_notes(&fields, &source->notes);
	put_object(list, &fields);
	jcs_fields_release(&fields);
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

/* A construct, with the sources that speak of it. */
static int report_tell(const struct import_job *job,
		       const struct telling *telling, struct err *err)
{
	const struct write_result *write = &telling->result->write;
	const char *construct = telling->at->construct;
	struct jcs_fields line = JCS_FIELDS_INIT;
	struct buf sources = BUF_INIT(BUF_NO_LIMIT);
	uint64_t conflicts;
	size_t i;
	int rc = import_disagreements(job->vault, telling->result, &conflicts,
				      err);

	if (rc < 0)
		return rc;
	if (conflicts)
		put_count(&line, "conflicts", conflicts);
	if (*construct)
		result_construct_id(&line, job->vault, construct);
	else
		fields_null(&line, "construct");
	result_id(&line, "version", write->has_version ? &write->version :
		  NULL);
	result_records(&line, count_known(telling), write->records_new);
	others_json(telling->result->others, &line);
	buf_put_char(&sources, '[');
	for (i = 0; i < telling->n; i++)
		put_source(&sources, &telling->at[i]);
	buf_put_char(&sources, ']');
	fields_buf(&line, "sources", &sources);
	rc = host_object(job->host, &line, err);
	jcs_fields_release(&line);
	buf_release(&sources);
	return rc;
}

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
	struct mention mention = { .source = source, .share = share };
	struct import_result *place;
	int rc;

	mention.construct = share ? share->construct : source->construct;
	rc = import_result_make(&mentions->seen, mention.construct, &place,
				err);
	if (rc == 0)
		rc = array_room(mentions, err);
	if (rc < 0)
		return rc;
	mention.place = (size_t)(place - mentions->seen.at);
	mention.nth = mentions->n;
	mentions->at[mentions->n++] = mention;
	return 0;
}

static int order_mentions(const void *a, const void *b)
{
	const struct mention *x = a;
	const struct mention *y = b;

	/* What belongs to no construct, last. */
	if (!x->construct[0] != !y->construct[0])
		return x->construct[0] ? -1 : 1;
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

	for (i = 0; rc == 0 && i < job->sources_n; i++) {
		source = &job->sources[i];
		if (source->is_part)
			continue;
		for (j = 0; rc == 0 && j < source->shares.n; j++)
			rc = mention(out, source, &source->shares.at[j], err);
		if (rc == 0 && !source->shares.n)
			rc = mention(out, source, NULL, err);
	}
	if (out->n)
		qsort(out->at, out->n, sizeof(*out->at), order_mentions);
	return rc;
}

int import_report(const struct import_job *job,
		  const struct import_results *results, struct err *err)
{
	static const struct import_result nothing = { .others = NULL };
	struct mentions all = { .at = NULL, .seen = IMPORT_RESULTS_INIT };
	struct telling telling;
	size_t first;
	size_t next;
	int rc;

	rc = mention_all(job, &all, err);
	for (first = 0; rc == 0 && first < all.n; first = next) {
		for (next = first + 1; next < all.n; next++) {
			if (all.at[next].place != all.at[first].place)
				break;
		}
		telling.at = &all.at[first];
		telling.n = next - first;
		telling.result = import_result(results, telling.at->construct);
		if (!telling.result)
			telling.result = &nothing;
		rc = report_tell(job, &telling, err);
	}
	free(all.at);
	import_results_release(&all.seen);
	return rc;
}
