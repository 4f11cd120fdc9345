#include <string.h>

#include "cmd/cli/cmd.h"
#include "cmd/cli/say.h"
#include "cmd/import/import.h"

/* What stands around the cases. Names are filtered, for bash expands the words
 * that it is given. */
static const char head[] =
	"_vvault_names()\n"
	"{\n"
	"\tvvault \"${at[@]}\" construct list --json 2>/dev/null |\n"
	"\t\tsed -n 's/.*\"construct\":\"\\([a-zA-Z0-9._-]*\\)\".*/\\1/p'\n"
	"}\n"
	"_vvault_remotes()\n"
	"{\n"
	"\tvvault \"${at[@]}\" remote list 2>/dev/null | cut -f1 |\n"
	"\t\tgrep -x '[a-zA-Z0-9._-]*'\n"
	"}\n"
	"_vvault_commands=\"";
static const char middle[] =
	"\"\n"
	"_vvault()\n"
	"{\n"
	"\tlocal word=${COMP_WORDS[COMP_CWORD]} words= first=1 at=()\n"
	"\twhile [ \"${COMP_WORDS[first]}\" = -C ]; do\n"
	"\t\tat=(-C \"${COMP_WORDS[first + 1]/#\\~/$HOME}\")\n"
	"\t\tfirst=$((first + 2))\n"
	"\tdone\n"
	"\tif [ \"$COMP_CWORD\" -eq \"$first\" ]; then\n"
	"\t\twords=$_vvault_commands\n"
	"\telif [ \"$COMP_CWORD\" -gt \"$first\" ]; then\n"
	"\t\tcase \"${COMP_WORDS[first]} ${COMP_WORDS[COMP_CWORD - 1]}\" in\n";
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

/* The plain words of a text; what stands in <> is none. */
static void print_words(const char *at)
{
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

/* "text, html (with all branches) or json": the first word of each piece. */
static void print_list(const char *at)
{
	while (*at) {
		size_t len = 0;
		const char *or = strstr(at, " or ");

		while (is_word_char(at[len]))
			len++;
		say_printf(" %.*s", (int)len, at);
		at += strcspn(at, ",");
		if (*at)
			at += 2;
		else if (or)
			at = or + 4;
	}
}

static bool is_list(const struct action_param *param)
{
	return !strcmp(param->name, "format") ||
	       !strcmp(param->name, "kind") || !strcmp(param->name, "role");
}

/* What may stand for it, where that is known. */
static void print_values(const struct cmd *cmd,
			 const struct action_param *param)
{
	const struct importer *const *importer = importer_table;
	const char *value = param->value;

	if (!strcmp(cmd->name, "import") && is_list(param))
		for (; *importer; importer++)
			say_printf(" %s", (*importer)->name);
	else if (value[0] == '<' && is_list(param))
		print_list(param->help);
	else
		print_words(value);
	if (strstr(value, "<version") || strstr(value, "<construct>") ||
	    !strcmp(param->name, "construct"))
		say_printf(" $(_vvault_names)");
	if (strstr(value, "<remote>"))
		say_printf(" $(_vvault_remotes)");
	if (strstr(value, "<command>"))
		say_printf(" $_vvault_commands");
}

/* Behind an option that takes a value. */
static void print_option_cases(const struct cmd *cmd,
			       const struct action *action)
{
	const struct action_param *param;

	for (param = action->params; param->name; param++) {
		if (param->type == ACTION_FLAG ||
		    (param->flags & ACTION_OPERAND))
			continue;
		say_printf("\t\t\"%s %s%s\") words=\"", cmd->name,
			   param->name[0] == '-' ? "" : "--", param->name);
		print_values(cmd, param);
		say_printf("\" ;;\n");
	}
}

static void print_params(const struct cmd *cmd, const struct action *action)
{
	const struct action_param *param;

	print_words(action->name + strlen(cmd->name));
	for (param = action->params; param->name; param++) {
		if (param->flags & ACTION_OPERAND)
			print_values(cmd, param);
		else
			say_printf(" %s%s", param->name[0] == '-' ? "" : "--",
				   param->name);
	}
}

static void print_cases(const struct cmd *cmd)
{
	const struct action *action;
	size_t i;

	for (i = 0; (action = cmd_action(cmd, i)); i++)
		print_option_cases(cmd, action);
	say_printf("\t\t\"%s \"*) words=\"--json", cmd->name);
	for (i = 0; (action = cmd_action(cmd, i)); i++)
		print_params(cmd, action);
	say_printf("\" ;;\n");
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

	(void)call;
	(void)err;
	say_printf("%s", head);
	for (cmd = cmd_table; cmd->name; cmd++)
		say_printf("%s%s", cmd == cmd_table ? "" : " ", cmd->name);
	say_printf("%s", middle);
	for (cmd = cmd_table; cmd->name; cmd++)
		print_cases(cmd);
	say_printf("%s", tail);
	return 0;
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
