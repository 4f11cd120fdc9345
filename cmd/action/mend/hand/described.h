/*
 * What was hit, for people: "message of user 'I meant the green' in 'Paint'".
 */
#ifndef VV_CMD_ACTION_MEND_HAND_DESCRIBED_H
#define VV_CMD_ACTION_MEND_HAND_DESCRIBED_H

#include "cmd/action/mend/hand/target.h"

/* Append its kind and how its words begin, as they stood; of a message also who
 * says it, and in which conversation. One line. */
MUST_USE int described(const struct target *target, struct buf *out,
		       struct err *err);

/* The same of an entity as it was found. */
MUST_USE int described_entity(struct view *view,
			      const struct view_entity *entity,
			      struct buf *out, struct err *err);

/* Put "entity", "data", to which it is about to be changed, "was", what stood
 * in the same fields, "what", as above, and "imported". */
MUST_USE int described_put(const struct target *target, struct span data,
			   struct jcs_fields *fields, struct err *err);

#endif
