#include "cmd/cli/words/family.h"

#include <string.h>

#include "cmd/cli/words/common.h"
#include "cmd/cli/words/meant.h"
#include "cmd/cli/words/words.h"
#include "lib/base/nearest.h"

/* What the command does without a verb; NULL: nothing. */
static const struct action *bare_action(const struct cmd *cmd)
{
	const struct action *action = cmd_action(cmd, 0);

	return action && !action->name[strlen(cmd->name)] ? action : NULL;
}

static bool is_family(const struct cmd *cmd)
{
	return cmd_action(cmd, bare_action(cmd) ? 1 : 0) != NULL;
}

const struct cmd *family_of_plural(const char *name)
{
	size_t len = strlen(name);
	const struct cmd *cmd;

	/* Devices are members. */
	if (!strcmp(name, "device") || !strcmp(name, "devices"))
		return cmd_find("member");
	for (cmd = cmd_table; cmd->name; cmd++) {
		if (len == strlen(cmd->name) + 1 && name[len - 1] == 's' &&
		    !strncmp(name, cmd->name, len - 1) && is_family(cmd))
			return cmd;
	}
	return NULL;
}

static const char *verb_of(const struct cmd *cmd, const struct action *action)
{
	return action == bare_action(cmd) ? "" :
	       action->name + strlen(cmd->name) + 1;
}

const struct action *family_verb(const struct cmd *cmd, const char *verb)
{
	const struct action *action;
	size_t i;

	if (!is_family(cmd))
		return NULL;
	for (i = 0; (action = cmd_action(cmd, i)); i++) {
		if (!strcmp(verb_of(cmd, action), verb))
			return action;
	}
	return NULL;
}

/* How many words the option at[0] takes, for any of the actions. */
static int option_length(const struct cmd *cmd, int left,
			 const char *const *at)
{
	const struct action *action;
	const struct action_param *param;
	const char *value;
	size_t i;

	for (i = 0; (action = cmd_action(cmd, i)); i++) {
		for (param = action->params; param->name; param++) {
			if (param->type != ACTION_FLAG &&
			    words_is_option(param, at[0], &value) && !value)
				return 2;
		}
	}
	return common_length(left, at);
}

/* The first operand of a command, and how many there are. */
static const char *find_verb(const struct cmd *cmd, int argc, char **argv,
			     int *n)
{
	const char *verb = NULL;
	bool has_ended = false;
	int i = 1;

	*n = 0;
	while (i < argc) {
		if (has_ended || !words_looks_like_option(argv[i])) {
			verb = verb ? verb : argv[i];
			++*n;
			i++;
		} else if (!strcmp(argv[i], "--")) {
			has_ended = true;
			i++;
		} else {
			i += option_length(cmd, argc - i,
					   (const char *const *)&argv[i]);
		}
	}
	return verb;
}

/* As git has it: a name with a dot alone is asked for, and set with a value
 * behind it. */
static const struct action *find_by_dot(const struct cmd *cmd,
					const char *verb, int n)
{
	if (!strchr(verb, '.') || !family_verb(cmd, "set"))
		return NULL;
	return family_verb(cmd, n > 1 ? "set" : "get");
}

/* What a family does that is only named: its own, else list, else show; or
 * nothing. */
static const struct action *find_default(const struct cmd *cmd)
{
	const struct action *action = bare_action(cmd);
	const struct action_param *param;

	if (!action)
		action = family_verb(cmd, "list");
	if (!action)
		action = family_verb(cmd, "show");
	for (param = action ? action->params : NULL; param && param->name;
	     param++) {
		if (param->flags & ACTION_REQUIRED)
			return NULL;
	}
	return action;
}

static int refuse_verb(struct session *session, const struct cmd *cmd,
		       const char *verb)
{
	struct nearest nearest = NEAREST_INIT(verb);
	const char *meant = meant_verb(verb);
	const struct action *action;
	size_t i;

	for (i = 0; (action = cmd_action(cmd, i)); i++)
		nearest_try(&nearest, span_str(verb_of(cmd, action)));
	if (meant && family_verb(cmd, meant))
		nearest.found = span_str(meant);
	(void)err_set(&session->err, ERR_INVALID, "'%s %s' is not known in "
		      "this form%s%s%s%s%s", cmd->name, verb,
		      nearest.found.at ? "; is '" : "",
		      nearest.found.at ? cmd->name : "",
		      nearest.found.at ? " " : "",
		      nearest.found.at ? nearest.found.at : "",
		      nearest.found.at ? "' meant?" : "");
	return CMD_USAGE;
}

int family_choose(struct session *session, const struct cmd *cmd, int argc,
		  char **argv, const struct action **out, bool *is_named)
{
	const char *verb;
	int n;

	*out = cmd_action(cmd, 0);
	*is_named = false;
	if (!is_family(cmd))
		return 0;
	verb = find_verb(cmd, argc, argv, &n);
	*out = verb && *verb ? family_verb(cmd, verb) : NULL;
	*is_named = *out != NULL;
	if (verb && !*out)
		*out = find_by_dot(cmd, verb, n);
	/* Behind a plural stands what its list takes. */
	if (!*out && (!verb || strcmp(argv[0], cmd->name) != 0))
		*out = find_default(cmd);
	if (*out)
		return 0;
	if (verb)
		return refuse_verb(session, cmd, verb);
	(void)err_set(&session->err, ERR_INVALID, "something is missing "
		      "behind '%s'", cmd->name);
	return CMD_USAGE;
}
