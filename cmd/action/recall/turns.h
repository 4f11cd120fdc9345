/*
 * The turns around a hit.
 */
#ifndef VV_CMD_ACTION_RECALL_TURNS_H
#define VV_CMD_ACTION_RECALL_TURNS_H

#include "lib/json/jcs_write.h"
#include "refs/index/recall.h"

/* "before" and "after": so many turns of its session each, whole. row: its
 * place among those of recall. */
MUST_USE int turns_put(struct recall *recall, size_t row, size_t around,
		       struct jcs_fields *fields, struct err *err);

#endif
