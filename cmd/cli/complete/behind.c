#include "cmd/cli/complete/behind.h"

#include <string.h>

#include "cmd/cli/words/common.h"
#include "cmd/cli/words/family.h"
#include "cmd/cli/words/words.h"

#define OPERANDS_MAX 8

/* The words up to the last one, which is completed. */
struct asked {
	struct candidates *to;
	int argc;		/* of those behind the command, but the last */
	char **argv;
	const struct cmd *cmd;
	const struct action *action;	/* NULL: a family, none of it yet */
	const struct action_param *valued;	/* whose value comes last */
	const char *operands[OPERANDS_MAX + 1];
	size_t operands_n;
	bool has_verb;
	bool has_ended;			/* behind "--" */
};

/* Which option of a table is the word, if its value is still to come. */
static const struct action_param *
find_valued(const struct action_param *param, const char *word)
{
	const char *inside;

	for (; param->name; param++) {
		if (param->type != ACTION_FLAG &&
		    words_is_option(param, word, &inside) && !inside)
			return param;
	}
	return NULL;
}

static const struct action_param *find_option(const struct asked *asked,
					      const char *word)
{
	const struct action_param *found = NULL;
	const struct action *action;
	size_t i;

	for (i = 0; !found && (action = cmd_action(asked->cmd, i)); i++) {
		if (!asked->action || action == asked->action)
			found = find_valued(action->params, word);
	}
	return found ? found : find_valued(common_params, word);
}

static void take_operand(struct asked *asked, const char *word)
{
	const struct action *verb = asked->operands_n || asked->has_verb ? NULL :
				    family_verb(asked->cmd, word);

	if (verb) {
		asked->action = verb;
		asked->has_verb = true;
		return;
	}
	if (asked->operands_n < OPERANDS_MAX)
		asked->operands[asked->operands_n++] = word;
}

/* What the words behind the command say about the one that comes. */
static void read_words(struct asked *asked)
{
	const struct action *only = cmd_action(asked->cmd, 0);
	int i;

	if (!strcmp(only->name, asked->cmd->name))
		asked->action = only;
	for (i = 0; i < asked->argc; i++) {
		const char *word = asked->argv[i];

		asked->valued = NULL;
		if (asked->has_ended || !words_looks_like_option(word))
			take_operand(asked, word);
		else if (!strcmp(word, "--"))
			asked->has_ended = true;
		else if ((asked->valued = find_option(asked, word)))
			i++;
	}
	/* The value of the last option stands there already. */
	if (i == asked->argc)
		asked->valued = NULL;
}

static const struct action_param *next_operand(const struct asked *asked)
{
	const struct action_param *param = asked->action->params;
	const struct action_param *last = NULL;
	size_t n = asked->operands_n;

	for (; param->name; param++) {
		if (!(param->flags & ACTION_OPERAND))
			continue;
		last = param;
		if (!n--)
			return param;
	}
	return last && (last->flags & ACTION_REPEATED) ? last : NULL;
}

static void put_verbs(const struct asked *asked)
{
	const struct action *action;
	size_t i;

	for (i = 0; (action = cmd_action(asked->cmd, i)); i++) {
		if (action->name[strlen(asked->cmd->name)])
			candidate(asked->to, action->name +
				  strlen(asked->cmd->name) + 1,
				  action->summary);
	}
}

static void put_options(const struct asked *asked)
{
	const struct action *action;
	size_t i;

	for (i = 0; (action = cmd_action(asked->cmd, i)); i++) {
		if (!asked->action || action == asked->action)
			candidate_options(asked->to, action->params);
	}
	candidate_options(asked->to, common_params);
}

/* "--format=ht": the option's value, with the option before each. */
static bool split_option(struct asked *asked, const char *word, char *before)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : 0;

	if (!equals || strncmp(word, "--", 2) || len > 60)
		return false;
	memcpy(before, word, len);
	before[len] = '\0';
	asked->valued = find_option(asked, before);
	memcpy(before, word, len + 1);
	before[len + 1] = '\0';
	asked->to->before = before;
	asked->to->prefix = equals + 1;
	return true;
}

static void put_value(struct asked *asked, const struct action_param *param)
{
	const struct action *action = asked->action ? asked->action :
				      cmd_action(asked->cmd, 0);

	if (param)
		candidate_values(asked->to, action, param, asked->operands);
}

/* What a family does by itself may stand without a verb. */
static void put_words(struct asked *asked)
{
	if (!asked->has_verb && !asked->operands_n)
		put_verbs(asked);
	if (asked->action)
		put_value(asked, next_operand(asked));
}

static void complete_last(struct asked *asked)
{
	char before[64];

	read_words(asked);
	if (asked->valued)
		put_value(asked, asked->valued);
	else if (asked->has_ended || *asked->to->prefix != '-')
		put_words(asked);
	else if (split_option(asked, asked->to->prefix, before))
		put_value(asked, asked->valued);
	else
		put_options(asked);
}

void complete_behind(struct candidates *to, int argc, char **argv)
{
	struct asked asked = {
		.to = to, .argc = argc - 1, .argv = argv + 1,
		.cmd = cmd_find(argv[0]),
	};

	if (!asked.cmd) {
		/* A plural lists, unless a verb follows. */
		asked.cmd = family_of_plural(argv[0]);
		asked.has_verb = asked.cmd &&
			(argc < 2 || !family_verb(asked.cmd, argv[1]));
		if (asked.has_verb)
			asked.action = family_verb(asked.cmd, "list");
	}
	if (asked.cmd)
		complete_last(&asked);
}
