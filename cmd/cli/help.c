#include <stdio.h>
#include <string.h>

#include "cmd/cli/options.h"
#include "cmd/cli/out.h"

static void print_all(void)
{
	const struct cmd *cmd;

	out_printf("usage: vvault [-C <vault>] <command> [options]\n\n"
		   "git for AI minds: constructs as signed, encrypted, "
		   "mergeable history.\n\n");
	for (cmd = cmd_table; cmd->name; cmd++)
		out_printf("  %-11s %s\n", cmd->name, cmd->summary);
	out_printf("\nEvery command has a page: man vvault-<command>. "
		   "The format: man 5 vvault-format.\n");
}

int cmd_help(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	const struct cmd *cmd;
	int rc;

	rc = options_parse(session, argc, argv, rows, 0, 1);
	if (rc < 0)
		return rc;
	if (!rc) {
		print_all();
		return 0;
	}
	cmd = cmd_find(argv[1]);
	if (!cmd)
		return cmd_refuse(session, argv[1]);
	out_printf("usage: vvault %s %s\n\n%s\n", cmd->name, cmd->usage,
		   cmd->summary);
	return 0;
}
