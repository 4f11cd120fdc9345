#include "refs/index/recall.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"

int recall_new(struct span words, const struct recall_filter *filter,
	       struct recall **out, struct err *err)
{
	struct recall *recall = calloc(1, sizeof(*recall));
	int rc;

	if (!recall)
		return err_set(err, ERR_NOMEM, "out of memory");
	recall->filter = *filter;
	recall->rows = (struct rows)ROWS_INIT;
	rc = words_new(&recall->words, err);
	if (rc == 0)
		rc = query_new(recall->words, words, &recall->query, err);
	if (rc < 0) {
		recall_free(recall);
		return rc;
	}
	*out = recall;
	return 0;
}

void recall_free(struct recall *recall)
{
	if (!recall)
		return;
	rows_release(&recall->rows);
	query_free(recall->query);
	words_free(recall->words);
	free(recall->views);
	free(recall->hits);
	free(recall);
}

static bool is_one(const char *wanted, struct span text)
{
	return !wanted || span_equals(span_str(wanted), text);
}

static bool is_session(const char *wanted, struct span session)
{
	static const char prefix[] = "session:";

	if (is_one(wanted, session))
		return true;
	return span_begins(session, prefix) &&
	       is_one(wanted, span_of(session.at + sizeof(prefix) - 1,
				      session.len - (sizeof(prefix) - 1)));
}

static bool is_wanted(const struct recall_filter *filter,
		      const struct spoken *spoken)
{
	if (filter->kind && filter->kind != spoken->kind)
		return false;
	if (!is_one(filter->role, spoken->role) ||
	    !is_one(filter->model, spoken->model) ||
	    !is_one(filter->provider, spoken->provider) ||
	    !is_session(filter->session, spoken->session))
		return false;
	/* An unknown time is INT64_MIN, and lies in no bounds. */
	if (filter->since == INT64_MIN && filter->until == INT64_MAX)
		return true;
	return spoken->micros != INT64_MIN && spoken->micros >= filter->since &&
	       spoken->micros <= filter->until;
}

/* What no person read counts only where it is asked for. */
static bool is_seen(const struct recall_filter *filter,
		    const struct spoken *spoken)
{
	return filter->with_all || !spoken->visibility.len ||
	       span_equals(spoken->visibility, span_str("visible"));
}

/* One walk over a view. */
struct gathering {
	struct recall *recall;
	struct spoken spoken;
	struct row row;
};

static int gather(struct gathering *gathering, struct err *err)
{
	struct recall *recall = gathering->recall;
	const struct spoken *spoken = &gathering->spoken;

	if (!is_seen(&recall->filter, spoken) || !spoken->text.len)
		return 0;
	gathering->row.flags = is_wanted(&recall->filter, spoken) ? 0 :
			       ROW_IS_OUT;
	return rows_add(&recall->rows, recall->words, recall->query, spoken,
			&gathering->row, err);
}

static const struct fold_record *newest(const struct view_entity *entity)
{
	const struct fold_record *best = entity->records;
	size_t i;

	for (i = 1; i < entity->records_n; i++) {
		const struct fold_record *one = &entity->records[i];
		int order = span_compare(one->record.at, best->record.at);

		if (order > 0 || (order == 0 && memcmp(one->id, best->id,
						       RECORD_ID_BYTES) > 0))
			best = one;
	}
	return best;
}

static int gather_entity(void *arg, const struct view_entity *entity,
			 struct err *err)
{
	struct gathering *gathering = arg;
	const struct fold_record *last;
	int rc;

	if (!entity->state.at || !spoken_has(entity->kind))
		return 0;
	last = newest(entity);
	memcpy(gathering->row.id, last->id, RECORD_ID_BYTES);
	rc = spoken_read(entity->entity, entity->kind, entity->state,
		       last->record.at, &gathering->spoken, err);
	return rc < 0 ? rc : gather(gathering, err);
}

static int gather_record(void *arg, const struct fold_record *record,
			 struct err *err)
{
	struct gathering *gathering = arg;
	int rc;

	if (!spoken_has(record->record.kind))
		return 0;
	memcpy(gathering->row.id, record->id, RECORD_ID_BYTES);
	rc = spoken_read(record->record.entity, record->record.kind,
		       record->record.data, record->record.at,
		       &gathering->spoken, err);
	return rc < 0 ? rc : gather(gathering, err);
}

int recall_add(struct recall *recall, struct view *view, struct err *err)
{
	struct gathering gathering = { .recall = recall, .spoken = SPOKEN_INIT };
	const struct view_visitor entities = { gather_entity, &gathering };
	const struct view_record_visitor records = {
		gather_record, &gathering
	};
	int rc = array_room_in(recall->views, recall->views_n,
			       recall->views_cap, err);

	if (rc < 0)
		return rc;
	gathering.row.construct = (uint32_t)recall->views_n;
	recall->views[recall->views_n++] = view;
	rc = recall->filter.with_history ?
	     view_records(view, &records, err) :
	     view_each(view, NULL, false, &entities, err);
	spoken_release(&gathering.spoken);
	return rc;
}

int recall_rank(struct recall *recall, size_t n, struct err *err)
{
	free(recall->hits);
	recall->hits = NULL;
	rows_sort(&recall->rows);
	return rank(recall->query, &recall->rows, n, &recall->hits,
		    &recall->hits_n, err);
}

/* Where the entity of a row is, its text is taken from. */
struct fetching {
	const struct row *row;
	bool with_history;
	struct buf *data;
	struct spoken *spoken;
};

static int fetch(void *arg, const struct view_entity *entity, struct err *err)
{
	const struct fetching *fetching = arg;
	struct span data = entity->state;
	const struct fold_record *of = newest(entity);
	size_t i;
	int rc;

	for (i = 0; fetching->with_history && i < entity->records_n; i++) {
		if (memcmp(entity->records[i].id, fetching->row->id,
			   RECORD_ID_BYTES))
			continue;
		of = &entity->records[i];
		data = of->record.data;
	}
	if (!data.at)
		return 0;
	rc = buf_add_span(fetching->data, data, err);
	return rc < 0 ? rc :
	       spoken_read(fetching->row->entity, entity->kind,
			 buf_span(fetching->data), of->record.at,
			 fetching->spoken, err);
}

int recall_read(struct recall *recall, const struct row *row,
		struct buf *data, struct spoken *out, struct err *err)
{
	struct fetching fetching = {
		row, recall->filter.with_history, data, out
	};
	const struct view_visitor visitor = { fetch, &fetching };

	buf_reset(data);
	buf_reset(&out->text);
	return view_one(recall->views[row->construct], row->entity, &visitor,
			err);
}
