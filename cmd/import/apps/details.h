/*
 * What Open WebUI writes into the text of an answer beside what the model
 * says: <details type="tool_calls" id=".." name=".." arguments=".."
 * result="..">..</details>.
 */
#ifndef VV_CMD_IMPORT_APPS_DETAILS_H
#define VV_CMD_IMPORT_APPS_DETAILS_H

#include "cmd/import/flat/flat.h"
#include "cmd/import/records/blocks.h"

/*
 * Say the text with its calls as calls and what they gave back as results; of
 * one that has any, the text as it stands becomes native `content`. Thoughts
 * stay in it, as the app has them.
 */
void details_say(struct flat *flat, struct blocks *blocks, struct span text);

#endif
