/*
 * The list of conflicts while it is made. Only for the fold.
 */
#ifndef VV_OBJECTS_FOLD_CONFLICT_H
#define VV_OBJECTS_FOLD_CONFLICT_H

#include "objects/fold/fold.h"

/* Append one between leaves of these keys (leaf.h), of the records of these
 * ids; list may be NULL. */
MUST_USE int fold_conflicts_add(struct fold_conflicts *list, struct span key,
				struct span winner_key,
				const unsigned char winner[RECORD_ID_BYTES],
				const unsigned char loser[RECORD_ID_BYTES],
				struct err *err);

#endif
