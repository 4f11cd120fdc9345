/*
 * What is written by hand is checked as nothing that is imported is: that
 * entities that are spoken of are there, that nothing needed is missing, and
 * that no field of data has a name that is nearly one with a meaning.
 */
#ifndef VV_CMD_ACTION_MEND_HAND_STRICT_H
#define VV_CMD_ACTION_MEND_HAND_STRICT_H

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "objects/record/kinds.h"
#include "refs/view/view.h"

/* Data, a canonical object, for a record of that type. ERR_INVALID names the
 * field, and what may be meant. */
MUST_USE int strict_data(const struct kind *kind, const char *type,
			 struct span data, struct err *err);

/* One name of a field. */
MUST_USE int strict_name(const struct kind *kind, struct span name,
			 struct err *err);

/* ERR_NOT_FOUND: the construct has no such entity, and the one of the kind
 * with the nearest name. Reads more than the entity's place. */
MUST_USE int strict_no_entity(struct vault *vault, const char *construct,
			      const char *entity, struct err *err);

#endif
