/*
 * A shard on its way: what was read of its segments, until it is written.
 */
#ifndef VV_REFS_INDEX_SHARD_SHARD_INTERNAL_H
#define VV_REFS_INDEX_SHARD_SHARD_INTERNAL_H

#include "lib/base/table.h"
#include "refs/index/shard/shard.h"
#include "refs/index/words/spoken.h"

/* A row on its way. */
struct made_row {
	uint64_t session;	/* hashes of entities */
	uint64_t entity;
	int64_t micros;
	int64_t index;
	uint32_t tie;
	uint32_t line;
	uint32_t tokens;
	uint32_t number;	/* in the order of reading */
	uint16_t segment;
	uint16_t who;
	uint8_t traits;
};

/* One place of one word; a whole has position 0, the others count from 1. */
struct token {
	uint32_t term, row, position;
};

struct made_term {
	uint32_t text;
	uint16_t stem_len, form_len;
};

struct build {
	struct view *view;
	struct words *words;
	const struct shard *others;
	size_t others_n;
	struct { struct made_row *at; size_t n, cap; } rows;
	struct { struct token *at; size_t n, cap; } tokens;
	struct { struct made_term *at; size_t n, cap; } terms;
	struct { struct shard_text *at; size_t n, cap; } texts;
	struct { struct shard_who *at; size_t n, cap; } whos;
	struct buf heap;	/* of terms */
	struct buf text_heap;
	struct table by_term;	/* hashes of form and stem: see look_at_word() */
	struct { uint64_t *at; size_t n, cap; } known;	/* the same by the
						   numbers of words, 0: not yet */
	uint32_t generation;	/* of these numbers */
	struct table by_text;
	struct table by_who;
	struct spoken spoken;
	const struct buf *text;	/* of the segment that is read */
	uint16_t segment;
	struct shard_head head;
	struct buf *body;
};

/* Put the body together. */
MUST_USE int shard_write(struct build *build,
			 const struct tree_segment *segments, size_t n,
			 struct err *err);

#endif
