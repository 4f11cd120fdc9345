#include "cmd/cli/help/help.h"

#include <string.h>

#include "cmd/cli/help/all.h"
#include "cmd/cli/help/examples.h"
#include "cmd/cli/help/find.h"
#include "cmd/cli/help/page.h"
#include "cmd/cli/help/usage.h"
#include "cmd/cli/say.h"
#include "cmd/cli/terminal.h"
#include "cmd/cli/words/family.h"
#include "cmd/cli/words/meant.h"

/* Program state: how it was asked for. */
static bool is_brief;

int help_turn(const struct cmd *cmd, int argc, char **argv)
{
	int at = 1;
	const char *verb = NULL;

	while (at < argc && strcmp(argv[at], "--help") &&
	       strcmp(argv[at], "-h") && strcmp(argv[at], "--"))
		at++;
	if (at >= argc || !strcmp(argv[at], "--"))
		return argc;
	if (at > 1 && family_verb(cmd, argv[1]))
		verb = argv[1];
	/* There are as many words: the command, and the option itself. */
	argv[0] = (char *)"help";
	argv[1] = (char *)cmd->name;
	if (verb)
		argv[2] = (char *)verb;
	is_brief = true;
	return verb ? 3 : 2;
}

static int print_param(const struct action_param *param, struct err *err)
{
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	usage_put_words(param, &words);
	rc = buf_end(&words, err);
	if (rc == 0)
		usage_print_row(buf_text(&words), param->help);
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
	for (param = action->params; rc == 0 && param->name; param++) {
		if (!action_is_internal(param))
			rc = print_param(param, err);
	}
	return rc;
}

static int print_usage(const struct cmd *cmd, const struct action *only,
		       struct err *err)
{
	struct buf lines = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	usage_put_lines(cmd, only, &lines);
	rc = buf_end(&lines, err);
	if (rc == 0)
		say_printf("%s\n\n%s\n", buf_text(&lines),
			   only ? only->summary : cmd_summary(cmd));
	buf_release(&lines);
	return rc;
}

static void print_examples(const struct cmd *cmd, const struct action *only)
{
	const struct example *example;
	const char *heading = "\nexamples:\n";
	size_t len = strlen(cmd->name);

	for (example = example_table; example->action; example++) {
		const char *name = example->action;

		if (only ? strcmp(name, only->name) != 0 :
		    strncmp(name, cmd->name, len) || (name[len] &&
						      name[len] != ' '))
			continue;
		say_printf("%s  vvault %s\n", heading, example->line);
		heading = "";
	}
}

static int print_one(const struct cmd *cmd, const struct action *only,
		     struct err *err)
{
	const struct action *action;
	size_t i;
	int rc = print_usage(cmd, only, err);

	for (i = 0; rc == 0 && (action = cmd_action(cmd, i)); i++) {
		if (!only || action == only)
			rc = print_params(cmd, action, err);
	}
	if (rc == 0)
		print_examples(cmd, only);
	return rc;
}

/* Whole words first; parts of words only where no command is nearly meant,
 * for "clon" is in "clone". Returns how many things speak of them. */
static size_t find_words(struct find *find)
{
	find->is_whole = true;
	find_all(find, false);
	if (find->found || cmd_near(find->words[0]))
		return find->found;
	find->is_whole = false;
	find_all(find, false);
	return find->found;
}

static struct find words_of(const struct action_call *call)
{
	return (struct find){ .words = { action_text(call, "command"),
					 action_text(call, "verb") } };
}

static const struct cmd *find_command(const char *name)
{
	const struct cmd *cmd = cmd_find(name);

	return cmd ? cmd : family_of_plural(name);
}

static int help_check(const struct action_call *call, struct err *err)
{
	const char *name = action_text(call, "command");
	const char *verb = action_text(call, "verb");
	const struct cmd *cmd = name ? find_command(name) : NULL;
	struct find find = words_of(call);

	if (name && !cmd && !verb && meant_find(name))
		return 0;
	if (name && !cmd)
		return find_words(&find) ? 0 : cmd_refuse(name, err);
	return !verb || family_verb(cmd, verb) ? 0 :
	       err_set(err, ERR_INVALID, "'%s %s' is no command; see 'vvault "
		       "help %s'", name, verb, name);
}

static int help_run(struct action_call *call, struct err *err)
{
	const char *name = action_text(call, "command");
	const char *verb = action_text(call, "verb");
	const struct cmd *cmd = name ? find_command(name) : NULL;
	const struct terminal *terminal = call->host->arg;
	struct find find = words_of(call);

	/* Of the manual man(1) itself sees to the pager. */
	if (cmd && !is_brief && page_show(cmd->name))
		return 0;
	say_pager_begin(terminal->session, NULL);
	if (!name) {
		help_all();
		return 0;
	}
	if (!cmd) {
		if (!verb)
			find_tell_meant(meant_find(name));
		if (find_words(&find))
			find_all(&find, true);
		return 0;
	}
	return print_one(cmd, verb ? family_verb(cmd, verb) : NULL, err);
}

static const struct action_param params[] = {
	{ "command", ACTION_TEXT, ACTION_OPERAND, "<command>",
	  "which one; else all of them; any other word finds what speaks of it" },
	{ "verb", ACTION_TEXT, ACTION_OPERAND, "<verb>",
	  "of a family, as in 'help session list'" },
	{ NULL, ACTION_FLAG, 0, NULL, NULL },
};

const struct action help_action = {
	"help", "explain a command", params, ACTION_BARE, help_check, help_run
};
