#include <string.h>

#include "cmd/cli/options.h"
#include "cmd/cli/out.h"

/* What stands around the cases. */
static const char head[] =
	"_vvault_names()\n"
	"{\n"
	"\tvvault construct list --no-pager 2>/dev/null | cut -d' ' -f1\n"
	"}\n"
	"_vvault_remotes()\n"
	"{\n"
	"\tvvault remote list 2>/dev/null | cut -f1\n"
	"}\n"
	"_vvault()\n"
	"{\n"
	"\tlocal word=${COMP_WORDS[COMP_CWORD]} words=\n"
	"\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	"\t\twords=\"";
static const char middle[] =
	"\"\n"
	"\telse\n"
	"\t\tcase ${COMP_WORDS[1]} in\n";
static const char tail[] =
	"\t\tesac\n"
	"\tfi\n"
	"\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
	"}\n"
	"complete -o default -F _vvault vvault\n";

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* Options and plain words of a usage line; what stands in <> is no word. */
static void print_words(const char *usage)
{
	const char *at = usage;
	size_t len;

	while (*at) {
		if (*at == '<') {
			at += strcspn(at, ">");
			continue;
		}
		for (len = 0; is_word_char(at[len]);)
			len++;
		if (len > 1)
			out_printf(" %.*s", (int)len, at);
		at += len ? len : 1;
	}
}

static void print_case(const struct cmd *cmd)
{
	bool has_names = strstr(cmd->usage, "<version") ||
			 strstr(cmd->usage, "<construct>");

	out_printf("\t\t%s) words=\"--json", cmd->name);
	print_words(cmd->usage);
	if (has_names)
		out_printf(" $(_vvault_names)");
	if (strstr(cmd->usage, "<remote>"))
		out_printf(" $(_vvault_remotes)");
	out_printf("\" ;;\n");
}

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
	out_printf("%s", head);
	for (cmd = cmd_table; cmd->name; cmd++)
		out_printf("%s%s", cmd == cmd_table ? "" : " ", cmd->name);
	out_printf("%s", middle);
	for (cmd = cmd_table; cmd->name; cmd++)
		print_case(cmd);
	out_printf("%s", tail);
	return 0;
}
