#include <string.h>

#include "cmd/cli/say.h"
#include "cmd/cli/usage.h"

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
			say_printf(" %.*s", (int)len, at);
		at += len ? len : 1;
	}
}

static int print_case(const struct cmd *cmd, struct err *err)
{
	struct buf all = BUF_INIT(BUF_NO_LIMIT);
	const char *usage;
	int rc;

	usage_put(cmd, true, &all);
	rc = buf_end(&all, err);
	usage = buf_text(&all);
	say_printf("\t\t%s) words=\"--json", cmd->name);
	print_words(usage);
	if (strstr(usage, "<version") || strstr(usage, "<construct>"))
		say_printf(" $(_vvault_names)");
	if (strstr(usage, "<remote>"))
		say_printf(" $(_vvault_remotes)");
	say_printf("\" ;;\n");
	buf_release(&all);
	return rc;
}

static int completion_check(const struct action_call *call, struct err *err)
{
	const char *shell = action_text(call, "shell");

	if (!shell || !strcmp(shell, "bash"))
		return 0;
	return err_set(err, ERR_INVALID, "no completion for '%s', only for "
		       "bash", shell);
}

/* The words come from the tables, so completion cannot fall behind them. */
static int completion_run(struct action_call *call, struct err *err)
{
	const struct cmd *cmd;
	int rc = 0;

	(void)call;
	say_printf("%s", head);
	for (cmd = cmd_table; cmd->name; cmd++)
		say_printf("%s%s", cmd == cmd_table ? "" : " ", cmd->name);
	say_printf("%s", middle);
	for (cmd = cmd_table; rc == 0 && cmd->name; cmd++)
		rc = print_case(cmd, err);
	say_printf("%s", tail);
	return rc;
}

static const struct action_param params[] = {
	{ "shell", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, "bash",
	  "for which shell" },
	{ NULL, ACTION_FLAG, 0, NULL, NULL },
};

const struct action completion_action = {
	"completion", "print shell completion", params, ACTION_BARE, completion_check,
	completion_run
};
