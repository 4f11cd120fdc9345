/*
 * What a search looks at: a row for each thing that was spoken, with how often
 * each word of the query stands in it.
 */
#ifndef VV_REFS_INDEX_ROWS_H
#define VV_REFS_INDEX_ROWS_H

#include "lib/base/arena.h"
#include "objects/record/record.h"
#include "refs/index/words/query.h"
#include "refs/index/words/spoken.h"

/* Flags of a row beside those of spoken.h. */
#define ROW_IS_OUT 32u		/* counts for its neighbours, is no hit */
#define ROW_IS_TITLE 64u
#define ROW_IS_PLACED 128u	/* one record alone, whose place is known */

/* How often the word of one slot stands in a row. */
struct row_count {
	uint8_t slot;
	uint16_t stem;		/* in any form */
	uint16_t exact;		/* in that very form */
};

struct row {
	struct span entity;	/* absent: where a shard says (lookup.h): */
	uint32_t shard, number;	/* the shard of the view, and the row in it */
	uint32_t construct;	/* the caller's number for it */
	uint32_t session;	/* counted over all constructs */
	int64_t index;
	int64_t micros;
	unsigned char id[RECORD_ID_BYTES];	/* the newest record */
	uint32_t tie;
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
	struct {
		struct row_session { uint64_t construct, hash; } *at;
		size_t n;
		size_t cap;
	} chosen;		/* sessions that a filter wants */
	struct arena names;
	uint64_t all;		/* rows and their tokens, also of sessions ... */
	uint64_t tokens;
	uint64_t sessions_more;	/* ... that are left out here; and of those */
	size_t kept;		/* sessions that were put here all the same */
};

#define ROWS_INIT \
	{ NULL, 0, 0, { NULL, 0, 0 }, TABLE_INIT(16, TABLE_NO_LIMIT), \
	  { NULL, 0, 0 }, ARENA_INIT, 0, 0, 0, 0 }

/* Add what was said; row: its construct, id and flags are set. */
MUST_USE int rows_add(struct rows *rows, struct words *words,
		      const struct query *query, const struct spoken *spoken,
		      const struct row *row, struct err *err);

/* The same without looking at its words. */
MUST_USE int rows_add_bare(struct rows *rows, const struct spoken *spoken,
			   const struct row *row, struct err *err);

/* What is counted of one text. */
struct counting {
	uint16_t stem[QUERY_SLOTS_MAX];
	uint16_t exact[QUERY_SLOTS_MAX];
	uint32_t before;	/* slots of the word before */
	uint32_t pairs;
};

/* Count a word by its slots; a whole has no neighbours. */
void count_word(struct counting *counting, uint32_t slots, uint32_t exact,
		bool is_whole);

/* The number of a session, by the hash of its entity. */
MUST_USE int rows_session(struct rows *rows, uint32_t construct, uint64_t hash,
			  uint32_t *out, struct err *err);
/* The slots that a speaker's name is made of. */
MUST_USE int rows_name(struct words *words, const struct query *query,
		       struct span name, uint32_t *out, struct err *err);
/* A row that is all set, with its counts; all and tokens stay. */
MUST_USE int rows_put(struct rows *rows, const struct counting *counting,
		      const struct row *row, struct err *err);
/* Give a row its entity, copied. */
MUST_USE int rows_set_entity(struct rows *rows, struct row *row,
			     struct span entity, struct err *err);

/* A session is one of those that a filter wants. */
MUST_USE int rows_choose(struct rows *rows, uint32_t construct, uint64_t hash,
			 struct err *err);

/* What sorted rows have to have beside the words. */
struct row_needs {
	uint32_t titles;	/* slots, all in the title of the session ... */
	uint32_t others;	/* ... which is a hit for one of these alone */
	bool is_chosen;		/* the session */
	bool has_code;
};
/* The slots that stand in a row. */
uint32_t rows_slots(const struct rows *rows, const struct row *row);
/* The others are no hits. */
MUST_USE int rows_narrow(struct rows *rows, const struct row_needs *needs,
			 struct err *err);
/* The same of the rows of one session; is_out: it is not wanted. */
void rows_narrow_session(struct rows *rows, size_t first, size_t end,
			 bool is_out, const struct row_needs *needs);

/* By construct, session and place in it. */
void rows_sort(struct rows *rows);
void rows_release(struct rows *rows);

#endif
