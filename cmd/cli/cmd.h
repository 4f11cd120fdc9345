/*
 * Commands: the first word behind "vvault". Each is an action, or the family
 * of those whose names begin with it; what it takes is in their tables.
 */
#ifndef VV_CMD_CLI_CMD_H
#define VV_CMD_CLI_CMD_H

#include <stdbool.h>

#include "cmd/action/action.h"
#include "lib/base/err.h"
#include "refs/trust/open.h"

/* What a command returns beside 0 and negative enum err_code. */
#define CMD_NO 1		/* a clean "no": exit status 1 */
#define CMD_USAGE (-1000)	/* wrong words: exit status 129 */

/* What the environment and the options before the command said. */
struct session {
	const char *vault_path;		/* -C, $VVAULT_DIR, or found above */
	const char *keys_folder;
	const char *command;
	bool is_json;			/* --json: errors are JSON too */
	bool is_progress;		/* --progress, or stderr is a terminal */
	bool no_pager;
	struct action_call call;	/* of commands that are no actions */
	bool has_lost;			/* something was not to be had: told */
	struct err err;
};

struct cmd {
	const char *name;
	int (*run)(struct session *session, int argc, char **argv);
	const char *usage;		/* what follows the name */
	const char *summary;		/* NULL: its only action's */
	const struct action *own;	/* of the terminal alone, or NULL */
};

/* Ended by a row whose name is NULL; in the order of help. */
extern const struct cmd cmd_table[];
const struct cmd *cmd_find(const char *name);

/* The actions of the command in order; NULL behind the last one. */
const struct action *cmd_action(const struct cmd *cmd, size_t which);
const char *cmd_summary(const struct cmd *cmd);

/* Does it only show what there is? That something was not to be had is then
 * its "no". */
bool cmd_is_reading(const char *name);

/* Say that there is none of that name, and which one may be meant. */
MUST_USE int cmd_refuse(const char *name, struct err *err);

/* Open the session's vault; ERR_NOT_FOUND says how to name or make one. */
MUST_USE int session_open(struct session *session, struct vault **out);

/*
 * Is a failure damage to one thing (a construct, say), which stops no other?
 * Then it is told on stderr, reason is cleared, and the command ends with 1.
 * Else it becomes the session's own error.
 */
bool session_pass_over(struct session *session, const char *what,
		       struct err *reason);
/* Open it to look what is wrong with it: vault_open_broken(). */
MUST_USE int session_open_broken(struct session *session, struct vault **out,
				 struct err *why);

extern const struct action help_action;
extern const struct action completion_action;

#endif
