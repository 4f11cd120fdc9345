#include "refs/index/recall.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"
#include "lib/os/memory.h"
#include "refs/index/lookup.h"
#include "refs/index/newer.h"
#include "refs/index/recall_internal.h"
#include "refs/trust/scope.h"

#define OPEN_VIEWS 32		/* whose files stay open */
/* What is looked at in an index of a million messages. */
#define EXPECTED_BYTES ((size_t)10 << 20)

static struct recall *recall_make(const struct recall_filter *filter)
{
	struct recall *recall = calloc(1, sizeof(*recall));
	size_t i;

	if (!recall)
		return NULL;
	memory_expect(EXPECTED_BYTES);
	recall->filter = *filter;
	recall->rows = (struct rows)ROWS_INIT;
	for (i = 0; i < RECALL_SEGMENTS; i++)
		recall->last[i].text =
			(struct buf)BUF_INIT(RECORD_MAX_BYTES + 1);
	return recall;
}

int recall_new_picked(const char *run, const struct recall_pick *pick,
		      const struct recall_filter *filter,
		      struct recall **out, struct err *err)
{
	struct recall *recall = recall_make(filter);
	int rc = 0;

	if (!recall)
		return err_set(err, ERR_NOMEM, "out of memory");
	recall->pick = pick;
	recall->is_plain = !*run;
	if (*run)
		rc = words_new(&recall->words, err);
	if (rc == 0 && *run)
		rc = query_new_run(run, &recall->query, err);
	if (rc < 0)
		recall_free(recall);
	else
		*out = recall;
	return rc;
}

int recall_new(struct span words, const struct recall_filter *filter,
	       struct recall **out, struct err *err)
{
	struct recall *recall = recall_make(filter);
	int rc;

	if (!recall)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = words_new(&recall->words, err);
	if (rc == 0)
		rc = query_new(recall->words, words, filter->wall,
			       &recall->query, err);
	if (rc == 0 && recall->query->since > filter->since)
		recall->filter.since = recall->query->since;
	if (rc == 0 && recall->query->until < filter->until)
		recall->filter.until = recall->query->until;
	if (rc < 0) {
		recall_free(recall);
		return rc;
	}
	*out = recall;
	return 0;
}

void recall_free(struct recall *recall)
{
	size_t i;

	if (!recall)
		return;
	rows_release(&recall->rows);
	query_free(recall->query);
	words_free(recall->words);
	for (i = 0; i < recall->views_n; i++)
		lookup_free(recall->lookups[i]);
	free(recall->lookups);
	for (i = 0; i < RECALL_SEGMENTS; i++)
		buf_release(&recall->last[i].text);
	held_free(recall->held);
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

static char low(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool recall_begins(const char *wanted, struct span text)
{
	size_t i = 0;

	if (!wanted)
		return true;
	while (i < text.len && wanted[i] && low(wanted[i]) == low(text.at[i]))
		i++;
	return !wanted[i];
}

bool recall_is_alike(const char *wanted, struct span text)
{
	return !wanted || (strlen(wanted) == text.len &&
			   recall_begins(wanted, text));
}

bool recall_wants(const struct recall_filter *filter,
		  const struct spoken *spoken)
{
	if (filter->kinds && !(filter->kinds & kind_bit(spoken->kind)))
		return false;
	if (!recall_is_alike(filter->role, spoken->role) ||
	    !recall_begins(filter->model, spoken->model) ||
	    !recall_is_alike(filter->provider, spoken->provider))
		return false;
	/* An unknown time is INT64_MIN, and lies in no bounds. */
	if (filter->since == INT64_MIN && filter->until == INT64_MAX)
		return true;
	return spoken->micros != INT64_MIN && spoken->micros >= filter->since &&
	       spoken->micros <= filter->until;
}

/* One of the names that the path of a folder is made of. */
static bool has_name(struct span path, struct span name)
{
	size_t start = 0;
	size_t i;

	for (i = 0; i <= path.len; i++) {
		if (i < path.len && path.at[i] != '/')
			continue;
		if (span_equals(span_of(path.at + start, i - start), name))
			return true;
		start = i + 1;
	}
	return false;
}

bool recall_wants_project(const struct recall_filter *filter,
			  struct span project)
{
	size_t len = strlen(filter->project);

	if (len && !strchr(filter->project, '/'))
		return has_name(project, span_str(filter->project));
	while (len && filter->project[len - 1] == '/')
		len--;
	return project.len && project.len >= len &&
	       !memcmp(project.at, filter->project, len) &&
	       (project.len == len || project.at[len] == '/');
}

/* One walk over a view. */
struct gathering {
	struct recall *recall;
	struct spoken spoken;
	struct row row;
};

static int gather_picked(struct gathering *gathering, struct err *err)
{
	struct recall *recall = gathering->recall;
	bool is_hit = false;
	int rc;

	recall->rows.all++;
	if (gathering->row.flags & ROW_IS_OUT)
		return 0;
	rc = recall->pick->holds(recall->pick->arg,
				 buf_span(&gathering->spoken.text), &is_hit,
				 err);
	return rc < 0 || !is_hit ? rc :
	       rows_add_bare(&recall->rows, &gathering->spoken,
			     &gathering->row, err);
}

static int gather(struct gathering *gathering, struct err *err)
{
	struct recall *recall = gathering->recall;
	const struct spoken *spoken = &gathering->spoken;
	int rc = 0;

	if (recall->filter.project &&
	    recall_wants_project(&recall->filter, spoken->project))
		rc = rows_choose(&recall->rows, gathering->row.construct,
				 xxh64_of(spoken->session.at,
					  spoken->session.len), err);
	if (rc < 0 || !spoken->text.len ||
	    (!recall->filter.with_all && !spoken_is_visible(spoken)))
		return rc;
	gathering->row.flags = recall_wants(&recall->filter, spoken) &&
		is_session(recall->filter.session, spoken->session) ?
		0 : ROW_IS_OUT;
	if (recall->pick)
		return gather_picked(gathering, err);
	return rows_add(&recall->rows, recall->words, recall->query, spoken,
			&gathering->row, err);
}

const struct fold_record *recall_newest(const struct view_entity *entity)
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
	last = recall_newest(entity);
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

/* All that stands in a view, or ever stood: read and folded. */
static int gather_view(struct recall *recall, size_t construct,
		       struct err *err)
{
	struct gathering gathering = { .recall = recall,
				       .spoken = SPOKEN_INIT };
	const struct view_visitor entities = { gather_entity, &gathering };
	const struct view_record_visitor records = {
		gather_record, &gathering
	};
	struct view *view = recall->views[construct];
	int rc;

	gathering.row.construct = (uint32_t)construct;
	rc = recall->filter.with_history ?
	     view_records(view, &records, err) :
	     view_each(view, NULL, false, &entities, err);
	spoken_release(&gathering.spoken);
	return rc;
}

static int gather_one(void *arg, struct span entity, struct err *err)
{
	struct gathering *gathering = arg;
	const struct view_visitor visitor = { gather_entity, gathering };

	return view_one(gathering->recall->views[gathering->row.construct],
			entity, &visitor, err);
}

bool recall_has_shards(const struct recall *recall, const struct view *view)
{
	return !recall->is_plain && view->vault->has_device &&
	       codec_mode(view->codec) != CODEC_BLIND &&
	       !recall->filter.with_history;
}

static int look_up(struct recall *recall, size_t construct, struct err *err)
{
	struct gathering gathering = { .recall = recall,
				       .spoken = SPOKEN_INIT };
	const struct lookup_visitor visitor = { gather_one, &gathering };
	int rc;

	gathering.row.construct = (uint32_t)construct;
	rc = lookup_new(recall, (uint32_t)construct, &visitor,
			&recall->lookups[construct], err);
	spoken_release(&gathering.spoken);
	return rc;
}

/* Words that stand everywhere are looked for where there is little. */
static int gather_common(struct recall *recall, size_t construct,
			 struct err *err)
{
	int rc = recall_note_common(recall, recall->views[construct], err);

	return rc < 0 || recall->is_common ? rc :
	       gather_view(recall, construct, err);
}

int recall_start_anew(struct recall *recall, struct err *err)
{
	size_t i;
	int rc = 0;

	recall->is_plain = true;
	for (i = 0; i < RECALL_SEGMENTS; i++)
		recall->last[i].segment = NULL;
	rows_release(&recall->rows);
	for (i = 0; i < recall->views_n; i++) {
		lookup_free(recall->lookups[i]);
		recall->lookups[i] = NULL;
	}
	for (i = 0; rc == 0 && i < recall->views_n; i++) {
		recall->views[i]->unsearched.n = 0;
		rc = gather_view(recall, i, err);
	}
	return rc;
}

int recall_add(struct recall *recall, struct view *view, struct err *err)
{
	size_t construct = recall->views_n;
	struct err reason = ERR_INIT;
	int rc = array_room_in(recall->views, recall->views_n,
			       recall->views_cap, err);

	if (rc == 0)
		rc = array_room_in(recall->lookups, recall->views_n,
				   recall->lookups_cap, err);
	if (rc < 0)
		return rc;
	recall->filter.kinds = scope_kinds(view->vault,
					   recall->filter.kinds);
	recall->lookups[construct] = NULL;
	recall->views[recall->views_n++] = view;
	if (!recall_has_shards(recall, view))
		return gather_view(recall, construct, err);
	/* Shards know of words, and nothing of stop words. Phrases of nothing
	 * but these are looked for among the rows that say another word. */
	if (recall->query->has_stops)
		rc = gather_common(recall, construct, &reason);
	else
		rc = look_up(recall, construct, &reason);
	/* What stands in the place of the index is for the person to see. */
	if (rc == ERR_NOMEM || rc == ERR_DENIED)
		return err_set(err, (enum err_code)rc, "%s", reason.text);
	if (rc == 0 && construct >= OPEN_VIEWS)
		lookup_rest(recall->lookups[construct]);
	return rc < 0 ? recall_start_anew(recall, err) : 0;
}

static int name_hits(struct recall *recall, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < recall->hits_n; i++)
		rc = recall_name(recall, &recall->rows.at[recall->hits[i].row],
				 err);
	return rc;
}

static int take_row(struct recall *recall, struct ranking *ranking,
		    size_t row, double score, struct err *err)
{
	const struct rows *rows = &recall->rows;
	const struct ranked one = { row, score, rows->at[row].micros,
				    rows->at[row].tie };
	bool holds;
	int rc;

	if (score <= 0 || !ranking_has_room(ranking, score))
		return 0;
	rc = recall_holds(recall, rows, &rows->at[row], &holds, err);
	return rc < 0 || !holds ? rc : ranking_take(ranking, &one, err);
}

static int score_rows(struct recall *recall, struct ranking *ranking,
		      struct err *err)
{
	const struct rows *rows = &recall->rows;
	size_t n = rows->n;
	size_t row;
	size_t end;
	size_t i;
	int rc = 0;

	for (row = 0; rc == 0 && row < n; row = end) {
		end = rank_session_end(rows, row);
		rc = ranking_score(ranking, rows, row, end, err);
		for (i = row; rc == 0 && i < end; i++)
			rc = take_row(recall, ranking, i,
				      ranking->scores[i - row], err);
	}
	for (i = 0; rc == 0 && i < recall->views_n; i++) {
		if (!recall->lookups[i])
			continue;
		rc = lookup_rank(recall->lookups[i], ranking, err);
		if (i >= OPEN_VIEWS)
			lookup_rest(recall->lookups[i]);
	}
	return rc;
}

struct row_needs recall_needs(const struct recall *recall)
{
	return (struct row_needs){
		query_title_slots(recall->query),
		query_slots(recall->query, false),
		recall->filter.project != NULL, recall->filter.has_code
	};
}

/* Which of the rows that are here may be hits? */
static int narrow_rows(struct recall *recall, struct err *err)
{
	const struct row_needs needs = recall_needs(recall);
	int rc = 0;

	if (needs.titles || needs.is_chosen || needs.has_code)
		rc = rows_narrow(&recall->rows, &needs, err);
	if (rc == 0 && recall->filter.stored_since)
		rc = rows_keep_newer(recall, err);
	return rc;
}

static void count_rows(struct recall *recall, struct ranking *ranking)
{
	const struct rows *rows = &recall->rows;
	size_t row;
	size_t end;
	size_t i;

	for (row = 0; row < rows->n; row = end) {
		end = rank_session_end(rows, row);
		ranking_count(ranking, rows, row, end);
	}
	for (i = 0; i < recall->views_n; i++) {
		if (recall->lookups[i])
			lookup_count(recall->lookups[i], ranking);
	}
	ranking_settle(ranking);
}

static int rank_once(struct recall *recall, size_t n, struct err *err)
{
	struct ranking ranking;
	int rc;

	ranking_init(&ranking, recall->query, &recall->rows, n);
	count_rows(recall, &ranking);
	rc = score_rows(recall, &ranking, err);
	if (rc == 0) {
		free(recall->hits);
		recall->hits = ranking.best;
		recall->hits_n = ranking.n;
		ranking.best = NULL;
	}
	ranking_release(&ranking);
	return rc;
}

/* Where titles stand above other hits there is room for more of these: twice
 * as many hold enough, as each such title has another hit. */
static int rank_rows(struct recall *recall, size_t n, struct err *err)
{
	struct rows *rows = &recall->rows;
	size_t counts;
	size_t before;
	size_t kept;
	bool is_dropped;
	int rc;

	rows_sort(rows);
	rc = narrow_rows(recall, err);
	before = rows->n;
	counts = rows->counts.n;
	kept = rows->kept;
	if (rc == 0)
		rc = rank_once(recall, n, err);
	if (rc == 0)
		rc = recall_drop_titles(recall, n, &is_dropped, err);
	if (rc < 0 || !is_dropped || n > SIZE_MAX / 2)
		return rc;
	rows->n = before;
	rows->counts.n = counts;
	rows->kept = kept;
	rc = rank_once(recall, 2 * n, err);
	return rc < 0 ? rc : recall_drop_titles(recall, n, &is_dropped, err);
}

int recall_rank(struct recall *recall, size_t n, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = rank_rows(recall, n, &reason);

	if (rc == 0)
		rc = name_hits(recall, &reason);
	if (rc == 0)
		rc = recall_drop_unsure(recall, &reason);
	if (rc == 0)
		return 0;
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = recall_start_anew(recall, err);
	return rc < 0 ? rc : rank_rows(recall, n, err);
}
