#include "cmd/browse/source.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"

struct given {
	const char *name;
	const char *text;	/* NULL: not given */
};

/* Call the action with what is given, and tell that host. */
static int call_action(const struct source *source, const char *name,
		       const struct host *host, const struct given *given,
		       struct err *err)
{
	struct action_value values[ACTION_PARAMS_MAX] = {
		{ false, 0, NULL, 0 } };
	struct action_call call = {
		.action = action_find(name), .values = values,
		.vault_path = source->call->vault_path,
		.keys_folder = source->call->keys_folder, .host = host,
		.settings = source->call->settings,
	};
	int rc = 0;

	for (; rc == 0 && given->name; given++) {
		if (given->text)
			rc = action_give(call.action, values, given->name,
					 &given->text, *given->text != '\0',
					 err);
	}
	return rc < 0 ? rc : action_run(&call, err);
}

int source_search(const struct host *host, void *arg, struct err *err)
{
	const struct source *source = arg;
	const struct action_param *param = asked_params();
	struct given given[ACTION_PARAMS_MAX + 4];
	size_t n = 0;
	size_t i;

	for (i = 0; param[i].name; i++) {
		const char *value = source->asked->filters[i];

		given[n++] = (struct given){ param[i].name,
			value && param[i].type == ACTION_FLAG ? "" : value };
	}
	given[n++] = (struct given){ "-n", SOURCE_HITS };
	given[n++] = (struct given){ "around", "2" };
	given[n++] = (struct given){ "words", source->asked->words };
	given[n] = (struct given){ NULL, NULL };
	return call_action(source, "recall", host, given, err);
}

static bool has_param(const char *action, const char *name)
{
	const struct action_param *param = action_find(action)->params;

	while (param->name && strcmp(param->name, name))
		param++;
	return param->name != NULL;
}

/* Of the filters those that sessions have. */
int source_sessions(const struct host *host, void *arg, struct err *err)
{
	const struct source *source = arg;
	const struct action_param *param = asked_params();
	struct given given[ACTION_PARAMS_MAX + 3];
	size_t n = 0;
	size_t i;

	for (i = 0; param[i].name; i++) {
		if (asked_is_filter(&param[i]) &&
		    has_param("session list", param[i].name))
			given[n++] = (struct given){ param[i].name,
				source->asked->filters[i] };
	}
	given[n++] = (struct given){ "-n", SOURCE_SESSIONS };
	given[n++] = (struct given){ "version", asked_filter(source->asked,
							     "construct") };
	given[n] = (struct given){ NULL, NULL };
	return call_action(source, "session list", host, given, err);
}

/* Messages of a session, as ls has them. */
struct listing {
	const struct source *source;
	const struct host *host;
	struct jcs_fields fields;
};

static void copy_member(struct jcs_fields *fields, const char *as,
			struct span object, const char *name)
{
	struct span value;

	if (jcs_find(object, name, &value))
		fields_raw(fields, as, value);
}

static int take_message(void *arg, struct span json, struct err *err)
{
	struct listing *listing = arg;
	struct span state;
	struct span session;

	if (!jcs_find(json, "state", &state) ||
	    !jcs_find(state, "session", &session) ||
	    !jcs_is_text(session, listing->source->session))
		return 0;
	copy_member(&listing->fields, "entity", json, "entity");
	copy_member(&listing->fields, "role", state, "role");
	copy_member(&listing->fields, "name", state, "name");
	copy_member(&listing->fields, "model", state, "model");
	copy_member(&listing->fields, "at", state, "created");
	copy_member(&listing->fields, "visibility", state, "visibility");
	copy_member(&listing->fields, "text", state, "content");
	copy_member(&listing->fields, "index", state, "index");
	return host_object(listing->host, &listing->fields, err);
}

int source_read(const struct host *host, void *arg, struct err *err)
{
	const struct source *source = arg;
	struct listing listing = { source, host, JCS_FIELDS_INIT };
	const struct host messages = { .arg = &listing,
				       .object = take_message };
	const struct given given[] = { { "version", source->construct },
				       { "kind", "message" }, { NULL, NULL } };
	int rc = call_action(source, "ls", &messages, given, err);

	jcs_fields_release(&listing.fields);
	return rc;
}
