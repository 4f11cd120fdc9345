#include <string.h>

#include "cmd/options.h"
#include "cmd/out.h"

/* The words come from the table, so completion cannot fall behind it. */
int cmd_completion(struct session *session, int argc, char **argv)
{
	static const struct option_row rows[] = { { NULL, OPTION_FLAG, NULL } };
	const struct cmd *cmd;
	int rc;

	rc = options_parse(session, argc, argv, rows, 1, 1);
	if (rc < 0)
		return rc;
	if (strcmp(argv[1], "bash")) {
		(void)err_set(&session->err, ERR_INVALID,
			      "no completion for '%s', only for bash",
			      argv[1]);
		return CMD_USAGE;
	}
	out_printf("_vvault()\n{\n\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
		   "\tlocal words=\"");
	for (cmd = cmd_table; cmd->name; cmd++)
		out_printf("%s%s", cmd == cmd_table ? "" : " ", cmd->name);
	out_printf("\"\n\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
		   "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
		   "\telse\n"
		   "\t\tCOMPREPLY=($(compgen -f -- \"$word\"))\n"
		   "\tfi\n}\ncomplete -o filenames -F _vvault vvault\n");
	return 0;
}
