/*
 * Where a record's words stand in what was imported.
 */
#ifndef VV_CMD_ACTION_HISTORY_PLACE_H
#define VV_CMD_ACTION_HISTORY_PLACE_H

#include "lib/json/jcs_write.h"
#include "objects/record/record.h"

/* Put "place": what its entity says of that, and its own index; null where it
 * was made here. */
void place_put(struct jcs_fields *fields, const struct record *record);

#endif
