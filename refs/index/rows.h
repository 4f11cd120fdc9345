/*
 * What a search looks at: a row for each thing that was spoken, with how often
 * each word of the query stands in it.
 */
#ifndef VV_REFS_INDEX_ROWS_H
#define VV_REFS_INDEX_ROWS_H

#include "lib/base/arena.h"
#include "objects/record/record.h"
#include "refs/index/query.h"
#include "refs/index/spoken.h"

#define ROW_QUESTION 1u
#define ROW_TELLS_TIME 2u
#define ROW_TELLS_NUMBER 4u
#define ROW_IS_USERS 8u		/* the person's own words */
#define ROW_IS_OUT 16u		/* counts for its neighbours, is no hit */

/* How often the word of one slot stands in a row. */
struct row_count {
	uint8_t slot;
	uint16_t stem;		/* in any form */
	uint16_t exact;		/* in that very form */
};

struct row {
	struct span entity;
	uint32_t construct;	/* the caller's number for it */
	uint32_t session;	/* counted over all constructs */
	int64_t index;
	int64_t micros;
	unsigned char id[RECORD_ID_BYTES];	/* the newest record */
	uint32_t tokens;	/* words but stop words */
	uint32_t flags;
	uint32_t named;		/* slots that name its speaker */
	uint32_t pairs;		/* slots that the next one follows at once */
	size_t first;		/* of its counts */
	size_t n;
};

struct rows {
	struct row *at;
	size_t n;
	size_t cap;
	struct {
		struct row_count *at;
		size_t n;
		size_t cap;
	} counts;
	struct table sessions;
	struct arena names;
};

#define ROWS_INIT \
	{ NULL, 0, 0, { NULL, 0, 0 }, TABLE_INIT(16, TABLE_NO_LIMIT), \
	  ARENA_INIT }

/* Add what was said; row: its construct, id and flags are set. */
MUST_USE int rows_add(struct rows *rows, struct words *words,
		      const struct query *query, const struct spoken *spoken,
		      const struct row *row, struct err *err);

/* By construct, session and place in it. */
void rows_sort(struct rows *rows);
void rows_release(struct rows *rows);

#endif
