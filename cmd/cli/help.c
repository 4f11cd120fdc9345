#include "cmd/cli/say.h"
#include "cmd/cli/usage.h"

static void print_all(void)
{
	const struct cmd *cmd;

	say_printf("usage: vvault [-C <vault>] <command> [options]\n\n"
		   "git for AI minds: constructs as signed, encrypted, "
		   "mergeable history.\n\n");
	for (cmd = cmd_table; cmd->name; cmd++)
		say_printf("  %-11s %s\n", cmd->name, cmd_summary(cmd));
	say_printf("\nEvery command has a page: man vvault-<command>. "
		   "The format: man 5 vvault-format.\n");
}

static int help_check(const struct action_call *call, struct err *err)
{
	const char *name = action_text(call, "command");

	return !name || cmd_find(name) ? 0 : cmd_refuse(name, err);
}

static int help_run(struct action_call *call, struct err *err)
{
	const char *name = action_text(call, "command");
	const struct cmd *cmd = name ? cmd_find(name) : NULL;
	struct buf usage = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!cmd) {
		print_all();
		return 0;
	}
	usage_put(cmd, false, &usage);
	rc = buf_end(&usage, err);
	if (rc == 0)
		say_printf("usage: vvault %s %s\n\n%s\n", cmd->name,
			   buf_text(&usage), cmd_summary(cmd));
	buf_release(&usage);
	return rc;
}

static const struct action_param params[] = {
	{ "command", ACTION_TEXT, ACTION_OPERAND, "<command>",
	  "which one; else all of them" },
	{ NULL, ACTION_FLAG, 0, NULL, NULL },
};

const struct action help_action = {
	"help", "explain a command", params, ACTION_BARE, help_check, help_run
};
