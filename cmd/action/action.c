#include "cmd/action/action.h"

#include <string.h>

const struct action_value *action_value(const struct action_call *call,
					const char *name)
{
	static const struct action_value none = { false, 0, NULL, 0 };
	const struct action_param *params = call->action->params;
	size_t i;

	for (i = 0; params[i].name; i++) {
		if (!strcmp(params[i].name, name))
			return &call->values[i];
	}
	return &none;
}

bool action_flag(const struct action_call *call, const char *name)
{
	return action_value(call, name)->is_set;
}

const char *action_text(const struct action_call *call, const char *name)
{
	const struct action_value *value = action_value(call, name);

	return value->is_set ? value->texts[0] : NULL;
}

uint64_t action_count(const struct action_call *call, const char *name,
		      uint64_t otherwise)
{
	const struct action_value *value = action_value(call, name);

	return value->is_set ? value->count : otherwise;
}
