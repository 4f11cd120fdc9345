#include "cmd/cli/options.h"

#include <stdio.h>
#include <string.h>

#include "cmd/cli/out.h"

static int usage(struct session *session, const char *what, const char *word)
{
	(void)err_set(&session->err, ERR_INVALID, "%s '%s'", what, word);
	return CMD_USAGE;
}

int options_refuse(struct session *session, const char *word)
{
	(void)err_set(&session->err, ERR_INVALID, "'%s %s' is not known in "
		      "this form", session->command, word);
	return CMD_USAGE;
}

static bool parse_count(const char *text, uint64_t *out)
{
	uint64_t value = 0;
	const char *at;

	for (at = text; *at >= '0' && *at <= '9'; at++) {
		if (at - text > 17)
			return false;
		value = value * 10 + (uint64_t)(*at - '0');
	}
	if (at == text || *at)
		return false;
	*out = value;
	return true;
}

static bool common_option(struct session *session, const char *word)
{
	if (!strcmp(word, "--json"))
		session->is_json = true;
	else if (!strcmp(word, "--progress"))
		session->is_progress = true;
	else if (!strcmp(word, "--no-progress"))
		session->is_progress = false;
	else if (!strcmp(word, "--color") || !strcmp(word, "--color=always"))
		out_set_color(true);
	else if (!strcmp(word, "--color=never"))
		out_set_color(false);
	else if (!strcmp(word, "--no-pager"))
		session->no_pager = true;
	else
		return strcmp(word, "--color=auto") == 0;
	return true;
}

/* The row for "--name" or "--name=value"; "-n5" is "-n" with its value. */
static const struct option_row *find_row(const struct option_row *rows,
					 const char *word, const char **value)
{
	size_t len;

	*value = NULL;
	for (; rows->name; rows++) {
		len = strlen(rows->name);
		if (strncmp(word, rows->name, len))
			continue;
		if (!word[len])
			return rows;
		if (rows->kind == OPTION_FLAG)
			continue;
		if (len == 2 || word[len] == '=') {
			*value = word + len + (len > 2);
			return rows;
		}
	}
	return NULL;
}

static int take_value(struct session *session, const struct option_row *row,
		      const char *value)
{
	if (row->kind == OPTION_TEXT) {
		*(const char **)row->value = value;
		return 0;
	}
	if (!parse_count(value, row->value))
		return usage(session, "not a number:", value);
	return 0;
}

/* One word that begins with '-'; returns how many words it took. */
static int take_option(struct session *session, const struct option_row *rows,
		       int left, char **at)
{
	const struct option_row *row;
	const char *value;
	int used = 1;
	int rc;

	row = find_row(rows, at[0], &value);
	if (!row)
		return common_option(session, at[0]) ? 1 :
		       usage(session, "unknown option", at[0]);
	if (row->kind == OPTION_FLAG) {
		*(bool *)row->value = true;
		return 1;
	}
	if (!value) {
		if (left < 2)
			return usage(session, "a value must follow", at[0]);
		value = at[1];
		used = 2;
	}
	rc = take_value(session, row, value);
	return rc < 0 ? rc : used;
}

int options_parse(struct session *session, int argc, char **argv,
		  const struct option_row *rows, int min, int max)
{
	bool has_ended = false;
	int operands = 0;
	int i = 1;
	int rc;

	while (i < argc) {
		if (!has_ended && !strcmp(argv[i], "--")) {
			has_ended = true;
			i++;
		} else if (has_ended || argv[i][0] != '-' || !argv[i][1]) {
			argv[1 + operands++] = argv[i++];
		} else {
			rc = take_option(session, rows, argc - i, &argv[i]);
			if (rc < 0)
				return rc;
			i += rc;
		}
	}
	if (operands < min)
		return usage(session, "something is missing behind",
			     session->command);
	if (max >= 0 && operands > max)
		return usage(session, "too many words:", argv[1 + max]);
	return operands;
}
