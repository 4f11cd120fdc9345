/*
 * Commands: the first word behind "vvault". Each is an action, or the family
 * of those whose names begin with it; what it takes is in their tables.
 */
#ifndef VV_CMD_CLI_CMD_H
#define VV_CMD_CLI_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "cmd/action/action.h"
#include "lib/base/buf.h"
#include "lib/base/err.h"

/* What running one returns beside 0 and negative enum err_code. */
#define CMD_NO 1		/* a clean "no": exit status 1 */
#define CMD_PARTIAL 3		/* something could not be read */
#define CMD_USAGE (-1000)	/* wrong words: exit status 129 */

/* What the environment and the words say about the terminal. */
struct session {
	const char *vault_path;		/* -C, $VVAULT_DIR; else NULL */
	bool is_json;			/* --json: errors are JSON too */
	bool is_progress;		/* --progress, or stderr is a terminal */
	bool no_pager;
	bool is_color_said;		/* --color */
	bool is_verbose;		/* -v */
	mode_t umask;			/* as it was given to us */
	struct buf go_on;		/* go_on.h */
	struct err err;
};

struct cmd {
	const char *name;
	const char *summary;		/* NULL: its only action's */
	const struct action *own;	/* of the terminal alone, or NULL */
};

/* Ended by a row whose name is NULL; in the order of help. */
extern const struct cmd cmd_table[];
const struct cmd *cmd_find(const char *name);

/* The actions of the command in order; NULL behind the last one. */
const struct action *cmd_action(const struct cmd *cmd, size_t which);
const char *cmd_summary(const struct cmd *cmd);

/* The one whose name is nearest to what was written, or NULL. */
const char *cmd_near(const char *name);

/* Say that there is none of that name, and which one may be meant. */
MUST_USE int cmd_refuse(const char *name, struct err *err);

extern const struct action browse_action;	/* cmd/browse */
extern const struct action watch_action;	/* cmd/watch */
extern const struct action help_action;
extern const struct action completion_action;

#endif
