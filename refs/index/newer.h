/*
 * Rows of what the vault learned lately.
 */
#ifndef VV_REFS_INDEX_NEWER_H
#define VV_REFS_INDEX_NEWER_H

#include "refs/index/recall.h"
#include "refs/view/stored.h"

/* Leave out the rows that the views held before filter.stored_since; what
 * cannot be told by its segment is named and looked up. ERR_CORRUPT: a shard
 * or a segment is damaged. */
MUST_USE int rows_keep_newer(struct recall *recall, struct err *err);

/* The same of one row of the view that stored is of. */
MUST_USE int row_keep_newer(struct recall *recall, struct stored *stored,
			    struct row *row, struct err *err);

#endif
