/*
 * The tools, as rows of a table: what each is called, takes and does. Lists,
 * schemas and the checks of arguments are made from it.
 */
#ifndef VV_CMD_MCP_TOOL_TOOL_H
#define VV_CMD_MCP_TOOL_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/mcp/server.h"
#include "cmd/mcp/tool/quote.h"
#include "lib/base/arena.h"

#define TOOL_PARAMS_MAX 12
#define TOOL_LIST_MAX 32	/* items of one argument */
#define TOOL_TEXT_MAX ((size_t)64 << 10)

enum tool_type {
	TOOL_TEXT,
	TOOL_COUNT,
	TOOL_LIST		/* of texts; one alone is taken as well */
};

#define TOOL_REQUIRED 1u
#define TOOL_IS_LONG 2u		/* up to TOOL_TEXT_MAX; else a line's worth */

struct tool_param {
	const char *name;
	enum tool_type type;
	unsigned flags;
	uint64_t least, otherwise, most;	/* of a count */
	const char *const *choices;	/* of a text or a list; or NULL */
	const char *help;
};

struct tool_value {
	bool is_set;
	uint64_t count;
	const char **texts;	/* one, or those of a list */
	size_t n;
};

struct tool;

/* One call. */
struct tool_call {
	struct server *server;
	const struct tool *tool;
	const char *in;		/* what is read is of this construct; or NULL */
	struct tool_value values[TOOL_PARAMS_MAX];
	struct arena arena;
	struct fence fence;
	struct buf text;	/* out: for models to read */
	struct jcs_fields fields;	/* out: the same, for programs */
	struct err refusal;	/* out: why it does not do it, if so */
};

struct tool {
	const char *name;
	const char *title;
	const char *help;
	const struct tool_param *params;	/* ended by a NULL name */
	bool writes;
	int (*run)(struct tool_call *call, struct err *err);
};

/* Ended by a NULL name. */
extern const struct tool tool_table[];
const struct tool *tool_find(struct span name);

/* Does the server have it? */
bool tool_is_offered(const struct tool *tool, const struct server *server);

/* Append what tools/list says of it. */
void tool_put(const struct tool *tool, struct buf *out);

/*
 * Check the arguments of a call and take them over. What is wrong is the
 * call's refusal. ERR_NOMEM.
 */
MUST_USE int tool_arguments(struct tool_call *call,
			    const struct jval *arguments, struct err *err);

/* The values, by a name that is among the tool's. */
const char *tool_text(const struct tool_call *call, const char *name);
uint64_t tool_count(const struct tool_call *call, const char *name);
const struct tool_value *tool_value(const struct tool_call *call,
				    const char *name);

/* Say that, and why, the call is not done. Returns 0, so that a caller writes
 * "return tool_refuse(...)". */
int tool_refuse(struct tool_call *call, const char *fmt, ...)
	PRINTF_LIKE(2, 3);

int tool_recall(struct tool_call *call, struct err *err);
int tool_read(struct tool_call *call, struct err *err);
int tool_history(struct tool_call *call, struct err *err);
int tool_status(struct tool_call *call, struct err *err);
int tool_remember(struct tool_call *call, struct err *err);

#endif
