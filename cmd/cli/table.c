#include "cmd/cli/cmd.h"

#include <string.h>

#include "cmd/cli/words/meant.h"
#include "lib/base/nearest.h"

/* A family of actions has a summary of its own. */
const struct cmd cmd_table[] = {
	{ "init", NULL, NULL },
	{ "clone", NULL, NULL },
	{ "recover", NULL, NULL },
	{ "import", NULL, NULL },
	{ "agents", NULL, NULL },
	{ "capture", NULL, NULL },
	{ "watch", NULL, &watch_action },
	{ "resume", NULL, NULL },
	{ "add", NULL, NULL },
	{ "remember", NULL, NULL },
	{ "edit", NULL, NULL },
	{ "rm", NULL, NULL },
	{ "forget", NULL, NULL },
	{ "tag", NULL, NULL },
	{ "note", NULL, NULL },
	{ "acu", "find the pieces of knowledge in messages", NULL },
	{ "revert", NULL, NULL },
	{ "undo", NULL, NULL },
	{ "status", NULL, NULL },
	{ "construct", "the characters of a vault: list, show, put right", NULL },
	{ "session", NULL, NULL },
	{ "stats", NULL, NULL },
	{ "recall", NULL, NULL },
	{ "grep", NULL, NULL },
	{ "browse", NULL, &browse_action },
	{ "read", NULL, NULL },
	{ "context", NULL, NULL },
	{ "handoff", NULL, NULL },
	{ "log", NULL, NULL },
	{ "show", NULL, NULL },
	{ "ls", NULL, NULL },
	{ "cat", NULL, NULL },
	{ "diff", NULL, NULL },
	{ "conflicts", NULL, NULL },
	{ "blame", NULL, NULL },
	{ "audit", NULL, NULL },
	{ "resolve", NULL, NULL },
	{ "export", NULL, NULL },
	{ "mcp", "serve agents: recall, read and remember by MCP", NULL },
	{ "prove", NULL, NULL },
	{ "check-proof", NULL, NULL },
	{ "verify", NULL, NULL },
	{ "gc", NULL, NULL },
	{ "renew", NULL, NULL },
	{ "remote", "manage remotes", NULL },
	{ "fetch", NULL, NULL },
	{ "push", NULL, NULL },
	{ "pull", NULL, NULL },
	{ "quarantine", "what is kept out of the vault, and why", NULL },
	{ "reject", NULL, NULL },
	{ "member", "who may do what", NULL },
	{ "key", "this device's key", NULL },
	{ "hooks", "which programs of a vault may run here", NULL },
	{ "config", "settings, and commands of your own", NULL },
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

const char *cmd_near(const char *name)
{
	struct nearest nearest = NEAREST_INIT(name);
	const struct cmd *cmd;

	for (cmd = cmd_table; cmd->name; cmd++)
		nearest_try(&nearest, span_str(cmd->name));
	return nearest.found.at;
}

int cmd_refuse(const char *name, struct err *err)
{
	const struct meant *meant = meant_find(name);
	const char *near = cmd_near(name);

	if (meant)
		return meant_refuse(meant, err);
	return near ? err_set(err, ERR_INVALID, "'%s' is no command; is '%s' "
			      "meant?", name, near) :
		      err_set(err, ERR_INVALID, "'%s' is no command; see "
			      "'vvault help'", name);
}
