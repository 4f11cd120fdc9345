/*
 * A search in shards, as far as its parts share it: which rows count, and
 * where the words of the query stand in them.
 */
#ifndef VV_REFS_INDEX_LOOKUP_INTERNAL_H
#define VV_REFS_INDEX_LOOKUP_INTERNAL_H

#include "refs/index/lookup.h"
#include "refs/index/postings_internal.h"

/* A row with some word of the query. Most say one word once, which the number
 * tells by itself; of the others it is that of a struct found_more. */
struct found_row {
	uint32_t row;
	uint32_t number;
};
#define FOUND_ONCE ((uint32_t)1 << 31)	/* and 2 * slot + is it the form */

/* What it counts ends where that of the next one begins. */
struct found_more {
	uint32_t pairs;
	uint32_t first;
};

/* A session with such rows. */
struct found_session {
	uint32_t session;	/* of the shard */
	uint32_t first, end;	/* of what was found */
};

/* What a session of a shard is. */
#define SESSION_SIMPLE 0u
#define SESSION_MIXED 1u	/* some rows do not stand by themselves alone */
#define SESSION_OUT 2u		/* nothing of it is in the view */

/* What a row is by its who. */
#define WHO_IS_OUT 1u		/* filtered */
#define WHO_IS_TITLE 2u
#define WHO_IS_CHOSEN 4u	/* of the folder that is wanted */

/* A shard with its parts, and what the query finds in it. */
struct searched {
	const struct shard *shard;
	const uint32_t *firsts;		/* of its sessions */
	const uint8_t *gists;		/* where all of them were read */
	const struct shard_sum *sums;
	const struct shard_who *whos;
	const struct shard_text *texts;
	uint8_t *states;		/* of its sessions */
	uint32_t *named;		/* slots that each of whos names */
	uint8_t *kinds;			/* of each of whos: */
	bool may_name;
	bool needs_whos;		/* some of them matters */
	struct { struct found_row *at; size_t n, cap; } rows;
	struct { struct found_more *at; size_t n, cap; } more;
	struct { struct row_count *at; size_t n, cap; } counts;
	struct { struct found_session *at; size_t n, cap; } sessions;
};

struct lookup {
	struct recall *recall;
	uint32_t construct;
	const struct lookup_visitor *visitor;
	struct shards shards;
	struct searched *at;
	size_t n;
	uint32_t slots;		/* that are looked for in what was said ... */
	uint32_t title_slots;	/* ... and in titles alone */
	uint8_t without;	/* traits with which a row does not count */
	struct postings *postings;	/* of the words, while they are read ... */
	uint32_t said;		/* ... and what the session has so far */
	struct rank_counts counts;	/* of simple sessions */
	struct table mixed;	/* hashes of sessions that are: 1, where some
				   row says a word */
	struct table left_out;	/* shard and row: the fold tells of them */
	struct table told;	/* to the visitor: entities */
};

/* Find out which sessions are mixed, and tell the visitor. */
MUST_USE int lookup_mixed(struct lookup *lookup, struct err *err);
/* Count the rows of simple sessions, whatever they say. */
MUST_USE int lookup_total(struct lookup *lookup, struct err *err);
/* Find the words of the query in each shard. */
MUST_USE int lookup_words(struct lookup *lookup, struct err *err);

/* What a row counts. */
struct found {
	const struct row_count *at;
	size_t n;
	uint32_t pairs;
	struct row_count once;
};
void lookup_found(const struct searched *searched,
		  const struct found_row *row, struct found *out);

/* Returns 1 when the shard has a session of that hash, 0, or an error. */
MUST_USE int lookup_find_session(const struct searched *searched,
				 uint64_t hash, size_t *out, struct err *err);

/* The columns of some rows behind one another: gists alone, or the others. */
struct columns {
	const struct searched *searched;
	const uint8_t *gists;
	const uint32_t *tokens;		/* with traits */
	uint32_t first;
	size_t n;
};
/* Where much of a shard is looked at, all of that column is read at once. */
MUST_USE int lookup_all_gists(struct searched *searched, struct err *err);
MUST_USE int lookup_gists(const struct searched *searched, size_t session,
			  struct columns *out, struct err *err);
MUST_USE int lookup_columns(const struct searched *searched, size_t session,
			    struct columns *out, struct err *err);
MUST_USE int lookup_tokens(const struct searched *searched, uint32_t row,
			   uint32_t column, uint32_t *out, struct err *err);
/* May rows of a session be hits? */
MUST_USE int lookup_wants_session(const struct lookup *lookup, size_t searched,
				  size_t session, bool *out, struct err *err);
/* Does a row of a mixed session stand for itself in the view? */
MUST_USE int lookup_stands(const struct lookup *lookup, size_t searched,
			   uint32_t row, bool *out, struct err *err);

/* Rows of one session of one shard. */
struct wanted_rows {
	size_t searched, session;
	size_t found, end;	/* what was found in them */
	uint32_t number;	/* that the rows get as their session's */
	bool is_mixed;
};
/* Is the session of the folder that is wanted? */
MUST_USE int lookup_is_chosen(const struct lookup *lookup,
			      const struct wanted_rows *wanted, bool *out,
			      struct err *err);
/* The kind of who said a row. */
MUST_USE int lookup_kind_of(const struct searched *searched, uint32_t row,
			    uint16_t *out_who, uint8_t *out, struct err *err);
/* Those that count: among those of all. */
MUST_USE int lookup_count_mixed(struct lookup *lookup,
				const struct wanted_rows *wanted,
				struct err *err);
/* Append them to rows, without what lookup_put_times() puts, unless that
 * decides what may be a hit. */
MUST_USE int lookup_put_rows(struct lookup *lookup,
			     const struct wanted_rows *wanted,
			     struct rows *rows, struct err *err);
/* When it was said, its tie and place. */
MUST_USE int lookup_put_times(const struct lookup *lookup, struct row *row,
			      struct err *err);

#endif
