#include "cmd/cli/help/usage.h"

#include <string.h>

#include "cmd/cli/say.h"
#include "cmd/cli/screen.h"

#define NAME_WIDTH 28		/* of the longest parameter */
#define WIDTH_MIN 48		/* on less nothing is wrapped */

void usage_put_words(const struct action_param *param, struct buf *out)
{
	if (!(param->flags & ACTION_OPERAND)) {
		buf_put_str(out, param->name[0] == '-' ? "" : "--");
		buf_put_str(out, param->name);
		if (param->value)
			buf_put_char(out, ' ');
	}
	buf_put_str(out, param->value ? param->value : "");
	if (param->flags & ACTION_REPEATED)
		buf_put_str(out, "...");
}

static void put_param(const struct action_param *param, struct buf *out)
{
	bool is_required = param->flags & ACTION_REQUIRED;

	if (!is_required)
		buf_put_char(out, '[');
	usage_put_words(param, out);
	if (!is_required)
		buf_put_char(out, ']');
}

static void put_action(const struct cmd *cmd, const struct action *action,
		       struct buf *out)
{
	const struct action_param *param;
	const char *between = "";

	if (action->name[strlen(cmd->name)]) {
		buf_put_str(out, action->name + strlen(cmd->name) + 1);
		between = " ";
	}
	for (param = action->params; param->name; param++) {
		if (param->flags & ACTION_UNLISTED)
			continue;
		buf_put_str(out, between);
		put_param(param, out);
		between = " ";
	}
}

/* How long the first words are that stay together. */
static size_t piece_length(struct span text)
{
	int depth = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.at[i] == '[' || text.at[i] == '<')
			depth++;
		else if (text.at[i] == ']' || text.at[i] == '>')
			depth--;
		else if (text.at[i] == ' ' && depth <= 0)
			break;
	}
	return i;
}

void usage_wrap(struct span text, size_t column, size_t indent,
		unsigned width, struct buf *out)
{
	bool is_first = true;

	if (width < WIDTH_MIN) {
		buf_put(out, text.at, text.len);
		return;
	}
	while (text.len) {
		size_t len = piece_length(text);

		if (!is_first && column + 1 + len >= width) {
			buf_putf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!is_first) {
			buf_put_char(out, ' ');
			column++;
		}
		buf_put(out, text.at, len);
		column += len;
		is_first = false;
		len += len < text.len;
		text = span_of(text.at + len, text.len - len);
	}
}

void usage_put_lines(const struct cmd *cmd, const struct action *only,
		     struct buf *out)
{
	size_t indent = strlen("usage: vvault  ") + strlen(cmd->name);
	struct buf usage = BUF_INIT(BUF_NO_LIMIT);
	const struct action *action;
	size_t i;

	for (i = 0; (action = cmd_action(cmd, i)); i++) {
		buf_put_str(&usage, i && !only ? " | " : "");
		if (!only || action == only)
			put_action(cmd, action, &usage);
	}
	buf_putf(out, "usage: vvault %s ", cmd->name);
	usage_wrap(buf_span(&usage), indent, indent, screen_width(), out);
	buf_release(&usage);
}

void usage_print_row(const char *name, const char *summary)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t indent = NAME_WIDTH + 4;
	int rc;

	usage_wrap(span_str(summary), indent, indent, screen_width(), &text);
	rc = buf_end(&text, NULL);
	/* Where there is a width, what is too long for its column has a line
	 * of its own. */
	if (rc == 0 && screen_width() && strlen(name) > NAME_WIDTH)
		say_printf("  %s\n%*s%s\n", name, (int)indent, "",
			   buf_text(&text));
	else if (rc == 0)
		say_printf("  %-*s  %s\n", NAME_WIDTH, name, buf_text(&text));
	buf_release(&text);
}
