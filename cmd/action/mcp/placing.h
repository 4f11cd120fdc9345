/*
 * Our MCP server in the settings of the programs that start such servers.
 */
#ifndef VV_CMD_ACTION_MCP_PLACING_H
#define VV_CMD_ACTION_MCP_PLACING_H

#include "cmd/action/action.h"
#include "cmd/client/client.h"

struct placing {
	struct action_call *call;
	struct client_entry entry;	/* but for its client */
	bool is_install;
	bool is_named;		/* this client was asked for */
	size_t found;		/* out: settings that are here */
};

/*
 * Put it in, or take it out, wherever this client has settings here. What
 * changes is shown first, and asked about where there is somebody to ask; the
 * host gets an object for each file. Settings that cannot be changed are told,
 * and left as they are. ERR_NOT_FOUND: a client that was named is not here.
 */
MUST_USE int placing_run(struct placing *placing, const struct client *client,
			 struct err *err);

#endif
