/*
 * A search in shards, as far as its two halves share it: which rows count, and
 * where the words of the query stand in them.
 */
#ifndef VV_REFS_INDEX_LOOKUP_INTERNAL_H
#define VV_REFS_INDEX_LOOKUP_INTERNAL_H

#include "refs/index/lookup.h"

/* One place where a word of the query stands. */
struct occurrence {
	uint32_t row, position, slots, exact;
};

/* A shard with its parts, and what the query finds in it. */
struct searched {
	const struct shard *shard;
	const struct shard_row *rows;
	const struct shard_more *more;
	const uint64_t *entities;
	const struct shard_session *sessions;
	const struct shard_text *texts;
	bool *counts;			/* of each row: it stands for itself */
	uint32_t *numbers;		/* of sessions, in the rows of recall */
	uint32_t *named;		/* slots that each text names ... */
	bool *is_named;			/* ... where that was looked up */
	struct {
		struct occurrence *at;
		size_t n;
		size_t cap;
	} found;
};

struct search {
	struct recall *recall;
	uint32_t construct;
	const struct shards *shards;
	const struct lookup_visitor *visitor;
	struct searched *at;
	size_t n;
	uint64_t *again;		/* bits: hashes that stand twice ... */
	uint64_t mask;			/* ... by these bits of theirs */
	struct table entities;		/* of those: how many records */
	uint8_t *needed;		/* by number of a session */
};

/* Fill what is found of each shard, in the order of rows. */
MUST_USE int lookup_words(struct search *search, struct err *err);

#endif
