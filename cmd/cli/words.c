#include "cmd/cli/words.h"

#include <string.h>

#include "cmd/cli/progress.h"
#include "cmd/cli/say.h"

static int usage(struct session *session, const char *what, const char *word)
{
	(void)err_set(&session->err, ERR_INVALID, "%s '%s'", what, word);
	return CMD_USAGE;
}

static bool common_option(struct session *session, const char *word)
{
	if (!strcmp(word, "--json"))
		session->is_json = true;
	else if (!strcmp(word, "--progress"))
		session->is_progress = progress_want();
	else if (!strcmp(word, "--no-progress"))
		session->is_progress = false;
	else if (!strcmp(word, "--color") || !strcmp(word, "--color=always"))
		say_set_color(true);
	else if (!strcmp(word, "--color=never"))
		say_set_color(false);
	else if (!strcmp(word, "--no-pager"))
		session->no_pager = true;
	else
		return strcmp(word, "--color=auto") == 0;
	return true;
}

/* Is the word that option? "-n5" and "--name=value" have their value in it. */
static bool is_option(const struct action_param *param, const char *word,
		      const char **value)
{
	const char *name = param->name;
	bool is_short = name[0] == '-';
	size_t len = strlen(name);

	*value = NULL;
	if (param->flags & ACTION_OPERAND)
		return false;
	if (!is_short) {
		if (strncmp(word, "--", 2))
			return false;
		word += 2;
	}
	if (strncmp(word, name, len))
		return false;
	if (!word[len])
		return true;
	if (param->type == ACTION_FLAG || (!is_short && word[len] != '='))
		return false;
	*value = word + len + (is_short ? 0 : 1);
	return true;
}

static bool is_word_option(const char *word)
{
	return word[0] == '-' && word[1];
}

/* How many words the option at argv[i] takes, for any of the actions. */
static int option_length(const struct cmd *cmd, const char *word)
{
	const struct action *action;
	const struct action_param *param;
	const char *value;
	size_t i;

	for (i = 0; (action = cmd_action(cmd, i)); i++) {
		for (param = action->params; param->name; param++) {
			if (param->type != ACTION_FLAG &&
			    is_option(param, word, &value) && !value)
				return 2;
		}
	}
	return 1;
}

/* The first operand of a command that is a family says which one of it. */
static const char *find_verb(const struct cmd *cmd, int argc, char **argv)
{
	int i = 1;

	while (i < argc && is_word_option(argv[i])) {
		if (!strcmp(argv[i], "--"))
			return i + 1 < argc ? argv[i + 1] : NULL;
		i += option_length(cmd, argv[i]);
	}
	return i < argc ? argv[i] : NULL;
}

static int find_action(struct session *session, const struct cmd *cmd,
		       int argc, char **argv, const char **verb,
		       const struct action **out)
{
	const struct action *action = cmd_action(cmd, 0);
	size_t len = strlen(cmd->name);
	size_t i;

	*verb = NULL;
	*out = action;
	if (!action->name[len])
		return 0;
	*verb = find_verb(cmd, argc, argv);
	if (!*verb)
		return usage(session, "something is missing behind",
			     cmd->name);
	for (i = 0; (action = cmd_action(cmd, i)); i++) {
		if (!strcmp(action->name + len + 1, *verb)) {
			*out = action;
			return 0;
		}
	}
	(void)err_set(&session->err, ERR_INVALID, "'%s %s' is not known in "
		      "this form", cmd->name, *verb);
	return CMD_USAGE;
}

/* One word that begins with '-', into the value of its parameter. */
static int take_option(struct session *session, struct words *words, int left,
		       char **at, int *used)
{
	const struct action *action = words->action;
	const struct action_param *param = action->params;
	const char **text;
	const char *inside;
	int rc;

	*used = 1;
	while (param->name && !is_option(param, at[0], &inside))
		param++;
	if (!param->name)
		return common_option(session, at[0]) ? 0 :
		       usage(session, "unknown option", at[0]);
	text = &words->texts[param - action->params];
	*text = inside;
	if (param->type != ACTION_FLAG && !inside) {
		if (left < 2)
			return usage(session, "a value must follow", at[0]);
		*text = at[1];
		*used = 2;
	}
	rc = action_give(action, words->values, param->name, text,
			 param->type != ACTION_FLAG, &session->err);
	return rc < 0 ? CMD_USAGE : 0;
}

/* Options into values, operands to the front of argv[1..]. */
static int take_options(struct session *session, struct words *words,
			int argc, char **argv, int *operands)
{
	bool has_ended = false;
	int used = 1;
	int rc = 0;
	int i;

	*operands = 0;
	for (i = 1; rc == 0 && i < argc; i += used) {
		used = 1;
		if (!has_ended && !strcmp(argv[i], "--"))
			has_ended = true;
		else if (has_ended || !is_word_option(argv[i]))
			argv[1 + (*operands)++] = argv[i];
		else
			rc = take_option(session, words, argc - i, &argv[i],
					 &used);
	}
	return rc;
}

/* Operands go to their parameters in order. False: too few, or too many. */
static bool give_operands(struct words *words, size_t n, char **at)
{
	const struct action_param *param = words->action->params;
	size_t taken;

	for (; n && param->name; param++) {
		if (!(param->flags & ACTION_OPERAND))
			continue;
		taken = param->flags & ACTION_REPEATED ? n : 1;
		if (action_give(words->action, words->values, param->name,
				(const char *const *)at, taken, NULL) < 0)
			return false;
		at += taken;
		n -= taken;
	}
	while (param->name && (param->flags & (ACTION_OPERAND |
					       ACTION_REQUIRED)) !=
	       (ACTION_OPERAND | ACTION_REQUIRED))
		param++;
	return n == 0 && !param->name;
}

static int refuse_operands(struct session *session, const struct cmd *cmd,
			   const char *verb, int n, char **at)
{
	const struct action_param *param;
	int most = 0;

	if (verb) {
		(void)err_set(&session->err, ERR_INVALID, "'%s %s' is not "
			      "known in this form", cmd->name, verb);
		return CMD_USAGE;
	}
	for (param = cmd_action(cmd, 0)->params; param->name; param++)
		most += (param->flags & ACTION_OPERAND) != 0;
	if (n > most)
		return usage(session, "too many words:", at[most]);
	return usage(session, "something is missing behind", cmd->name);
}

/* What whoever reads the result wants without saying so. */
static void imply(const struct session *session, struct words *words)
{
	unsigned wanted = session->is_json ? ACTION_FOR_PROGRAMS :
			  ACTION_FOR_PEOPLE;
	size_t i;

	for (i = 0; words->action->params[i].name; i++) {
		if (words->action->params[i].flags & wanted)
			words->values[i].is_set = true;
	}
}

int words_parse(struct session *session, const struct cmd *cmd, int argc,
		char **argv, struct words *out)
{
	const char *verb;
	int operands;
	int skipped;
	int rc;

	memset(out, 0, sizeof(*out));
	rc = find_action(session, cmd, argc, argv, &verb, &out->action);
	if (rc == 0)
		rc = take_options(session, out, argc, argv, &operands);
	if (rc < 0)
		return rc;
	skipped = verb ? 1 : 0;
	if (!give_operands(out, (size_t)(operands - skipped),
			   argv + 1 + skipped))
		return refuse_operands(session, cmd, verb, operands, argv + 1);
	imply(session, out);
	return 0;
}
