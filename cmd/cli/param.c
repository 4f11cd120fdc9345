#include "cmd/cli/param.h"

#include <string.h>

void param_word(const struct action_param *param, struct buf *out)
{
	if (param->name[0] != '-')
		buf_put_str(out, "--");
	buf_put_str(out, param->name);
}

bool param_is_option(const struct action_param *param, const char *word,
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
