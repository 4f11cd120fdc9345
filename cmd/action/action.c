#include "cmd/action/action.h"

#include <string.h>

#include "cmd/action/open.h"

const struct action *action_find(const char *name)
{
	size_t i;

	for (i = 0; action_table[i]; i++) {
		if (!strcmp(action_table[i]->name, name))
			return action_table[i];
	}
	return NULL;
}

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

static int check_values(const struct action_call *call, struct err *err)
{
	const struct action *action = call->action;
	size_t i;
	int rc = action->check ? action->check(call, err) : 0;

	for (i = 0; rc == 0 && action->params[i].name; i++) {
		if ((action->params[i].flags & ACTION_REQUIRED) &&
		    !call->values[i].is_set)
			rc = err_set(err, ERR_INVALID, "%s: '%s' is missing",
				     action->name, action->params[i].name);
	}
	return rc;
}

int action_run(struct action_call *call, struct err *err)
{
	const struct action *action = call->action;
	int rc = check_values(call, err);

	call->is_misused = rc < 0;
	if (rc < 0)
		return rc;
	if (!(action->flags & (ACTION_NO_VAULT | ACTION_OPENS | ACTION_BARE)))
		rc = action_open(call, &call->vault, err);
	if (rc == 0)
		rc = action->run(call, err);
	host_progress_end(call->host);
	vault_close(call->vault);
	call->vault = NULL;
	if (rc == 0 && (action->flags & ACTION_SHOWS) && call->has_lost)
		call->is_no = true;
	return rc;
}
