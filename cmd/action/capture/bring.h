/*
 * Bringing in what agents have written since: finds, read where it changed,
 * and written in one version for each construct.
 */
#ifndef VV_CMD_ACTION_CAPTURE_BRING_H
#define VV_CMD_ACTION_CAPTURE_BRING_H

#include "cmd/action/action.h"
#include "cmd/capture/find.h"
#include "cmd/import/import.h"

#define AGENTS_MAX 64			/* that may be asked for */

/* What is wanted. */
struct bring_wish {
	const struct agent *const *agents;	/* NULL: all of the table */
	size_t agents_n;
	const char *construct;		/* one for all; NULL: their own */
	bool has_since;
	int64_t since;			/* microseconds */
	bool is_dry_run;
	enum redaction redaction;
	enum import_secrets secrets;	/* secrets_choose() */
	const char *by;			/* noted.h */
	int wait_ms;			/* for another capture to end */
};

/* What became of the sessions of an agent. */
struct bring_sum {
	const struct agent *agent;
	uint64_t fresh;			/* sessions */
	uint64_t grown;
	uint64_t unchanged;
	uint64_t parts;			/* other files that were read */
	uint64_t messages;		/* that are new in the vault */
	uint64_t unread;		/* files not read, or in part */
};

struct bring_sums {
	struct bring_sum *at;		/* of agents that are here */
	size_t n;
	size_t cap;
	uint64_t records;		/* new ones in all */
	uint64_t versions;		/* that were made */
};

#define BRING_SUMS_INIT { NULL, 0, 0, 0, 0 }

/* Whose agents, by the settings of the call. */
struct agent_home bring_home(const struct action_call *call);

/*
 * Bring in what has changed; call->vault is open. The host gets an object for
 * each agent that is here, and one for each construct that got something.
 * finds: what finds_look() saw of the agents, or NULL to look here. Afterwards
 * hooks are called as after an import, and it is noted when this was.
 * ERR_LOCKED: another capture has not ended in time.
 */
MUST_USE int bring(struct action_call *call, const struct bring_wish *wish,
		   struct finds *finds, struct bring_sums *out,
		   struct err *err);
void bring_sums_release(struct bring_sums *sums);

#endif
