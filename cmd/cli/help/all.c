#include "cmd/cli/help/all.h"

#include <string.h>

#include "cmd/cli/cmd.h"
#include "cmd/cli/help/usage.h"
#include "cmd/cli/say.h"
#include "cmd/cli/words/common.h"

/* Before which command of the table which heading stands. */
static const struct heading {
	const char *before;
	const char *text;
} headings[] = {
	{ "init", "make and fill" },
	{ "status", "find and read" },
	{ "prove", "keep" },
	{ "remote", "carry" },
	{ "quarantine", "trust" },
	{ "help", "help" },
	{ NULL, NULL },
};

static void print_heading(const char *name)
{
	const struct heading *heading = headings;

	while (heading->before && strcmp(heading->before, name))
		heading++;
	if (heading->before)
		say_printf("\n%s\n", heading->text);
}

static void print_common(void)
{
	const struct action_param *param;
	struct buf words = BUF_INIT(BUF_NO_LIMIT);

	say_printf("\nEvery command takes, before its name or behind it:\n");
	for (param = common_params; param->name; param++) {
		buf_reset(&words);
		usage_put_words(param, &words);
		if (!(param->flags & ACTION_UNLISTED) &&
		    buf_end(&words, NULL) == 0)
			usage_print_row(buf_text(&words), param->help);
	}
	buf_release(&words);
}

void help_all(void)
{
	const struct cmd *cmd;

	say_printf("usage: vvault [-C <vault>] <command> [options]\n\n"
		   "git for AI minds: constructs as signed, encrypted, "
		   "mergeable history.\n\n"
		   "new here: 'vvault init <dir>', then in it 'vvault import "
		   "<file>', 'vvault recall <words>', 'vvault read @1'\n");
	for (cmd = cmd_table; cmd->name; cmd++) {
		print_heading(cmd->name);
		say_printf("  %-11s %s\n", cmd->name, cmd_summary(cmd));
	}
	print_common();
	say_printf("\n'vvault <command> --help' explains one, "
		   "'vvault help <word>' finds what speaks of a word.\n"
		   "Every command has a page: man vvault-<command>. "
		   "The format: man 5 vvault-format.\n");
}
