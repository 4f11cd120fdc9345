/*
 * What was stored, as it is given to a model: between fences
 * (cmd/context/fence.h), and cut where it is long.
 */
#ifndef VV_CMD_MCP_TOOL_QUOTE_H
#define VV_CMD_MCP_TOOL_QUOTE_H

#include "cmd/context/fence.h"
#include "lib/json/jcs_write.h"

#define QUOTE_FENCES ((size_t)40)	/* characters, with line ends */

/*
 * Append a fenced text: from its byte `from` on, at most max bytes of what it
 * is when it is made safe. It is cut between characters, and before the fence.
 * Returns where in the text it goes on: its length, if that was all.
 */
size_t quote_put(const struct fence *fence, struct span text, size_t from,
		 size_t max, struct buf *out);

/* A member that is such a text, of a canonical string; of another value it is
 * null. */
void quote_field(const struct fence *fence, const char *name,
		 struct span value, size_t max, struct jcs_fields *fields);

#endif
