/*
 * The host that is a terminal: results on stdout, talk on stderr.
 */
#ifndef VV_CMD_CLI_TERMINAL_H
#define VV_CMD_CLI_TERMINAL_H

#include "cmd/action/read/handles.h"
#include "cmd/cli/words/words.h"
#include "cmd/render/render.h"

struct terminal {
	struct session *session;
	const struct rendering *rendering;	/* NULL: results are JSON */
	bool has_begun;			/* to print anything */
	size_t printed;			/* objects that were more than nothing */
	struct buf rest;		/* of a JSON line, behind its list */
	bool is_first;			/* item of that list */
	struct handles handles;		/* of what is listed for a person */
	size_t numbered;		/* of them were shown */
};

struct host terminal_host(struct terminal *terminal);

/* Run the action and show what comes; returns 0, CMD_NO, CMD_USAGE or a
 * failure, which is the session's error then. */
MUST_USE int terminal_run(struct session *session, const struct words *words);

#endif
