/*
 * A value that takes the place of others, and of all that they set below it.
 */
#ifndef VV_CMD_ACTION_MEND_EXACT_H
#define VV_CMD_ACTION_MEND_EXACT_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/*
 * Append the value; where it and the other one are objects, with a null for
 * each member that only the other has, at any depth. Without those, what the
 * other set there would stand beside it.
 */
MUST_USE int exact_value(struct span value, struct span other,
			 struct buf *out, struct err *err);

#endif
