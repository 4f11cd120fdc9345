/*
 * Whole pages: what resources hold and prompts say, from the actions and tools
 * that make them.
 */
#ifndef VV_CMD_MCP_PAGE_H
#define VV_CMD_MCP_PAGE_H

#include "cmd/mcp/tool/tool.h"

/*
 * Are there pages of a whole construct? Not where only some kinds are there:
 * they tell of all.
 */
bool page_is_offered(const struct server *server);

/* Append what `context` tells of a construct (fenced); query may be NULL. */
MUST_USE int page_context(struct server *server, const char *construct,
			  const char *query, struct buf *out,
			  struct err *err);

/* A text argument of a tool; value NULL: it is not given. */
struct page_argument {
	const char *name;
	const char *value;
};

/* Append what a tool answers to these, as a model reads it; name NULL ends
 * them. `in`: of this construct, or NULL. Refusals are errors. */
MUST_USE int page_of_tool(struct server *server, const char *tool,
			  const char *in,
			  const struct page_argument *arguments,
			  struct buf *out, struct err *err);

#endif
