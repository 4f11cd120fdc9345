/*
 * What is told of any entity.
 */
#ifndef VV_CMD_ACTION_READ_ENTITY_H
#define VV_CMD_ACTION_READ_ENTITY_H

#include "lib/json/jcs_write.h"
#include "refs/view/view.h"

/*
 * Set "entity", "kind", "records" (the ids of all), "state" (null: deleted) and
 * "at": when it was made, as it says, else when it was last spoken of; null
 * where neither is known.
 */
void entity_put(struct jcs_fields *fields, const struct view_entity *entity);

#endif
