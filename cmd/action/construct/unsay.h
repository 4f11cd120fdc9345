/*
 * Taking back what stands in a construct, by ordinary records behind it.
 */
#ifndef VV_CMD_ACTION_CONSTRUCT_UNSAY_H
#define VV_CMD_ACTION_CONSTRUCT_UNSAY_H

#include "refs/view/view.h"
#include "refs/write/write.h"

/* Queue `<kind>:delete` of an entity, which says where it is now. */
MUST_USE int unsay_entity(struct vault *vault,
			  const struct view_entity *entity, const char *moved,
			  struct writer *writer, struct err *err);

/* Queue `<kind>:update` with all of its state, behind a delete of it too. */
MUST_USE int say_again(struct vault *vault, const struct view_entity *entity,
		       const unsigned char deleted[RECORD_ID_BYTES],
		       struct writer *writer, struct err *err);

/*
 * Queue `<kind>:update` of an entity, after which it is as if of its records
 * these alone were there. Nothing where that is no difference.
 */
MUST_USE int unsay_records(struct vault *vault,
			   const struct view_entity *entity,
			   const struct fold_record *rest, size_t n,
			   struct writer *writer, struct err *err);

#endif
