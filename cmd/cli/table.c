#include "cmd/cli/cmd.h"

#include <string.h>

/* A flat table: one row per command. */
const struct cmd cmd_table[] = {
	{ "init", cmd_init,
	  "[--plain] [--name <name>] [--recovery <file>] <dir>",
	  "make a new vault", NULL },
	{ "clone", cmd_clone, "[--vault <id>] <url> <dir>",
	  "copy a vault from a remote and verify it", NULL },
	{ "import", NULL, NULL, NULL, NULL },
	{ "add", cmd_add,
	  "[--new] [--entity <entity>] <construct> <kind:verb> <json|->",
	  "write records", NULL },
	{ "acu", cmd_acu,
	  "extract [--extractor vvault-1|vivim-generator|vivim-processor] "
	  "[--all] [--dry-run] <construct> | "
	  "derive [--data <json|->] [--dry-run] <construct> "
	  "<acu entity|record>...",
	  "find the pieces of knowledge in messages", NULL },
	{ "status", cmd_status, "", "where the vault stands", NULL },
	{ "construct", NULL, NULL, NULL, NULL },
	{ "log", NULL, NULL, NULL, NULL },
	{ "show", cmd_show, "<version|record>", "show a state or a record", NULL },
	{ "ls", NULL, NULL, NULL, NULL },
	{ "cat", cmd_cat, "<record|blob>", "print exact bytes", NULL },
	{ "diff", NULL, NULL, NULL, NULL },
	{ "export", cmd_export,
	  "--format <format> <version>",
	  "write a construct out", NULL },
	{ "verify", cmd_verify, "[--full] [--repair [<remote>]]",
	  "check everything, bring back what is missing", NULL },
	{ "gc", cmd_gc, "[--auto]",
	  "bring together what small writes have scattered", NULL },
	{ "remote", NULL, NULL, "manage remotes", NULL },
	{ "fetch", cmd_fetch, "[<remote>]",
	  "get and verify what a remote has", NULL },
	{ "push", cmd_push, "[<remote>]", "send every head to a remote", NULL },
	{ "pull", cmd_pull, "[<remote>]", "fetch, and tell what is new", NULL },
	{ "quarantine", cmd_quarantine,
	  "list | show <version> | drop <version>",
	  "what is kept out of the vault, and why", NULL },
	{ "reject", cmd_reject, "[--undo] <version>",
	  "take a version, and what stands on it, out of this vault", NULL },
	{ "member", cmd_member,
	  "add [--role owner|writer|reader] [--name <name>] <did> | list",
	  "who may do what", NULL },
	{ "key", cmd_key,
	  "show | backup | restore <file> | allowed-signers",
	  "this device's key", NULL },
	{ "hooks", cmd_hooks, "list | approve [<name>] | revoke [<name>]",
	  "which programs of a vault may run here", NULL },
	{ "help", NULL, NULL, NULL, &help_action },
	{ "completion", NULL, NULL, NULL, &completion_action },
	{ "version", NULL, NULL, NULL, NULL },
	{ NULL, NULL, NULL, NULL, NULL },
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

bool cmd_is_reading(const char *name)
{
	static const char *const names[] = {
		"cat", "export", "show", "status",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(names[i], name))
			return true;
	}
	return false;
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
