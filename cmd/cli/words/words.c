#include "cmd/cli/words/words.h"

#include <string.h>

#include "cmd/cli/words/common.h"
#include "cmd/cli/words/family.h"

static int usage(struct session *session, const char *what, const char *word)
{
	(void)err_set(&session->err, ERR_INVALID, "%s '%s'", what, word);
	return CMD_USAGE;
}

bool words_is_option(const struct action_param *param, const char *word,
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

bool words_looks_like_option(const char *word)
{
	return word[0] == '-' && word[1];
}

/* One that every command knows. */
static int take_common(struct session *session, const struct action *action,
		       int left, char **at, int *used)
{
	*used = common_take(session, left, (const char *const *)at);
	if (*used > 0)
		return 0;
	return *used < 0 ? CMD_USAGE : common_refuse(session, action, at[0]);
}

/* Of an option that may be given often, all values so far. */
static int give_repeated(struct session *session, struct words *words,
			 const char *name, const char *text)
{
	if (words->repeated_n == WORDS_REPEATED_MAX)
		return usage(session, "given too often:", name);
	words->repeated[words->repeated_n++] = text;
	return action_give(words->action, words->values, name,
			   words->repeated, words->repeated_n,
			   &session->err);
}

static bool is_number(const char *word)
{
	return *word && !word[strspn(word, "0123456789")];
}

/* "-5" is "-n 5", where an action takes that. */
static bool is_number_of(const struct action_param *param, const char *word)
{
	return !strcmp(param->name, "-n") && param->type == ACTION_COUNT &&
	       word[0] == '-' && is_number(word + 1);
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
	while (param->name && !words_is_option(param, at[0], &inside) &&
	       !is_number_of(param, at[0]))
		param++;
	if (!param->name)
		return take_common(session, action, left, at, used);
	if (is_number_of(param, at[0]))
		inside = at[0] + 1;
	text = &words->texts[param - action->params];
	*text = inside;
	if (param->type != ACTION_FLAG && !inside) {
		if (left < 2)
			return usage(session, "a value must follow", at[0]);
		*text = at[1];
		*used = 2;
	}
	if (param->flags & ACTION_REPEATED)
		rc = give_repeated(session, words, param->name, *text);
	else
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
		else if (has_ended || !words_looks_like_option(argv[i]))
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

/* The operands that give_operands() did not take: too few, or one that is not
 * what it must be. */
static int refuse_missing(struct session *session, const struct action *action,
			  int n, char **at)
{
	const struct action_param *param = action->params;
	int i = 0;

	for (; param->name; param++) {
		if (!(param->flags & ACTION_OPERAND))
			continue;
		if (i >= n && (param->flags & ACTION_REQUIRED))
			break;
		if (i < n && param->type == ACTION_COUNT && !is_number(at[i]))
			return usage(session, "not a number:", at[i]);
		i++;
	}
	(void)err_set(&session->err, ERR_INVALID, "%s is missing behind '%s'%s",
		      param->name ? param->value : "something", action->name,
		      param->name && !strcmp(param->value, "<version>") ?
		      "; 'vvault status' names what there is" : "");
	return CMD_USAGE;
}

static int refuse_operands(struct session *session,
			   const struct action *action, int n, char **at)
{
	const struct action_param *param;
	int most = 0;

	for (param = action->params; param->name; param++)
		most += (param->flags & ACTION_OPERAND) != 0;
	if (n > most)
		return usage(session, "too many words:", at[most]);
	return refuse_missing(session, action, n, at);
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
	bool is_named;
	int operands = 0;
	int skipped;
	int rc;

	memset(out, 0, sizeof(*out));
	rc = family_choose(session, cmd, argc, argv, &out->action, &is_named);
	if (rc == 0)
		rc = take_options(session, out, argc, argv, &operands);
	if (rc < 0)
		return rc;
	skipped = is_named ? 1 : 0;
	if (!give_operands(out, (size_t)(operands - skipped),
			   argv + 1 + skipped))
		return refuse_operands(session, out->action,
				       operands - skipped, argv + 1 + skipped);
	imply(session, out);
	return 0;
}
