#include "cmd/cli/words/common.h"

#include <stdio.h>
#include <string.h>

#include "cmd/cli/progress.h"
#include "cmd/cli/say.h"
#include "cmd/cli/words/meant.h"
#include "lib/base/nearest.h"

const struct action_param common_params[] = {
	{ "json", ACTION_FLAG, 0, NULL,
	  "results as JSON, one object a line; errors too" },
	{ "color", ACTION_TEXT, 0, "always|auto|never",
	  "colors: for a terminal alone, unless it is said" },
	{ "no-pager", ACTION_FLAG, 0, NULL, "print, and use no pager" },
	{ "progress", ACTION_FLAG, 0, NULL,
	  "tell progress; --no-progress: tell none" },
	{ "no-progress", ACTION_FLAG, ACTION_UNLISTED, NULL, "" },
	{ "quiet", ACTION_FLAG, 0, NULL, "or -q: results and errors alone" },
	{ "verbose", ACTION_FLAG, 0, NULL,
	  "or -v: say what is done, and how long it takes" },
	{ "help", ACTION_FLAG, 0, NULL, "or -h: this" },
	{ NULL, ACTION_FLAG, 0, NULL, NULL },
};

static bool is_one(const char *word, const char *name, const char *letter)
{
	return !strcmp(word, name) || (letter && !strcmp(word, letter));
}

static bool take_flag(struct session *session, const char *word)
{
	if (is_one(word, "--json", NULL))
		session->is_json = true;
	else if (is_one(word, "--progress", NULL))
		session->is_progress = progress_want();
	else if (is_one(word, "--no-progress", NULL))
		session->is_progress = false;
	else if (is_one(word, "--no-pager", NULL))
		session->no_pager = true;
	else if (is_one(word, "--quiet", "-q"))
		say_set_quiet(), session->is_progress = false;
	else if (is_one(word, "--verbose", "-v"))
		session->is_verbose = true;
	else
		return false;
	return true;
}

static bool is_color_word(const char *when)
{
	return !strcmp(when, "always") || !strcmp(when, "never") ||
	       !strcmp(when, "auto");
}

int common_length(int left, const char *const *at)
{
	return left > 1 && !strcmp(at[0], "--color") &&
	       is_color_word(at[1]) ? 2 : 1;
}

static void set_color(const char *when)
{
	if (!strcmp(when, "always"))
		say_set_color(true);
	else if (!strcmp(when, "never"))
		say_set_color(false);
}

/* "--color" alone is "always"; a word of the three behind it is its own. */
static int take_color(struct session *session, int left, const char *const *at)
{
	const char *when = at[0] + strlen("--color");
	int length = common_length(left, at);

	if (*when && *when != '=')
		return 0;
	if (*when && !is_color_word(when + 1)) {
		(void)err_set(&session->err, ERR_INVALID, "colors are always, "
			      "auto or never, not '%s'", when + 1);
		return CMD_USAGE;
	}
	session->is_color_said = true;
	set_color(*when ? when + 1 : length > 1 ? at[1] : "always");
	return length;
}

int common_take(struct session *session, int left, const char *const *at)
{
	if (!strncmp(at[0], "--color", strlen("--color")))
		return take_color(session, left, at);
	return take_flag(session, at[0]);
}

static void try_params(struct nearest *nearest,
		       const struct action_param *param)
{
	for (; param->name; param++) {
		if (!(param->flags & ACTION_OPERAND) && param->name[0] != '-')
			nearest_try(nearest, span_str(param->name));
	}
}

static bool has_options(const struct action_param *param)
{
	while (param->name && (param->flags & ACTION_OPERAND))
		param++;
	return param->name != NULL;
}

/* What stands in place of one that no name of ours is near to. */
static void refuse_other(struct session *session, const struct action *action,
			 const char *word)
{
	const char *ours = action ? meant_option(action, word) : NULL;

	if (ours)
		(void)err_set(&session->err, ERR_INVALID, "unknown option "
			      "'%s'; is '%s%s' meant?", word,
			      ours[0] == '-' ? "" : "--", ours);
	else if (action && !has_options(action->params))
		(void)err_set(&session->err, ERR_INVALID, "unknown option "
			      "'%s': '%s' has none of its own", word,
			      action->name);
	else
		(void)err_set(&session->err, ERR_INVALID,
			      "unknown option '%s'", word);
}

int common_refuse(struct session *session, const struct action *action,
		  const char *word)
{
	size_t dashes = strspn(word, "-");
	struct nearest nearest = NEAREST_INIT("");

	nearest.wanted = span_of(word + dashes, strcspn(word + dashes, "="));
	if (action)
		try_params(&nearest, action->params);
	try_params(&nearest, common_params);
	if (nearest.found.at && dashes &&
	    !(action && meant_option(action, word)))
		(void)err_set(&session->err, ERR_INVALID, "unknown option "
			      "'%s'; is '--%.*s' meant?", word,
			      (int)nearest.found.len, nearest.found.at);
	else
		refuse_other(session, action, word);
	return CMD_USAGE;
}
