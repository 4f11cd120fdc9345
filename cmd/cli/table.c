#include "cmd/cli/cmd.h"

#include <string.h>

/* A flat table: one row per command. */
const struct cmd cmd_table[] = {
	{ "init", cmd_init,
	  "[--plain] [--name <name>] [--recovery <file>] <dir>",
	  "make a new vault" },
	{ "clone", cmd_clone, "[--vault <id>] <url> <dir>",
	  "copy a vault from a remote and verify it" },
	{ "import", cmd_import,
	  "[--construct <name>] [--format <format>] [--since <date>] "
	  "[--dry-run] <file|dir|->...",
	  "take in histories, characters, memories" },
	{ "add", cmd_add,
	  "[--new] [--entity <entity>] <construct> <kind:verb> <json|->",
	  "write records" },
	{ "acu", cmd_acu,
	  "extract [--extractor vvault-1|vivim-generator|vivim-processor] "
	  "[--all] [--dry-run] <construct> | "
	  "derive [--data <json|->] [--dry-run] <construct> "
	  "<acu entity|record>...",
	  "find the pieces of knowledge in messages" },
	{ "status", cmd_status, "", "where the vault stands" },
	{ "construct", cmd_construct, "list", "list the constructs" },
	{ "log", cmd_log, "[-n <count>] [--since <date>] [-p] [--all] [<version>]",
	  "list versions" },
	{ "show", cmd_show, "<version|record>", "show a state or a record" },
	{ "ls", cmd_ls, "<version> [<kind>]", "list entities" },
	{ "cat", cmd_cat, "<record|blob>", "print exact bytes" },
	{ "diff", cmd_diff, "[--exit-code] <version> <version>",
	  "what changed between two versions" },
	{ "export", cmd_export,
	  "--format <format> <version>",
	  "write a construct out" },
	{ "verify", cmd_verify, "[--full] [--repair [<remote>]]",
	  "check everything, bring back what is missing" },
	{ "gc", cmd_gc, "[--auto]",
	  "bring together what small writes have scattered" },
	{ "remote", cmd_remote, "add <name> <url> | list | remove <name>",
	  "manage remotes" },
	{ "fetch", cmd_fetch, "[<remote>]",
	  "get and verify what a remote has" },
	{ "push", cmd_push, "[<remote>]", "send every head to a remote" },
	{ "pull", cmd_pull, "[<remote>]", "fetch, and tell what is new" },
	{ "quarantine", cmd_quarantine,
	  "list | show <version> | drop <version>",
	  "what is kept out of the vault, and why" },
	{ "reject", cmd_reject, "[--undo] <version>",
	  "take a version, and what stands on it, out of this vault" },
	{ "member", cmd_member,
	  "add [--role owner|writer|reader] [--name <name>] <did> | list",
	  "who may do what" },
	{ "key", cmd_key,
	  "show | backup | restore <file> | allowed-signers",
	  "this device's key" },
	{ "hooks", cmd_hooks, "list | approve [<name>] | revoke [<name>]",
	  "which programs of a vault may run here" },
	{ "help", cmd_help, "[<command>]", "explain a command" },
	{ "completion", cmd_completion, "bash",
	  "print shell completion" },
	{ "version", cmd_version, "", "print the version" },
	{ NULL, NULL, NULL, NULL },
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

bool cmd_is_reading(const char *name)
{
	static const char *const names[] = {
		"cat", "construct", "diff", "export", "log", "ls", "show",
		"status",
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

int cmd_refuse(struct session *session, const char *name)
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
	if (near)
		(void)err_set(&session->err, ERR_INVALID, "'%s' is no "
			      "command; is '%s' meant?", name, near);
	else
		(void)err_set(&session->err, ERR_INVALID, "'%s' is no "
			      "command; see 'vvault help'", name);
	return CMD_USAGE;
}
