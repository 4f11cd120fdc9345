#include "cmd/cli/help/usage.h"

#include <string.h>

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
		       bool wants_all, struct buf *out)
{
	const struct action_param *param;
	const char *between = "";

	if (action->name[strlen(cmd->name)]) {
		buf_put_str(out, action->name + strlen(cmd->name) + 1);
		between = " ";
	}
	for (param = action->params; param->name; param++) {
		if ((param->flags & ACTION_UNLISTED) && !wants_all)
			continue;
		buf_put_str(out, between);
		put_param(param, out);
		between = " ";
	}
}

void usage_put_action(const struct cmd *cmd, const struct action *action,
		      struct buf *out)
{
	put_action(cmd, action, false, out);
}

void usage_put(const struct cmd *cmd, bool wants_all, struct buf *out)
{
	const struct action *action;
	size_t i;

	for (i = 0; (action = cmd_action(cmd, i)); i++) {
		buf_put_str(out, i ? " | " : "");
		put_action(cmd, action, wants_all, out);
	}
}
