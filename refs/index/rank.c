#include "refs/index/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define K1 1.2
#define B 0.75
#define B_WINDOW 0.4
#define WINDOW 2		/* turns before and behind */
#define LONG_TOKENS 60.0	/* mean of a session whose turns are long */

#define W_TURN 4.0
#define W_EXACT 1.0
#define W_WINDOW 5.0		/* those with G fade where turns are long */
#define W_SESSION 3.0
#define W_SPEAKER 1.5
#define W_DATE 4.0
#define W_QUESTION (-1.5)
#define W_TIME 2.5
#define W_NUMBER 1.0
#define W_PAIRS 3.0
#define W_BEFORE 6.0
#define W_LENGTH 3.0
#define W_ROLE 4.0

#define QUESTION_WORDS 3	/* so many are a question, fewer are keywords */

/* How often each slot stands in some text, and how long that is. */
struct sum {
	double stem[QUERY_SLOTS_MAX];
	double exact[QUERY_SLOTS_MAX];
	double tokens;
};

struct ranking {
	const struct query *query;
	const struct rows *rows;
	double idf[QUERY_SLOTS_MAX];
	double idf_exact[QUERY_SLOTS_MAX];
	double idf_session[QUERY_SLOTS_MAX];
	double all, all_exact, all_session;	/* their sums */
	double mean, mean_session;	/* tokens of a row, of a session */
	double *turn;			/* score of each row by itself */
};

static void sum_row(const struct ranking *ranking, size_t row, struct sum *sum)
{
	const struct row *at = &ranking->rows->at[row];
	size_t i;

	for (i = 0; i < at->n; i++) {
		const struct row_count *count =
			&ranking->rows->counts.at[at->first + i];

		sum->stem[count->slot] += count->stem;
		sum->exact[count->slot] += count->exact;
	}
	sum->tokens += at->tokens;
}

static double bm25(const struct ranking *ranking, const double *counts,
		   const double *idf, double b, double length)
{
	double score = 0;
	size_t i;

	for (i = 0; i < ranking->query->slots_n; i++) {
		if (counts[i] > 0)
			score += idf[i] * counts[i] * (K1 + 1) /
				 (counts[i] + K1 * (1 - b + b * length));
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

/* Behind the last row of the session that row is of. */
static size_t session_end(const struct rows *rows, size_t row)
{
	size_t end = row + 1;

	while (end < rows->n && rows->at[end].session == rows->at[row].session)
		end++;
	return end;
}

static void count_session(struct ranking *ranking, size_t first, size_t end,
			  double with[3][QUERY_SLOTS_MAX])
{
	struct sum all = { { 0 }, { 0 }, 0 };
	size_t row;
	size_t i;

	for (row = first; row < end; row++) {
		const struct row *at = &ranking->rows->at[row];

		sum_row(ranking, row, &all);
		for (i = 0; i < at->n; i++) {
			const struct row_count *count =
				&ranking->rows->counts.at[at->first + i];

			with[0][count->slot]++;
			with[1][count->slot] += count->exact > 0;
		}
	}
	for (i = 0; i < ranking->query->slots_n; i++)
		with[2][i] += all.stem[i] > 0;
}

/* How rare each word is, and how long things are. */
static void measure(struct ranking *ranking)
{
	double with[3][QUERY_SLOTS_MAX] = { { 0 } };
	const struct rows *rows = ranking->rows;
	double n = (double)rows->all;
	double sessions = (double)rows->sessions.count;
	size_t row;
	size_t i;

	for (row = 0; row < rows->n; row = session_end(rows, row))
		count_session(ranking, row, session_end(rows, row), with);
	for (i = 0; i < ranking->query->slots_n; i++) {
		ranking->idf[i] = idf_of(n, with[0][i]);
		ranking->idf_exact[i] = idf_of(n, with[1][i]);
		ranking->idf_session[i] = idf_of(sessions, with[2][i]);
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
static double pairs_of(const struct ranking *ranking, const struct row *row)
{
	double found = 0;
	double all = 0;
	size_t i;

	for (i = 0; i + 1 < ranking->query->slots_n; i++) {
		double weight = ranking->idf[i] + ranking->idf[i + 1];

		all += weight;
		found += row->pairs >> i & 1 ? weight : 0;
	}
	return all > 0 ? found / all : 0;
}

/* What a row is, whatever it says. */
static double statement(const struct ranking *ranking, const struct row *row,
			double fade)
{
	const struct query *query = ranking->query;
	double score = W_LENGTH * fade * ln(1 + row->tokens) / 10;

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

static double window_of(const struct ranking *ranking, size_t row,
			size_t first, size_t end)
{
	size_t from = row > first + WINDOW ? row - WINDOW : first;
	size_t to = row + WINDOW + 1 < end ? row + WINDOW + 1 : end;
	struct sum sum = { { 0 }, { 0 }, 0 };
	size_t i;

	while (from < to && !ranking->rows->at[from].n)
		sum.tokens += ranking->rows->at[from++].tokens;
	if (from == to)
		return 0;
	for (i = from; i < to; i++)
		sum_row(ranking, i, &sum);
	return bm25(ranking, sum.stem, ranking->idf, B_WINDOW,
		    sum.tokens / ranking->mean / (2 * WINDOW + 1)) /
	       ranking->all;
}

static double score_row(const struct ranking *ranking, size_t row,
			size_t first, size_t end, double fade)
{
	const struct row *at = &ranking->rows->at[row];
	double before = row > first && at[-1].flags & SPOKEN_QUESTION ?
			ranking->turn[row - 1] : 0;
	double window = window_of(ranking, row, first, end);
	struct sum own;
	double score;

	/* A hit says one of the words, or may answer who has asked with it;
	 * what answers a question may say it in other words altogether. */
	if (ranking->query->slots_n < QUESTION_WORDS && before <= 0)
		window = ranking->turn[row] > 0 ? window : 0;
	if (window <= 0 || at->flags & ROW_IS_OUT)
		return 0;

	memset(&own, 0, sizeof(own));
	sum_row(ranking, row, &own);
	score = W_TURN * ranking->turn[row] + W_BEFORE * fade * before +
		W_EXACT * bm25(ranking, own.exact, ranking->idf_exact, B,
			       own.tokens / ranking->mean) /
		ranking->all_exact;
	score += W_PAIRS * pairs_of(ranking, at) +
		 statement(ranking, at, fade);
	return score + W_WINDOW * fade * window;
}

static void score_session(struct ranking *ranking, size_t first, size_t end,
			  double *out)
{
	struct sum all = { { 0 }, { 0 }, 0 };
	double share;
	double mean;
	double fade;
	size_t row;

	for (row = first; row < end; row++) {
		struct sum own;

		sum_row(ranking, row, &all);
		if (!ranking->rows->at[row].n)
			continue;
		memset(&own, 0, sizeof(own));
		sum_row(ranking, row, &own);
		ranking->turn[row] = bm25(ranking, own.stem, ranking->idf, B,
					  own.tokens / ranking->mean) /
				     ranking->all;
	}
	mean = all.tokens / (double)(end - first) / LONG_TOKENS;
	fade = 1 / (1 + mean * mean);
	share = bm25(ranking, all.stem, ranking->idf_session, B,
		     all.tokens / ranking->mean_session) /
		ranking->all_session;
	for (row = first; row < end; row++) {
		out[row] = score_row(ranking, row, first, end, fade);
		if (out[row] > 0)
			out[row] += W_SESSION * fade * share;
	}
}


/* Is a before b? */
static bool is_before(const struct rows *rows, const struct ranked *a,
		      const struct ranked *b)
{
	const struct row *x = &rows->at[a->row];
	const struct row *y = &rows->at[b->row];

	if (a->score < b->score || a->score > b->score)
		return a->score > b->score;
	if (x->micros != y->micros)
		return x->micros > y->micros;
	return x->tie < y->tie;
}

/* Put one into a list of the best, which holds at most max. */
static void take(const struct rows *rows, struct ranked *best, size_t *n,
		 size_t max, const struct ranked *one)
{
	size_t at;

	if (*n == max && !is_before(rows, one, &best[max - 1]))
		return;
	at = *n < max ? (*n)++ : max - 1;
	for (; at && is_before(rows, one, &best[at - 1]); at--)
		best[at] = best[at - 1];
	best[at] = *one;
}

static void choose(const struct rows *rows, const double *scores, size_t max,
		   struct ranked *best, size_t *n)
{
	size_t row;

	*n = 0;
	for (row = 0; row < rows->n; row++) {
		const struct ranked one = { row, scores[row] };

		if (one.score > 0)
			take(rows, best, n, max, &one);
	}
}

int rank(const struct query *query, const struct rows *rows, size_t n,
	 struct ranked **out, size_t *out_n, struct err *err)
{
	struct ranking ranking = { .query = query, .rows = rows };
	double *scores = calloc(rows->n + 1, sizeof(*scores));
	struct ranked *best;
	size_t row;
	int rc = 0;

	n = n < rows->n ? n : rows->n;
	best = calloc(n + 1, sizeof(*best));
	ranking.turn = calloc(rows->n + 1, sizeof(*ranking.turn));
	if (!scores || !best || !ranking.turn) {
		rc = err_set(err, ERR_NOMEM, "out of memory");
		goto out;
	}
	measure(&ranking);
	for (row = 0; row < rows->n; row = session_end(rows, row))
		score_session(&ranking, row, session_end(rows, row), scores);
	if (n)
		choose(rows, scores, n, best, out_n);
	else
		*out_n = 0;
	*out = best;
	best = NULL;
out:
	free(scores);
	free(best);
	free(ranking.turn);
	return rc;
}
