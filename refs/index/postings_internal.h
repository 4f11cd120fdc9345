/*
 * Where the words of a query stand in a shard, row by row.
 *
 * The postings of all terms are read side by side, those of a few thousand
 * rows at a time. Each place is hung to its row, so that nothing has to be
 * sorted but the few places of one row: as Lucene's BooleanScorer does with
 * documents (after Moffat and Zobel, Self-Indexing Inverted Files for Fast Text
 * Retrieval, 1996).
 */
#ifndef VV_REFS_INDEX_POSTINGS_INTERNAL_H
#define VV_REFS_INDEX_POSTINGS_INTERNAL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

/* One place where a word of the query stands; position as that of struct token
 * (shard_internal.h). */
struct occurrence {
	uint32_t position, slots, exact;
};

/* A row with all of its places, by position: borrowed until the next one. */
struct row_places {
	uint32_t row;
	const struct occurrence *at;
	size_t n;		/* 0: there is no row left */
};

struct postings;

MUST_USE int postings_new(struct postings **out, struct err *err);
void postings_free(struct postings *postings);
/* Those of another shard, which has so many rows. */
void postings_begin(struct postings *postings, uint32_t rows);

/* Add those of one term, as shards have them, borrowed until all are read;
 * slots and exact: of each of its places. ERR_CORRUPT. */
MUST_USE int postings_add(struct postings *postings, struct span bytes,
			  uint32_t slots, uint32_t exact, struct err *err);
/* At most so many places were added. */
size_t postings_most(const struct postings *postings);

/* The next row that has a place. ERR_CORRUPT. */
MUST_USE int postings_next(struct postings *postings, struct row_places *out,
			   struct err *err);

#endif
