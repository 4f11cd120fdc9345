/*
 * The ranking: fifteen lexical features with rounded weights, learned on one
 * half of LoCoMo and tested on the other.
 */
#ifndef VV_REFS_INDEX_RANK_H
#define VV_REFS_INDEX_RANK_H

#include "refs/index/rows.h"

/* A row with its score, which is above 0. */
struct ranked {
	size_t row;
	double score;
	int64_t micros;
	uint32_t tie;
};

#define RANK_WINDOW 2		/* turns before and behind one matter to it */
#define RANK_LENGTHS 256	/* so many are weighed once for all ... */
#define RANK_COUNTS 32		/* ... and so often a word near a row */

/* How many have the word of each slot. */
struct rank_counts {
	double rows[QUERY_SLOTS_MAX];
	double exact[QUERY_SLOTS_MAX];	/* rows with the very form */
	double sessions[QUERY_SLOTS_MAX];
};

/* Sessions are counted, all of them; then each is scored by itself. */
struct ranking {
	const struct query *query;
	const struct rows *rows;
	struct rank_counts with;
	double idf[QUERY_SLOTS_MAX];
	double idf_exact[QUERY_SLOTS_MAX];
	double idf_session[QUERY_SLOTS_MAX];
	double all, all_exact, all_session;	/* their sums */
	double mean, mean_session;	/* tokens of a row, of a session */
	double lengths[RANK_LENGTHS];	/* what so many tokens add */
	double windows[QUERY_SLOTS_MAX][RANK_COUNTS];
	double *scores;			/* of the rows of one session ... */
	double *turns;			/* ... and of their own words */
	size_t scores_cap, turns_cap;
	struct ranked *best;		/* the best first, at most max */
	size_t n, cap, max;
};

/* rows tell how much there is of all; they are borrowed. max: so many of the
 * best are kept. */
void ranking_init(struct ranking *ranking, const struct query *query,
		  const struct rows *rows, size_t max);
void ranking_release(struct ranking *ranking);

/* Count the words of one session, ... */
void ranking_count(struct ranking *ranking, const struct rows *rows,
		   size_t first, size_t end);
/* ... one word of a row in a session that has said those slots, ... */
void rank_count(struct rank_counts *counts, const struct row_count *count,
		uint32_t *said);
/* ... or what was counted so. */
void ranking_count_more(struct ranking *ranking,
			const struct rank_counts *counts);
/* All is counted: how rare is each word, and how long are things? */
void ranking_settle(struct ranking *ranking);

/* Score the rows of one session, in their order, into scores. ERR_NOMEM. */
MUST_USE int ranking_score(struct ranking *ranking, const struct rows *rows,
			   size_t first, size_t end, struct err *err);

/* What is known of a session before its rows are looked at. */
struct gist {
	double stems[QUERY_SLOTS_MAX];	/* how often each slot stands in it */
	double own;		/* at most so much is a row's by its words */
	double asked;		/* and so much that of a question */
	size_t rows;
	uint64_t tokens;
	uint32_t longest;	/* tokens of a row */
	double fade;		/* rank_fade() of them */
	bool may_name;		/* some row may be whose name is asked for */
};

/* How near a mean row of a session is to a short one. */
double rank_fade(uint64_t tokens, size_t rows);

/* What a row scores by its own words; *out_turn: how well they match. */
double ranking_own(const struct ranking *ranking,
		   const struct row_count *counts, size_t n, uint32_t tokens,
		   uint32_t pairs, double *out_turn);
/* No row scores more by what it says and by its neighbours than this, where
 * its own words have that score, and those near it stand so often. */
double ranking_near(const struct ranking *ranking, const struct gist *gist,
		    double own, const double *stems);
/* No row of such a session scores more, where none is above near. */
double ranking_bound(const struct ranking *ranking, const struct gist *gist,
		     double near);

/* May what has this score be one of the best? */
bool ranking_has_room(const struct ranking *ranking, double score);
/* Take it, if it is; where scores are equal the newer comes first, then the
 * smaller tie. ERR_NOMEM. */
MUST_USE int ranking_take(struct ranking *ranking, const struct ranked *one,
			  struct err *err);

/* Behind the last row of the session that row is of. */
size_t rank_session_end(const struct rows *rows, size_t row);

#endif
