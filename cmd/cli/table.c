#include "cmd/cli/cmd.h"

#include <string.h>

/* A family of actions has a summary of its own. */
const struct cmd cmd_table[] = {
	{ "init", NULL, NULL },
	{ "clone", NULL, NULL },
	{ "import", NULL, NULL },
	{ "add", NULL, NULL },
	{ "acu", "find the pieces of knowledge in messages", NULL },
	{ "status", NULL, NULL },
	{ "construct", NULL, NULL },
	{ "session", NULL, NULL },
	{ "recall", NULL, NULL },
	{ "grep", NULL, NULL },
	{ "browse", NULL, &browse_action },
	{ "read", NULL, NULL },
	{ "log", NULL, NULL },
	{ "show", NULL, NULL },
	{ "ls", NULL, NULL },
	{ "cat", NULL, NULL },
	{ "diff", NULL, NULL },
	{ "export", NULL, NULL },
	{ "verify", NULL, NULL },
	{ "gc", NULL, NULL },
	{ "remote", "manage remotes", NULL },
	{ "fetch", NULL, NULL },
	{ "push", NULL, NULL },
	{ "pull", NULL, NULL },
	{ "quarantine", "what is kept out of the vault, and why", NULL },
	{ "reject", NULL, NULL },
	{ "member", "who may do what", NULL },
	{ "key", "this device's key", NULL },
	{ "hooks", "which programs of a vault may run here", NULL },
	{ "help", NULL, &help_action },
	{ "completion", NULL, &completion_action },
	{ "version", NULL, NULL },
	{ NULL, NULL, NULL },
};

const struct cmd *cmd_find(const char *name)
{
	const struct cmd *cmd;

	for (cmd = cmd_table; cmd->name; cmd++) {
		if (!strcmp(cmd->name, name))
			return cmd;
	}
	return NULL;
}

const struct action *cmd_action(const struct cmd *cmd, size_t which)
{
	size_t len = strlen(cmd->name);
	size_t i;

	if (cmd->own)
		return which ? NULL : cmd->own;
	for (i = 0; action_table[i]; i++) {
		const char *name = action_table[i]->name;

		if (!strncmp(name, cmd->name, len) &&
		    (!name[len] || name[len] == ' ') && !which--)
			return action_table[i];
	}
	return NULL;
}

const char *cmd_summary(const struct cmd *cmd)
{
	return cmd->summary ? cmd->summary : cmd_action(cmd, 0)->summary;
}

/*
 * How many letters must be left out, put in, changed, or swapped with their
 * neighbour, up to NEAR_MAX: Damerau's distance, for words this short by
 * trying.
 */
#define NEAR_MAX 2
static int distance(const char *a, const char *b, int left)
{
	int best = NEAR_MAX + 1;
	int tries[4];
	int i;

	while (*a && *a == *b)
		a++, b++;
	if (!*a && !*b)
		return 0;
	if (!left)
		return best;
	tries[0] = *a ? distance(a + 1, b, left - 1) : best;
	tries[1] = *b ? distance(a, b + 1, left - 1) : best;
	tries[2] = *a && *b ? distance(a + 1, b + 1, left - 1) : best;
	tries[3] = *a && *b && a[0] == b[1] && a[1] == b[0] ?
		   distance(a + 2, b + 2, left - 1) : best;
	for (i = 0; i < 4; i++)
		best = tries[i] < best ? tries[i] : best;
	return best + 1;
}

int cmd_refuse(const char *name, struct err *err)
{
	const struct cmd *cmd;
	const char *near = NULL;
	int nearest = NEAR_MAX + 1;

	for (cmd = cmd_table; cmd->name; cmd++) {
		int far = distance(name, cmd->name, NEAR_MAX);

		if (far < nearest && (size_t)far * 2 < strlen(cmd->name)) {
			nearest = far;
			near = cmd->name;
		}
	}
	return near ? err_set(err, ERR_INVALID, "'%s' is no command; is '%s' "
			      "meant?", name, near) :
		      err_set(err, ERR_INVALID, "'%s' is no command; see "
			      "'vvault help'", name);
}
