/*
 * Commands. A new one is four steps: write cmd/foo.c; add one line to
 * cmd/cli/table.c; document it in cmd/man/vvault-foo.1; add tests/cli/foo.t.
 */
#ifndef VV_CMD_CLI_CMD_H
#define VV_CMD_CLI_CMD_H

#include <stdbool.h>

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
	bool is_color;
	bool no_pager;
	unsigned hooks_told;		/* a bit for each of hook_names */
	bool has_lost;			/* something was not to be had: told */
	struct err err;
};

struct cmd {
	const char *name;
	int (*run)(struct session *session, int argc, char **argv);
	const char *usage;		/* what follows the name */
	const char *summary;
};

/* Ended by a row whose name is NULL; in the order of help. */
extern const struct cmd cmd_table[];
const struct cmd *cmd_find(const char *name);

/* Does it only show what there is? That something was not to be had is then
 * its "no". */
bool cmd_is_reading(const char *name);

/* Say that there is none of that name, and which one may be meant; returns
 * CMD_USAGE. */
MUST_USE int cmd_refuse(struct session *session, const char *name);

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

int cmd_acu(struct session *session, int argc, char **argv);
int cmd_add(struct session *session, int argc, char **argv);
int cmd_cat(struct session *session, int argc, char **argv);
int cmd_clone(struct session *session, int argc, char **argv);
int cmd_completion(struct session *session, int argc, char **argv);
int cmd_construct(struct session *session, int argc, char **argv);
int cmd_diff(struct session *session, int argc, char **argv);
int cmd_export(struct session *session, int argc, char **argv);
int cmd_fetch(struct session *session, int argc, char **argv);
int cmd_gc(struct session *session, int argc, char **argv);
int cmd_help(struct session *session, int argc, char **argv);
int cmd_hooks(struct session *session, int argc, char **argv);
int cmd_import(struct session *session, int argc, char **argv);
int cmd_init(struct session *session, int argc, char **argv);
int cmd_key(struct session *session, int argc, char **argv);
int cmd_log(struct session *session, int argc, char **argv);
int cmd_ls(struct session *session, int argc, char **argv);
int cmd_member(struct session *session, int argc, char **argv);
int cmd_pull(struct session *session, int argc, char **argv);
int cmd_push(struct session *session, int argc, char **argv);
int cmd_quarantine(struct session *session, int argc, char **argv);
int cmd_reject(struct session *session, int argc, char **argv);
int cmd_remote(struct session *session, int argc, char **argv);
int cmd_show(struct session *session, int argc, char **argv);
int cmd_status(struct session *session, int argc, char **argv);
int cmd_verify(struct session *session, int argc, char **argv);
int cmd_version(struct session *session, int argc, char **argv);

#endif
