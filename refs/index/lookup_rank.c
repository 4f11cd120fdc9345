#include "refs/index/lookup_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "refs/index/newer.h"
#include "refs/index/recall_internal.h"

/* A session that was found, and the most that a row of it may score. */
struct bounded {
	double bound;
	uint32_t searched;
	uint32_t found : 31;	/* among the sessions that were */
	uint32_t is_near : 1;	/* its rows were looked at one by one */
};

struct choosing {
	struct lookup *lookup;
	struct ranking *ranking;
	struct row_needs needs;
	struct stored *stored;	/* where what was stored is asked for */
	struct { struct bounded *at; size_t n, cap; } heap;
	struct rows rows;	/* of one session */
	double *once;		/* what a row scores by one word said once: of
				   each number behind FOUND_ONCE, so many: */
#define LENGTHS (SHARD_GIST_LENGTHS + 1u)
};

static int total_session(const struct lookup *lookup,
			 const struct searched *searched, size_t session,
			 struct shard_total *total, struct err *err)
{
	uint64_t before = total->rows;
	struct columns columns;
	uint32_t tokens = 0;
	size_t i;
	int rc = lookup_columns(searched, session, &columns, err);

	for (i = 0; rc == 0 && i < columns.n; i++) {
		if (shard_traits_of(columns.tokens[i]) & lookup->without)
			continue;
		rc = lookup_tokens(searched, columns.first + (uint32_t)i,
				   columns.tokens[i], &tokens, err);
		total->rows++;
		total->tokens += tokens;
	}
	total->sessions += total->rows > before;
	return rc;
}

/* What is simple in a shard: all of it but few, or what is looked at, where
 * the view has not all of it. */
static int total_of(const struct lookup *lookup,
		    const struct searched *searched, struct shard_total *out,
		    struct err *err)
{
	const struct shard *shard = searched->shard;
	bool is_whole = shard->in_view == shard_count(shard, SHARD_SEGMENTS);
	uint8_t counted = is_whole ? SESSION_MIXED : SESSION_SIMPLE;
	struct shard_total total = { 0, 0, 0 };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < shard_count(shard, SHARD_SESSIONS); i++) {
		if (searched->states[i] == counted)
			rc = total_session(lookup, searched, i, &total, err);
	}
	*out = total;
	if (is_whole) {
		*out = lookup->recall->filter.with_all ? shard->head->all :
		       shard->head->seen;
		out->rows -= total.rows;
		out->tokens -= total.tokens;
		out->sessions -= total.sessions;
	}
	return rc;
}

int lookup_total(struct lookup *lookup, struct err *err)
{
	struct rows *rows = &lookup->recall->rows;
	struct shard_total total;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < lookup->n; i++) {
		rc = total_of(lookup, &lookup->at[i], &total, err);
		if (rc < 0)
			break;
		rows->all += total.rows;
		rows->tokens += total.tokens;
		rows->sessions_more += total.sessions;
	}
	return rc;
}

void lookup_count(const struct lookup *lookup, struct ranking *ranking)
{
	ranking_count_more(ranking, &lookup->counts);
}

/* Is it known how long the session is, without looking at its rows? */
static bool has_sum(const struct lookup *lookup,
		    const struct searched *searched, size_t session)
{
	return !lookup->recall->filter.with_all &&
	       searched->sums[session].rows != UINT16_MAX;
}

/* How long the session is. */
static int measure(const struct lookup *lookup,
		   const struct searched *searched, size_t session,
		   const struct columns *columns, struct gist *gist,
		   struct err *err)
{
	const struct shard_sum *sum = &searched->sums[session];
	uint32_t tokens = 0;
	size_t i;
	int rc = 0;

	if (has_sum(lookup, searched, session)) {
		gist->rows = sum->rows;
		gist->tokens = sum->tokens;
		gist->longest = sum->longest;
		return 0;
	}
	for (i = 0; rc == 0 && i < columns->n; i++) {
		if (shard_traits_of(columns->tokens[i]) & lookup->without)
			continue;
		rc = lookup_tokens(searched, columns->first + (uint32_t)i,
				   columns->tokens[i], &tokens, err);
		gist->rows++;
		gist->tokens += tokens;
		if (tokens > gist->longest)
			gist->longest = tokens;
	}
	return rc;
}

/* The rows of a search are many, and most are alike. */
static int weigh_once(struct choosing *choosing, struct err *err)
{
	size_t n = choosing->ranking->query->slots_n * 2;
	double *own = calloc(n * LENGTHS + 1, sizeof(*own));
	size_t i;

	choosing->once = own;
	for (i = 0; own && i < n * LENGTHS; i++) {
		const struct row_count once = { (uint8_t)(i / LENGTHS / 2), 1,
						i / LENGTHS & 1 };
		double turn;

		own[i] = ranking_own(choosing->ranking, &once, 1,
				     shard_gist_tokens((uint8_t)(i % LENGTHS)),
				     0, &turn);
	}
	return own ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}

/* What one row says by all of its words. */
static int weigh_row(const struct choosing *choosing,
		     const struct columns *columns,
		     const struct found_row *row, struct gist *gist,
		     double *out_own, struct err *err)
{
	size_t at = row->row - columns->first;
	struct found found;
	uint32_t tokens;
	double turn;
	bool asks;
	size_t i;
	int rc = 0;

	if (columns->gists) {
		tokens = shard_gist_tokens(columns->gists[at]);
		asks = columns->gists[at] & SHARD_GIST_ASKS;
	} else {
		rc = lookup_tokens(columns->searched, row->row,
				   columns->tokens[at], &tokens, err);
		asks = shard_traits_of(columns->tokens[at]) & SPOKEN_QUESTION;
	}
	if (rc < 0)
		return rc;
	lookup_found(columns->searched, row, &found);
	for (i = 0; i < found.n; i++)
		gist->stems[found.at[i].slot] += found.at[i].stem;
	*out_own = ranking_own(choosing->ranking, found.at, found.n, tokens,
			       found.pairs, &turn);
	if (asks && turn > gist->asked)
		gist->asked = turn;
	return 0;
}

/* What one row adds to what is known of its session; and by its words. */
static int add_row(const struct choosing *choosing,
		   const struct columns *columns, const struct found_row *row,
		   struct gist *gist, double *out_own, struct err *err)
{
	const uint8_t *said = columns->gists ?
			      &columns->gists[row->row - columns->first] : NULL;
	int rc = 0;

	if (said && row->number & FOUND_ONCE && !(*said & SHARD_GIST_ASKS)) {
		size_t number = row->number & ~FOUND_ONCE;

		gist->stems[number / 2]++;
		*out_own = choosing->once[number * LENGTHS +
					  (*said & SHARD_GIST_LENGTHS)];
	} else {
		rc = weigh_row(choosing, columns, row, gist, out_own, err);
	}
	if (rc == 0 && *out_own > gist->own)
		gist->own = *out_own;
	return rc;
}

/* Are all words there that the title has to have? */
static bool has_titles(const struct choosing *choosing,
		       const struct gist *gist)
{
	uint32_t titles = choosing->needs.titles;
	size_t i;

	for (i = 0; titles >> i && i < QUERY_SLOTS_MAX; i++) {
		if (titles >> i & 1 && gist->stems[i] <= 0)
			return false;
	}
	return true;
}

/* What is known of a session that was found. By gists, rows may say more than
 * they do, and never less: whoever is among the best is scored exactly. */
static int gist_of(const struct choosing *choosing, size_t number,
		   const struct found_session *session,
		   struct columns *columns, struct gist *out, struct err *err)
{
	const struct searched *searched = &choosing->lookup->at[number];
	double own;
	size_t i;
	int rc;

	if (has_sum(choosing->lookup, searched, session->session))
		rc = lookup_gists(searched, session->session, columns, err);
	else
		rc = lookup_columns(searched, session->session, columns, err);

	*out = (struct gist){ .may_name = searched->may_name };
	if (rc == 0)
		rc = measure(choosing->lookup, searched, session->session,
			     columns, out, err);
	out->fade = rank_fade(out->tokens, out->rows);
	for (i = session->first; rc == 0 && i < session->end; i++)
		rc = add_row(choosing, columns, &searched->rows.at[i], out,
			     &own, err);
	return rc;
}

/* May some row of it hold the phrases? */
static bool may_hold(const struct choosing *choosing,
		     const struct searched *searched,
		     const struct found_session *session)
{
	const struct query *query = choosing->ranking->query;
	bool may = !query->needed;
	size_t i;
	size_t j;

	for (i = session->first; !may && i < session->end; i++) {
		struct found found;
		uint32_t slots = 0;

		lookup_found(searched, &searched->rows.at[i], &found);
		for (j = 0; j < found.n; j++)
			slots |= (uint32_t)1 << found.at[j].slot;
		may = query_may_hold(query, slots, found.pairs);
	}
	return may;
}

static int bound_session(struct choosing *choosing, size_t number,
			 size_t found, struct err *err)
{
	const struct searched *searched = &choosing->lookup->at[number];
	const struct found_session *session = &searched->sessions.at[found];
	const struct ranking *ranking = choosing->ranking;
	struct columns columns;
	struct gist gist;
	double near;
	double bound;
	bool is_wanted;
	int rc = lookup_wants_session(choosing->lookup, number,
				      session->session, &is_wanted, err);

	if (rc < 0 || !is_wanted || !may_hold(choosing, searched, session))
		return rc;
	rc = gist_of(choosing, number, session, &columns, &gist, err);
	if (rc < 0 || !has_titles(choosing, &gist))
		return rc;
	near = ranking_near(ranking, &gist, gist.own, gist.stems);
	bound = ranking_bound(ranking, &gist, near);
	if (ranking_has_room(ranking, bound))
		choosing->heap.at[choosing->heap.n++] = (struct bounded){
			bound, (uint32_t)number, found & INT32_MAX, false
		};
	return 0;
}

/* Words of the found rows that lie in some rows. */
static void add_near(const struct searched *searched,
		     const struct found_session *session, size_t from,
		     uint32_t last_row, double *stems)
{
	size_t i;
	size_t j;

	for (i = from; i < session->end && searched->rows.at[i].row <= last_row;
	     i++) {
		struct found found;

		lookup_found(searched, &searched->rows.at[i], &found);
		for (j = 0; j < found.n; j++)
			stems[found.at[j].slot] += found.at[j].stem;
	}
}

/* The best that some row may have by its words and those near it: a row that
 * says one, with the rows around it; or one that says none. */
static int near_of(const struct choosing *choosing,
		   const struct found_session *session,
		   const struct columns *columns, const struct gist *gist,
		   double *out, struct err *err)
{
	const struct searched *searched = columns->searched;
	struct gist ignored = { .rows = 0 };
	size_t from = session->first;
	size_t i;
	int rc = 0;

	*out = 0;
	for (i = session->first; rc == 0 && i < session->end; i++) {
		uint32_t row = searched->rows.at[i].row;
		double around[QUERY_SLOTS_MAX] = { 0 };
		double behind[QUERY_SLOTS_MAX] = { 0 };
		double own;
		double near;

		rc = add_row(choosing, columns, &searched->rows.at[i],
			     &ignored, &own, err);
		while (searched->rows.at[from].row + RANK_WINDOW < row)
			from++;
		add_near(searched, session, from, row + RANK_WINDOW, around);
		near = ranking_near(choosing->ranking, gist, own, around);
		*out = near > *out ? near : *out;
		add_near(searched, session, i, row + 2 * RANK_WINDOW, behind);
		near = ranking_near(choosing->ranking, gist, 0, behind);
		*out = near > *out ? near : *out;
	}
	return rc;
}

/* A nearer bound, where all its rows count: others may lie between those that
 * do, which are neighbours then. */
static int bound_nearer(const struct choosing *choosing,
			struct bounded *bounded, struct err *err)
{
	const struct searched *searched =
		&choosing->lookup->at[bounded->searched];
	const struct found_session *session =
		&searched->sessions.at[bounded->found];
	struct columns columns;
	struct gist gist;
	double near;
	int rc = gist_of(choosing, bounded->searched, session, &columns, &gist,
			 err);

	bounded->is_near = true;
	if (rc < 0 || gist.rows != columns.n)
		return rc;
	rc = near_of(choosing, session, &columns, &gist, &near, err);
	if (rc == 0)
		bounded->bound = ranking_bound(choosing->ranking, &gist, near);
	return rc;
}

static int bound_sessions(struct choosing *choosing, struct err *err)
{
	const struct lookup *lookup = choosing->lookup;
	size_t i;
	size_t j;
	int rc = 0;

	for (i = 0; rc == 0 && i < lookup->n; i++) {
		const struct searched *searched = &lookup->at[i];

		rc = array_reserve(&choosing->heap, searched->sessions.n, err);
		for (j = 0; rc == 0 && j < searched->sessions.n; j++) {
			if (searched->states[searched->sessions.at[j].session]
			    == SESSION_SIMPLE)
				rc = bound_session(choosing, i, j, err);
		}
	}
	return rc;
}

/* Let one sink to where those below it are not greater. */
static void sink(struct choosing *choosing, size_t at)
{
	struct bounded *heap = choosing->heap.at;
	struct bounded one = heap[at];

	for (;;) {
		size_t below = 2 * at + 1;

		if (below >= choosing->heap.n)
			break;
		if (below + 1 < choosing->heap.n &&
		    heap[below + 1].bound > heap[below].bound)
			below++;
		if (heap[below].bound <= one.bound)
			break;
		heap[at] = heap[below];
		at = below;
	}
	heap[at] = one;
}

/* The rows of a session, which holds one of the best, stay. */
static int keep_rows(struct choosing *choosing, struct err *err)
{
	struct rows *all = &choosing->lookup->recall->rows;
	const struct rows *rows = &choosing->rows;
	uint32_t number = (uint32_t)(all->sessions.count + all->kept);
	size_t i;
	size_t j;
	int rc = 0;

	all->kept++;
	for (i = 0; rc == 0 && i < rows->n; i++) {
		struct row row = rows->at[i];

		row.session = number;
		row.first = all->counts.n;
		rc = lookup_put_times(choosing->lookup, &row, err);
		for (j = 0; rc == 0 && j < row.n; j++) {
			rc = array_room(&all->counts, err);
			if (rc == 0)
				all->counts.at[all->counts.n++] =
					rows->counts.at[rows->at[i].first + j];
		}
		if (rc == 0)
			rc = array_room(all, err);
		if (rc == 0)
			all->at[all->n++] = row;
	}
	return rc;
}

static int take_row(struct choosing *choosing, size_t number, double score,
		    struct err *err)
{
	struct recall *recall = choosing->lookup->recall;
	struct row *row = &recall->rows.at[number];
	const struct ranked one = { number, score, row->micros, row->tie };
	int rc = 0;

	if (score <= 0 || !ranking_has_room(choosing->ranking, score))
		return 0;
	if (choosing->stored)
		rc = row_keep_newer(recall, choosing->stored, row, err);
	return rc < 0 || row->flags & ROW_IS_OUT ? rc :
	       ranking_take(choosing->ranking, &one, err);
}

/* Rows that may be among the best, and do not hold the phrases, are no hits.
 * This is asked before the session is kept. */
static int drop_rows(struct choosing *choosing, struct err *err)
{
	struct ranking *ranking = choosing->ranking;
	const struct rows *rows = &choosing->rows;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < rows->n; i++) {
		double *score = &ranking->scores[i];
		bool holds = true;

		if (*score > 0 && ranking_has_room(ranking, *score))
			rc = recall_holds(choosing->lookup->recall, rows,
					  &rows->at[i], &holds, err);
		if (!holds)
			*score = 0;
	}
	return rc;
}

static int take_rows(struct choosing *choosing, struct err *err)
{
	struct ranking *ranking = choosing->ranking;
	size_t first = choosing->lookup->recall->rows.n;
	size_t n = choosing->rows.n;
	double best = 0;
	size_t i;
	int rc = drop_rows(choosing, err);

	for (i = 0; i < n; i++)
		best = ranking->scores[i] > best ? ranking->scores[i] : best;
	if (rc < 0 || best <= 0 || !ranking_has_room(ranking, best))
		return rc;
	rc = keep_rows(choosing, err);
	for (i = 0; rc == 0 && i < n; i++)
		rc = take_row(choosing, first + i, ranking->scores[i], err);
	return rc;
}

static int score_session(struct choosing *choosing,
			 const struct bounded *bounded, struct err *err)
{
	const struct found_session *found = &choosing->lookup->
		at[bounded->searched].sessions.at[bounded->found];
	const struct wanted_rows wanted = {
		.searched = bounded->searched, .session = found->session,
		.found = found->first, .end = found->end,
	};
	struct rows *rows = &choosing->rows;
	bool is_chosen;
	int rc = lookup_is_chosen(choosing->lookup, &wanted, &is_chosen, err);

	if (rc < 0 || (choosing->needs.is_chosen && !is_chosen))
		return rc;
	rows->n = rows->counts.n = 0;
	rc = lookup_put_rows(choosing->lookup, &wanted, rows, err);
	if (rc < 0)
		return rc;
	rows_narrow_session(rows, 0, rows->n, false, &choosing->needs);
	rc = ranking_score(choosing->ranking, rows, 0, rows->n, err);
	return rc < 0 ? rc : take_rows(choosing, err);
}

int lookup_rank(struct lookup *lookup, struct ranking *ranking,
		struct err *err)
{
	struct recall *recall = lookup->recall;
	struct choosing choosing = {
		.lookup = lookup, .ranking = ranking,
		.needs = recall_needs(recall), .rows = ROWS_INIT
	};
	size_t i;
	int rc = 0;

	if (recall->filter.stored_since)
		rc = stored_new(recall->views[lookup->construct],
				recall->filter.stored_since, &choosing.stored,
				err);
	if (rc == 0)
		rc = weigh_once(&choosing, err);
	if (rc == 0)
		rc = bound_sessions(&choosing, err);
	for (i = choosing.heap.n / 2; i--;)
		sink(&choosing, i);
	while (rc == 0 && choosing.heap.n &&
	       ranking_has_room(ranking, choosing.heap.at[0].bound)) {
		struct bounded one = choosing.heap.at[0];

		if (!one.is_near) {
			rc = bound_nearer(&choosing, &choosing.heap.at[0],
					  err);
			sink(&choosing, 0);
			continue;
		}
		choosing.heap.at[0] = choosing.heap.at[--choosing.heap.n];
		sink(&choosing, 0);
		rc = score_session(&choosing, &one, err);
	}
	free(choosing.heap.at);
	free(choosing.once);
	stored_free(choosing.stored);
	rows_release(&choosing.rows);
	return rc;
}
