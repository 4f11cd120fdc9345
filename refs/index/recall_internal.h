/*
 * Reading the records that rows of shards are of.
 */
#ifndef VV_REFS_INDEX_RECALL_INTERNAL_H
#define VV_REFS_INDEX_RECALL_INTERNAL_H

#include "refs/index/recall.h"

/* The record of a row whose place is known, borrowed from its segment until
 * others are read; it names the row. */
MUST_USE int recall_record(struct recall *recall, struct row *row,
			   struct record *out, struct err *err);

#endif
