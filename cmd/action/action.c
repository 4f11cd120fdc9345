#include "cmd/action/action.h"

#include <string.h>

#include "cmd/action/undo/operation.h"
#include "cmd/action/key/ask.h"
#include "cmd/action/key/fork.h"
#include "cmd/action/open.h"
#include "cmd/action/read/handles.h"
#include "refs/index/lists/names.h"
#include "refs/trust/open.h"

const struct action *action_find(const char *name)
{
	size_t i;

	for (i = 0; action_table[i]; i++) {
		if (!strcmp(action_table[i]->name, name))
			return action_table[i];
	}
	return NULL;
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

int action_give(const struct action *action, struct action_value *values,
		const char *name, const char *const *texts, size_t n,
		struct err *err)
{
	const struct action_param *param = action->params;
	struct action_value *value;
	uint64_t count = 0;

	while (param->name && strcmp(param->name, name))
		param++;
	if (!param->name)
		return err_set(err, ERR_INVALID, "%s has no '%s'",
			       action->name, name);
	if (param->type == ACTION_FLAG ? n != 0 :
	    !n || (n > 1 && !(param->flags & ACTION_REPEATED)))
		return err_set(err, ERR_INVALID, "%s: %zu values of '%s'",
			       action->name, n, name);
	if (param->type == ACTION_COUNT && !parse_count(texts[0], &count))
		return err_set(err, ERR_INVALID, "not a number: '%s'",
			       texts[0]);
	value = &values[param - action->params];
	value->is_set = true;
	value->count = count;
	value->texts = texts;
	value->n = n;
	return 0;
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

int action_construct(const struct action_call *call, const char *name,
		     char own[CONSTRUCT_NAME_MAX], const char **out,
		     struct err *err)
{
	const char *id = NULL;
	bool is_id = false;
	int rc;

	*out = name;
	if (construct_name_check(span_str(name), NULL) < 0)
		return 0;
	rc = names_is_id(call->vault, name, &is_id, err);
	if (rc == 0 && !is_id)
		rc = call->vault->find_called(call->vault, name, &id, err);
	else if (rc == 0 && (call->action->flags & ACTION_WRITES))
		rc = names_check_id(call->vault, name, err);
	/* What is known of names may change while it runs. */
	if (rc == 0 && id) {
		memcpy(own, id, strlen(id) + 1);
		*out = own;
	}
	return rc;
}

/* Run with ids for the names of constructs, whatever they are called. */
static int run_by_ids(struct action_call *call, struct err *err)
{
	const struct action *action = call->action;
	const struct action_value *given = call->values;
	struct action_value values[ACTION_PARAMS_MAX];
	const char *construct;
	char own[CONSTRUCT_NAME_MAX];
	size_t i;
	int rc = 0;

	for (i = 0; i < ACTION_PARAMS_MAX && action->params[i].name; i++) {
		values[i] = given[i];
		if (rc == 0 && call->vault && given[i].is_set &&
		    !strcmp(action->params[i].name, "construct")) {
			rc = action_construct(call, given[i].texts[0], own,
					      &construct, err);
			values[i].texts = &construct;
		}
	}
	call->values = values;
	if (rc == 0)
		rc = action->run(call, err);
	call->values = given;
	return rc;
}

int action_enter(struct action_call *call, struct err *err)
{
	int rc = action_open(call, &call->vault, err);

	if (rc == 0)
		call->vault->find_called =
			call->action->flags & ACTION_WRITES ?
			names_find_surely : names_find;
	return rc;
}

static void count_reads(struct action_call *call)
{
	struct store_stats stats;

	if (!call->vault)
		return;
	stats = store_stats(call->vault->store);
	call->objects_read = stats.read;
	call->bytes_read = stats.read_bytes;
}

/* What it writes goes into the operation. */
static int run_logged(struct action_call *call, struct operation *operation,
		      struct err *err)
{
	const struct action *action = call->action;
	struct key_fork fork;
	int rc = 0;

	if (action->flags & ACTION_WRITES)
		call->operation = operation;
	if (!(action->flags & (ACTION_NO_VAULT | ACTION_OPENS | ACTION_BARE)))
		rc = action_enter(call, err);
	if (rc == 0)
		rc = run_by_ids(call, err);
	if (rc == 0)
		handles_keep(call);
	host_progress_end(call->host);
	operation_end(call, rc);
	count_reads(call);
	fork = key_fork_look(call);
	vault_close(call->vault);
	call->vault = NULL;
	if (rc == 0)
		key_fork_end(call, &fork);
	if (rc == 0 && (action->flags & ACTION_SHOWS) && call->has_lost)
		call->is_no = true;
	return rc;
}

int action_run(struct action_call *call, struct err *err)
{
	struct operation operation = OPERATION_INIT;
	struct device_key *device = call->device;
	int rc = check_values(call, err);

	call->is_misused = rc < 0;
	if (rc == 0)
		rc = run_logged(call, &operation, err);
	call->operation = NULL;
	if (call->device != device)
		key_forget(call->device);
	call->device = device;
	return rc;
}
