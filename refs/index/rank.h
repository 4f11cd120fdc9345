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
};

/*
 * Score the sorted rows and tell the best, at most n of them, the best first;
 * where scores are equal the newer comes first, then the smaller tie. out:
 * an array for the caller to free. ERR_NOMEM.
 */
MUST_USE int rank(const struct query *query, const struct rows *rows,
		  size_t n, struct ranked **out, size_t *out_n,
		  struct err *err);

#endif
