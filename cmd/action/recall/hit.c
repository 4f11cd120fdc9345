#include "cmd/action/recall/hit.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/action/read/handles.h"
#include "cmd/action/recall/from.h"
#include "cmd/action/recall/turns.h"
#include "cmd/action/result.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"

#define SCORE_STEPS 1000.0	/* digits that a score is told with */

struct emitting {
	struct action_call *call;
	struct recall *recall;
	const struct hit_options *options;
	struct from_list from;
	struct jcs_fields fields;
	struct buf data;
	struct spoken spoken;
	struct hit_names names;
	struct snippet snippet;
	struct err *err;
};

static struct row *row_of(const struct emitting *emitting, size_t hit)
{
	return &emitting->recall->rows.at[emitting->recall->hits[hit].row];
}

void hit_put_time(struct jcs_fields *fields, int64_t micros)
{
	char text[TIMESTAMP_TEXT_MAX];

	if (micros == INT64_MIN) {
		fields_null(fields, "at");
		return;
	}
	timestamp_text(micros, text);
	fields_str(fields, "at", text);
}

void hit_put_who(struct jcs_fields *fields, const struct spoken *spoken)
{
	result_text(fields, "role", spoken->role);
	if (spoken->name.len)
		fields_text(fields, "name", spoken->name);
	if (spoken->model.len)
		fields_text(fields, "model", spoken->model);
}

static int find_names(struct emitting *emitting, const struct row *row,
		      struct view *view)
{
	size_t number = (size_t)(row - emitting->recall->rows.at);
	struct span session = emitting->spoken.session;
	struct hit_names *names = &emitting->names;
	bool is_known;
	int rc = recall_title(emitting->recall, number, session,
			      &names->title, &is_known, emitting->err);

	if (rc == 0 && !is_known)
		rc = hit_find_title(view, session, &names->title,
				    emitting->err);
	buf_reset(&names->first);
	if (rc < 0 || names->title.len || !hit_is_told(view, "message"))
		return rc;
	rc = recall_first(emitting->recall, number, &names->first,
			  emitting->err);
	return rc < 0 || names->first.len ? rc :
	       hit_find_first(view, session, &names->first, emitting->err);
}

/* Hits of a session come behind one another: its title is read for the first
 * of them. */
static int put_session(struct emitting *emitting, const struct row *row,
		       struct view *view, size_t nth)
{
	int rc = nth > 1 || !hit_is_told(view, "session") ? 0 :
		 find_names(emitting, row, view);

	hit_put_names(&emitting->fields, emitting->spoken.session,
		      &emitting->names);
	return rc < 0 || nth > 1 || emitting->options->excerpt ||
	       spoken_is_title(&emitting->spoken) ? rc :
	       hit_put_title_marks(emitting->recall, &emitting->names,
				   &emitting->snippet, &emitting->fields,
				   emitting->err);
}

static int put_snippet(struct emitting *emitting)
{
	struct snippet *snippet = &emitting->snippet;
	const struct query *query = emitting->recall->query;
	int rc = snippet_make(emitting->recall->words, query,
			      query_slots(query, spoken_is_title(
						&emitting->spoken)),
			      buf_span(&emitting->spoken.text), snippet,
			      emitting->err);

	fields_text(&emitting->fields, "snippet", buf_span(&snippet->text));
	hit_put_marks(&emitting->fields, "marks", snippet);
	return rc;
}

static int put_excerpt(struct emitting *emitting)
{
	const struct hit_excerpt *excerpt = emitting->options->excerpt;

	return excerpt ? excerpt->put(excerpt->arg,
				      buf_span(&emitting->spoken.text),
				      &emitting->fields, emitting->err) :
	       put_snippet(emitting);
}

static int put_hit(struct emitting *emitting, size_t hit, size_t nth)
{
	struct row *row = row_of(emitting, hit);
	struct view *view = emitting->recall->views[row->construct];
	double score = emitting->recall->hits[hit].score;
	struct jcs_fields *fields = &emitting->fields;
	char ref[CID_TEXT_MAX];
	int rc = recall_read(emitting->recall, row, &emitting->data,
			     &emitting->spoken, emitting->err);

	if (rc < 0)
		return rc;
	cid_text(CID_JSON, row->id, ref);
	result_construct(fields, view);
	result_id(fields, "version", view->heads_n == 1 ? view->heads : NULL);
	fields_str(fields, "ref", ref);
	fields_text(fields, "entity", row->entity);
	fields_str(fields, "kind", emitting->spoken.kind->name);
	fields_integer(fields, "nth", (int64_t)nth);
	if (!emitting->options->excerpt) {
		fields_number(fields, "score", (double)(int64_t)
			      (score * SCORE_STEPS) / SCORE_STEPS);
		fields_integer(fields, "rank", (int64_t)hit + 1);
	}
	hit_put_time(fields, row->micros);
	hit_put_who(fields, &emitting->spoken);
	rc = put_session(emitting, row, view, nth);
	if (rc == 0)
		rc = put_excerpt(emitting);
	if (rc == 0 && emitting->options->with_from)
		rc = from_put(&emitting->from, emitting->recall, row,
			      &emitting->spoken, fields, emitting->err);
	if (rc == 0 && emitting->options->around)
		rc = turns_put(emitting->recall, (size_t)
			       (row - emitting->recall->rows.at),
			       emitting->options->around, fields,
			       emitting->err);
	/* What the history says stands no longer, maybe. */
	if (emitting->recall->filter.with_history)
		handle_record(emitting->call, view, row->entity, row->id);
	else
		handle_entity(emitting->call, view, row->entity, row->id);
	return rc < 0 ? rc :
	       host_object(emitting->call->host, fields, emitting->err);
}

static bool is_first(const struct emitting *emitting, size_t hit)
{
	size_t i;

	for (i = 0; i < hit; i++) {
		if (row_of(emitting, i)->session ==
		    row_of(emitting, hit)->session)
			return false;
	}
	return true;
}

static int emit_session(struct emitting *emitting, size_t first)
{
	uint32_t session = row_of(emitting, first)->session;
	size_t nth = 0;
	size_t i;
	int rc = 0;

	for (i = first; rc == 0 && i < emitting->recall->hits_n; i++) {
		if (row_of(emitting, i)->session == session)
			rc = put_hit(emitting, i, ++nth);
	}
	return rc;
}

static int emit_ranked(struct emitting *emitting)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < emitting->recall->hits_n; i++) {
		if (is_first(emitting, i))
			rc = emit_session(emitting, i);
	}
	return rc;
}

size_t hits_of_session(const struct recall *recall, size_t first)
{
	const struct row *rows = recall->rows.at;
	size_t n = 1;

	while (first + n < recall->hits_n &&
	       rows[recall->hits[first + n].row].session ==
	       rows[recall->hits[first].row].session)
		n++;
	return n;
}

static int emit_grouped(struct emitting *emitting)
{
	struct recall *recall = emitting->recall;
	size_t first = 0;
	size_t n;
	size_t i;
	int rc = 0;

	for (; rc == 0 && first < recall->hits_n; first += n) {
		n = hits_of_session(recall, first);
		rc = recall_hold(recall, first, n, emitting->err);
		for (i = 0; rc == 0 && i < n; i++)
			rc = put_hit(emitting, first + i, i + 1);
	}
	return rc;
}

int hits_emit(struct action_call *call, struct recall *recall,
	      const struct hit_options *options, struct err *err)
{
	struct emitting emitting = {
		.call = call, .recall = recall, .options = options,
		.fields = JCS_FIELDS_INIT, .data = BUF_INIT(BUF_NO_LIMIT),
		.spoken = SPOKEN_INIT, .names = HIT_NAMES_INIT,
		.snippet = SNIPPET_INIT, .err = err,
	};
	int rc = options->excerpt ? emit_grouped(&emitting) :
		 emit_ranked(&emitting);

	from_list_release(&emitting.from);
	jcs_fields_release(&emitting.fields);
	buf_release(&emitting.data);
	spoken_release(&emitting.spoken);
	hit_names_release(&emitting.names);
	snippet_release(&emitting.snippet);
	return rc;
}
