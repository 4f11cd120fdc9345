#include "cmd/cli/help/find.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "cmd/cli/cmd.h"
#include "cmd/cli/help/topics.h"
#include "cmd/cli/help/usage.h"
#include "cmd/cli/say.h"
#include "cmd/cli/words/meant.h"

/* Does the text hold the word, as a whole one: alone, or in the plural? */
static bool holds(const char *text, const char *word, bool is_whole)
{
	size_t len = strlen(word);
	const char *at;

	/* Asked for in the plural it may be spoken of in the singular. */
	if (is_whole && len > 3 && word[len - 1] == 's')
		len--;
	for (at = text; *at; at++) {
		if (strncasecmp(at, word, len) != 0)
			continue;
		if (!is_whole)
			return true;
		if ((at == text || !isalnum((unsigned char)at[-1])) &&
		    !isalnum((unsigned char)at[len + (at[len] == 's')]))
			return true;
	}
	return false;
}

/* Does one of the texts hold each of the words? */
static bool speaks(const struct find *find, const char *const *texts)
{
	size_t i;

	for (i = 0; i < 2 && find->words[i]; i++) {
		const char *const *text = texts;

		while (*text && !holds(*text, find->words[i], find->is_whole))
			text++;
		if (!*text)
			return false;
	}
	return true;
}

static void tell_found(struct find *find, bool is_told, const char *name,
		       const char *summary)
{
	find->found++;
	if (is_told)
		usage_print_row(name, summary);
}

static void find_params(struct find *find, bool is_told,
			const struct action *action)
{
	const struct action_param *param;
	struct buf name = BUF_INIT(BUF_NO_LIMIT);

	for (param = action->params; param->name; param++) {
		const char *texts[] = { param->name, param->help,
					param->value ? param->value : "",
					NULL };

		if ((param->flags & ACTION_OPERAND) ||
		    action_is_internal(param) || !speaks(find, texts))
			continue;
		buf_reset(&name);
		buf_putf(&name, "%s ", action->name);
		usage_put_words(param, &name);
		if (buf_end(&name, NULL) == 0)
			tell_found(find, is_told, buf_text(&name), param->help);
	}
	buf_release(&name);
}

static void find_commands(struct find *find, bool is_told)
{
	const struct cmd *cmd;
	const struct action *action;
	size_t i;

	for (cmd = cmd_table; cmd->name; cmd++) {
		for (i = 0; (action = cmd_action(cmd, i)); i++) {
			const char *texts[] = { action->name, action->summary,
						cmd_summary(cmd), NULL };

			if (speaks(find, texts))
				tell_found(find, is_told, action->name,
				     action->summary);
			find_params(find, is_told, action);
		}
	}
}

void find_all(struct find *find, bool is_told)
{
	const struct topic *topic;
	struct buf name = BUF_INIT(BUF_NO_LIMIT);

	find->found = 0;
	find_commands(find, is_told);
	for (topic = topic_table; topic->page; topic++) {
		const char *texts[] = { topic->page + 2, topic->summary,
					topic->chapter ? topic->chapter : "",
					NULL };

		buf_reset(&name);
		buf_putf(&name, "man %s%s%s", topic->page,
			 topic->chapter ? ", " : "",
			 topic->chapter ? topic->chapter : "");
		if (speaks(find, texts) && buf_end(&name, NULL) == 0)
			tell_found(find, is_told, buf_text(&name), topic->summary);
	}
	buf_release(&name);
}

void find_tell_meant(const struct meant *meant)
{
	size_t i;

	for (i = 0; meant && meant->actions[i]; i++)
		usage_print_row(meant->actions[i],
				meant_action(meant->actions[i])->summary);
	if (meant && meant->note)
		say_printf("  (%s)\n", meant->note);
}
