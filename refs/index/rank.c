#include "refs/index/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"

#define K1 1.2
#define B 0.75
#define B_WINDOW 0.4
#define LONG_TOKENS 60.0	/* mean of a session whose turns are long */

#define W_TURN 4.0
#define W_EXACT 1.0
#define W_WINDOW 5.0		/* those with G fade where turns are long */
#define W_SESSION 4.0
#define W_SPEAKER 1.5
#define W_DATE 4.0
#define W_QUESTION (-1.5)
#define W_TIME 2.5
#define W_NUMBER 1.0
#define W_PAIRS 3.0
#define W_BEFORE 4.0
#define W_LENGTH 5.0
#define W_ROLE 4.0
#define W_NAME 20.0		/* more than all else that its parts get */

#define QUESTION_WORDS 3	/* so many are a question, fewer are keywords */

/* How often each slot stands in some text, and how long that is. */
struct sum {
	double stem[QUERY_SLOTS_MAX];
	double tokens;
};

/* Rounding may make a bound less than what it bounds, by less than this. */
#define ROUNDING 1e-6

static void sum_row(const struct rows *rows, size_t row, struct sum *sum)
{
	const struct row *at = &rows->at[row];
	size_t i;

	for (i = 0; i < at->n; i++) {
		const struct row_count *count =
			&rows->counts.at[at->first + i];

		sum->stem[count->slot] += count->stem;
	}
	sum->tokens += at->tokens;
}

static double bm25_of(double count, double idf, double b, double length)
{
	return idf * count * (K1 + 1) /
	       (count + K1 * (1 - b + b * length));
}

static double bm25(const struct ranking *ranking, const double *counts,
		   const double *idf, double b, double length)
{
	double score = 0;
	size_t i;

	for (i = 0; i < ranking->query->slots_n; i++) {
		if (counts[i] > 0)
			score += bm25_of(counts[i], idf[i], b, length);
	}
	return score;
}

/*
 * The natural logarithm of x from 1 on, to 13 digits (Abramowitz and Stegun
 * 4.1.27, of what frexp() leaves). The C library has its own in a library
 * apart, whose loading costs half as much as all else of the program's start.
 */
static double ln(double x)
{
	int twos;
	double fraction = frexp(x, &twos);
	double step = (fraction - 1) / (fraction + 1);
	double power = step;
	double sum = 0;
	int i;

	for (i = 1; i < 26; i += 2, power *= step * step)
		sum += power / i;
	return 2 * sum + twos * 0.69314718055994530942;
}

static double idf_of(double n, double with)
{
	return ln(1 + (n - with + 0.5) / (with + 0.5));
}

size_t rank_session_end(const struct rows *rows, size_t row)
{
	size_t end = row + 1;

	while (end < rows->n && rows->at[end].session == rows->at[row].session)
		end++;
	return end;
}

void ranking_init(struct ranking *ranking, const struct query *query,
		  const struct rows *rows, size_t max)
{
	size_t i;

	*ranking = (struct ranking){ .query = query, .rows = rows,
				     .max = max };
	for (i = 0; i < RANK_LENGTHS; i++)
		ranking->lengths[i] = ln(1 + (double)i);
}

static double length_of(const struct ranking *ranking, uint32_t tokens)
{
	return tokens < RANK_LENGTHS ? ranking->lengths[tokens] :
	       ln(1 + (double)tokens);
}

void ranking_release(struct ranking *ranking)
{
	free(ranking->scores);
	free(ranking->turns);
	free(ranking->best);
}

void rank_count(struct rank_counts *counts, const struct row_count *count,
		uint32_t *said)
{
	uint32_t bit = (uint32_t)1 << count->slot;

	counts->rows[count->slot]++;
	counts->exact[count->slot] += count->exact > 0;
	counts->sessions[count->slot] += !(*said & bit);
	*said |= bit;
}

void ranking_count(struct ranking *ranking, const struct rows *rows,
		   size_t first, size_t end)
{
	uint32_t said = 0;
	size_t i;
	size_t j;

	for (i = first; i < end; i++) {
		const struct row *row = &rows->at[i];

		for (j = row->first; j < row->first + row->n; j++)
			rank_count(&ranking->with, &rows->counts.at[j], &said);
	}
}

void ranking_count_more(struct ranking *ranking,
			const struct rank_counts *counts)
{
	size_t i;

	for (i = 0; i < ranking->query->slots_n; i++) {
		ranking->with.rows[i] += counts->rows[i];
		ranking->with.exact[i] += counts->exact[i];
		ranking->with.sessions[i] += counts->sessions[i];
	}
}

void ranking_settle(struct ranking *ranking)
{
	const struct rows *rows = ranking->rows;
	double n = (double)rows->all;
	double sessions = (double)(rows->sessions.count + rows->sessions_more);
	size_t count;
	size_t i;

	for (i = 0; i < ranking->query->slots_n; i++) {
		ranking->idf[i] = idf_of(n, ranking->with.rows[i]);
		ranking->idf_exact[i] = idf_of(n, ranking->with.exact[i]);
		ranking->idf_session[i] = idf_of(sessions,
						 ranking->with.sessions[i]);
		for (count = 0; count < RANK_COUNTS; count++)
			ranking->windows[i][count] =
				bm25_of((double)count, ranking->idf[i],
					B_WINDOW, 0);
		ranking->all += ranking->idf[i];
		ranking->all_exact += ranking->idf_exact[i];
		ranking->all_session += ranking->idf_session[i];
	}
	ranking->mean_session = (double)rows->tokens /
				(sessions > 0 ? sessions : 1);
	ranking->mean = (double)rows->tokens / (n > 0 ? n : 1);
	if (ranking->mean < 1)
		ranking->mean = ranking->mean_session = 1;
}

/* The share of the query's pairs of neighbours that stand together. */
static double pairs_of(const struct ranking *ranking, uint32_t pairs)
{
	double found = 0;
	double all = 0;
	size_t i;

	for (i = 0; i + 1 < ranking->query->slots_n; i++) {
		double weight = ranking->idf[i] + ranking->idf[i + 1];

		all += weight;
		found += pairs >> i & 1 ? weight : 0;
	}
	return all > 0 ? found / all : 0;
}

/* What a row is, whatever it says. */
static double statement(const struct ranking *ranking, const struct row *row,
			double fade)
{
	const struct query *query = ranking->query;
	double score = W_LENGTH * fade * length_of(ranking, row->tokens) / 10;

	if (row->flags & SPOKEN_QUESTION)
		score += W_QUESTION * fade;
	if (query->asks_when && row->flags & SPOKEN_TELLS_TIME)
		score += W_TIME;
	if (query->asks_how_many && row->flags & SPOKEN_TELLS_NUMBER)
		score += W_NUMBER;
	if (query->asks_of_me && row->flags & SPOKEN_IS_USERS)
		score += W_ROLE;
	if (row->named)
		score += W_SPEAKER;
	if (days_hold(&query->days, row->micros))
		score += W_DATE;
	return score;
}

double ranking_own(const struct ranking *ranking,
		   const struct row_count *counts, size_t n, uint32_t tokens,
		   uint32_t pairs, double *out_turn)
{
	double length = tokens / ranking->mean;
	double turn = 0;
	double exact = 0;
	uint32_t slots = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		size_t slot = counts[i].slot;

		slots |= (uint32_t)1 << slot;
		turn += bm25_of(counts[i].stem, ranking->idf[slot], B,
				length);
		if (counts[i].exact)
			exact += bm25_of(counts[i].exact,
					 ranking->idf_exact[slot], B, length);
	}
	*out_turn = turn / ranking->all;
	return W_TURN * *out_turn + W_EXACT * exact / ranking->all_exact +
	       (slots & ranking->query->names ? W_NAME : 0) +
	       (pairs ? W_PAIRS * pairs_of(ranking, pairs) : 0);
}

double rank_fade(uint64_t tokens, size_t rows)
{
	double mean = (double)tokens / (double)rows / LONG_TOKENS;

	return 1 / (1 + mean * mean);
}

static double share_of(const struct ranking *ranking, const double *stems,
		       uint64_t tokens)
{
	return bm25(ranking, stems, ranking->idf_session, B,
		    (double)tokens / ranking->mean_session) /
	       ranking->all_session;
}

/* No row may say more by what it is than this. */
static double statement_bound(const struct ranking *ranking,
			      const struct gist *gist)
{
	const struct query *query = ranking->query;
	double score = W_LENGTH * gist->fade *
		       length_of(ranking, gist->longest) / 10;

	score += query->asks_when ? W_TIME : 0;
	score += query->asks_how_many ? W_NUMBER : 0;
	score += query->asks_of_me ? W_ROLE : 0;
	score += gist->may_name ? W_SPEAKER : 0;
	return score + (days_any(&query->days) ? W_DATE : 0);
}

double ranking_near(const struct ranking *ranking, const struct gist *gist,
		    double own, const double *stems)
{
	double window = 0;
	size_t i;

	for (i = 0; i < ranking->query->slots_n; i++) {
		size_t n = (size_t)stems[i];

		window += n < RANK_COUNTS ? ranking->windows[i][n] :
			  bm25_of(stems[i], ranking->idf[i], B_WINDOW, 0);
	}
	return own + W_WINDOW * gist->fade * window / ranking->all;
}

double ranking_bound(const struct ranking *ranking, const struct gist *gist,
		     double near)
{
	return near + statement_bound(ranking, gist) +
	       W_BEFORE * gist->fade * gist->asked +
	       W_SESSION * gist->fade * share_of(ranking, gist->stems,
					   gist->tokens) + ROUNDING;
}

static double window_of(const struct ranking *ranking,
			const struct rows *rows, size_t row, size_t first,
			size_t end)
{
	size_t from = row > first + RANK_WINDOW ? row - RANK_WINDOW : first;
	size_t to = row + RANK_WINDOW + 1 < end ? row + RANK_WINDOW + 1 :
		    end;
	struct sum sum = { { 0 }, 0 };
	size_t i;

	while (from < to && !rows->at[from].n)
		sum.tokens += rows->at[from++].tokens;
	if (from == to)
		return 0;
	for (i = from; i < to; i++)
		sum_row(rows, i, &sum);
	return bm25(ranking, sum.stem, ranking->idf, B_WINDOW,
		    sum.tokens / ranking->mean / (2 * RANK_WINDOW + 1)) /
	       ranking->all;
}

static double score_row(const struct ranking *ranking, const struct rows *rows,
			size_t row, size_t first, size_t end, double fade)
{
	const struct row *at = &rows->at[row];
	double turn = ranking->turns[row - first];
	double before = row > first && at[-1].flags & SPOKEN_QUESTION ?
			ranking->turns[row - first - 1] : 0;
	double window = window_of(ranking, rows, row, first, end);
	double own = ranking->scores[row - first];

	/* A hit says one of the words, or may answer who has asked with it;
	 * what answers a question may say it in other words altogether. */
	if (ranking->query->slots_n < QUESTION_WORDS && before <= 0)
		window = turn > 0 ? window : 0;
	if (window <= 0 || at->flags & ROW_IS_OUT)
		return 0;
	return own + W_BEFORE * fade * before + statement(ranking, at, fade) +
	       W_WINDOW * fade * window;
}

static int make_room(struct ranking *ranking, size_t n, struct err *err)
{
	int rc = array_room_at(&ranking->scores, sizeof(double),
			       &ranking->scores_cap, n, err);

	return rc < 0 ? rc :
	       array_room_at(&ranking->turns, sizeof(double),
			     &ranking->turns_cap, n, err);
}

int ranking_score(struct ranking *ranking, const struct rows *rows,
		  size_t first, size_t end, struct err *err)
{
	struct sum all = { { 0 }, 0 };
	double share;
	double fade;
	size_t row;
	int rc = make_room(ranking, end - first, err);

	if (rc < 0)
		return rc;
	for (row = first; row < end; row++) {
		const struct row *at = &rows->at[row];

		sum_row(rows, row, &all);
		ranking->scores[row - first] = ranking_own(ranking,
			rows->counts.at + at->first, at->n, at->tokens,
			at->pairs, &ranking->turns[row - first]);
	}
	fade = rank_fade((uint64_t)all.tokens, end - first);
	share = share_of(ranking, all.stem, (uint64_t)all.tokens);
	for (row = first; row < end; row++) {
		double *score = &ranking->scores[row - first];

		*score = score_row(ranking, rows, row, first, end, fade);
		if (*score > 0)
			*score += W_SESSION * fade * share;
	}
	return 0;
}

/* Is a before b? */
static bool is_before(const struct ranked *a, const struct ranked *b)
{
	if (a->score < b->score || a->score > b->score)
		return a->score > b->score;
	if (a->micros != b->micros)
		return a->micros > b->micros;
	return a->tie < b->tie;
}

bool ranking_has_room(const struct ranking *ranking, double score)
{
	return ranking->n < ranking->max ||
	       (ranking->max && score >= ranking->best[ranking->n - 1].score);
}

int ranking_take(struct ranking *ranking, const struct ranked *one,
		 struct err *err)
{
	struct ranked *best;
	size_t at;
	int rc = 0;

	if (one->score <= 0 || !ranking_has_room(ranking, one->score))
		return 0;
	if (ranking->n < ranking->max)
		rc = array_room_in(ranking->best, ranking->n, ranking->cap,
				   err);
	if (rc < 0)
		return rc;
	best = ranking->best;
	if (ranking->n == ranking->max && !is_before(one, &best[ranking->n - 1]))
		return 0;
	at = ranking->n < ranking->max ? ranking->n++ : ranking->max - 1;
	for (; at && is_before(one, &best[at - 1]); at--)
		best[at] = best[at - 1];
	best[at] = *one;
	return 0;
}
