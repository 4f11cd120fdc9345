#include "cmd/cli/help/help.h"

#include <string.h>

#include "cmd/cli/help/usage.h"
#include "cmd/cli/say.h"
#include "cmd/cli/words/family.h"

#define PARAM_WIDTH 28		/* of the longest parameter */

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

static int print_param(const struct action_param *param, struct err *err)
{
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	usage_put_words(param, &words);
	rc = buf_end(&words, err);
	if (rc == 0)
		say_printf("  %-*s  %s\n", PARAM_WIDTH, buf_text(&words),
			   param->help);
	buf_release(&words);
	return rc;
}

/* What each word of it means, below its name where it is one of a family. */
static int print_params(const struct cmd *cmd, const struct action *action,
			struct err *err)
{
	const struct action_param *param;
	int rc = 0;

	if (strcmp(action->name, cmd->name))
		say_printf("\n%s: %s\n", action->name, action->summary);
	else if (action->params->name)
		say_printf("\n");
	for (param = action->params; rc == 0 && param->name; param++)
		rc = print_param(param, err);
	return rc;
}

/* Program state: how it was asked for. */
static bool is_brief;

void help_is_brief(void)
{
	is_brief = true;
}

static int help_check(const struct action_call *call, struct err *err)
{
	const char *name = action_text(call, "command");
	const char *verb = action_text(call, "verb");
	const struct cmd *cmd = name ? cmd_find(name) : NULL;

	if (name && !cmd)
		return cmd_refuse(name, err);
	return !verb || family_verb(cmd, verb) ? 0 :
	       err_set(err, ERR_INVALID, "'%s %s' is no command; see 'vvault "
		       "help %s'", name, verb, name);
}

static int help_run(struct action_call *call, struct err *err)
{
	const char *name = action_text(call, "command");
	const struct cmd *cmd = name ? cmd_find(name) : NULL;
	const char *verb = action_text(call, "verb");
	const struct action *action;
	const struct action *only;
	struct buf usage = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc;

	(void)is_brief;
	if (!cmd) {
		print_all();
		return 0;
	}
	only = verb ? family_verb(cmd, verb) : NULL;
	if (only)
		usage_put_action(cmd, only, &usage);
	else
		usage_put(cmd, false, &usage);
	rc = buf_end(&usage, err);
	if (rc == 0)
		say_printf("usage: vvault %s %s\n\n%s\n", cmd->name,
			   buf_text(&usage), only ? only->summary : cmd_summary(cmd));
	for (i = 0; rc == 0 && (action = cmd_action(cmd, i)); i++) {
		if (!only || action == only)
			rc = print_params(cmd, action, err);
	}
	buf_release(&usage);
	return rc;
}

static const struct action_param params[] = {
	{ "command", ACTION_TEXT, ACTION_OPERAND, "<command>",
	  "which one; else all of them" },
	{ "verb", ACTION_TEXT, ACTION_OPERAND, "<verb>",
	  "of a family, as in 'help session list'" },
	{ NULL, ACTION_FLAG, 0, NULL, NULL },
};

const struct action help_action = {
	"help", "explain a command", params, ACTION_BARE, help_check, help_run
};
