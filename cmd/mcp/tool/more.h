/*
 * Where a result that was cut goes on: a number, bound to what was asked.
 */
#ifndef VV_CMD_MCP_TOOL_MORE_H
#define VV_CMD_MCP_TOOL_MORE_H

#include <stdint.h>

#include "cmd/mcp/tool/tool.h"

struct more {
	uint64_t at;		/* things that were told whole, */
	uint64_t byte;		/* and how much of the next one */
};

/* What the call's argument `cursor` says; all zero without one. It is refused
 * where it comes from another tool, or other arguments than how much is
 * wanted. */
void more_read(struct tool_call *call, struct more *out);

/* "next_cursor": to go on there. The text says it as well. */
void more_put(struct tool_call *call, const struct more *cursor);

#endif
