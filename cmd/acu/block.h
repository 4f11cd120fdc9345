/*
 * The blocks of a message: what its lines say of its structure.
 */
#ifndef VV_CMD_ACU_BLOCK_H
#define VV_CMD_ACU_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/span.h"

enum block_kind {
	BLOCK_PROSE,
	BLOCK_CODE,
	BLOCK_FORMULA,
	BLOCK_TABLE
};

struct block {
	enum block_kind kind;
	size_t start;		/* bytes; without white space at the ends */
	size_t end;
	struct span language;	/* of code: the fence's first word, or absent */
	bool is_open;		/* a fence that nothing closes */
};

/* A walk over the blocks of a text. */
struct block_walk {
	struct span text;
	size_t at;
	size_t no_dollars;	/* no $$ ends a line before here, */
	size_t no_bracket;	/* and no \] */
};

static inline struct block_walk block_walk_of(struct span text)
{
	struct block_walk walk = { text, 0, 0, 0 };

	return walk;
}

/*
 * The next block; false at the end. Every byte that is not white space is in
 * exactly one block, but for lines of prose that only draw a rule ("---").
 */
bool block_next(struct block_walk *walk, struct block *out);

#endif
