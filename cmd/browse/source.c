#include "cmd/browse/source.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/stay/worker.h"
#include "cmd/cli/say.h"
#include "cmd/render/render.h"
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
	char most[32];
	size_t n = 0;
	size_t i;

	for (i = 0; param[i].name; i++) {
		const char *value = source->asked->filters[i];

		given[n++] = (struct given){ param[i].name,
			value && param[i].type == ACTION_FLAG ? "" : value };
	}
	snprintf(most, sizeof(most), "%zu", source->most);
	given[n++] = (struct given){ "-n", most };
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

/* What is known of a turn besides its looks. */
static int tell_turn(const struct host *host, struct span json,
		     struct err *err)
{
	static const char *const members[] = { "branch", "entity",
					       "left_out", "named",
					       "session" };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span value;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (jcs_find(json, members[i], &value))
			fields_raw(&fields, members[i], value);
	}
	rc = host_object(host, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int show_turn(const struct host *host, struct span json,
		     struct err *err)
{
	struct jdoc_options options = { .max_depth = JCS_DEPTH_MAX + 2 };
	struct jdoc *doc;
	int rc = jdoc_parse(json, &options, &doc, err);

	if (rc < 0)
		return rc;
	worker_print(host, rendering_find("read")->object, jdoc_root(doc));
	jdoc_free(doc);
	return 0;
}

/* Without what says how a command line would show more. */
static int show_session(const struct host *host, struct span json,
			struct err *err)
{
	struct jcs_iter iter = jcs_iter_object(json);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	struct span name;
	struct span value;
	int rc;

	while (jcs_next(&iter, &name, &value)) {
		if (!span_equals(name, span_str("left_out")))
			fields_add(&fields, name, value);
	}
	rc = jcs_fields_write(&fields, &rest, err);
	if (rc == 0)
		rc = show_turn(host, buf_span(&rest), err);
	jcs_fields_release(&fields);
	buf_release(&rest);
	return rc;
}

static int take_turn(void *arg, struct span json, struct err *err)
{
	const struct host *host = arg;
	struct span session;
	int rc = tell_turn(host, json, err);

	if (rc < 0)
		return rc;
	return jcs_find(json, "session", &session) ?
	       show_session(host, json, err) : show_turn(host, json, err);
}

/* Of an entity that nobody said: its content, as though its kind had. */
static int take_entity(void *arg, struct span json, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf turn = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	struct span state;
	int rc;

	if (!jcs_find(json, "state", &state))
		return 0;
	if (jcs_find(json, "entity", &value))
		fields_raw(&fields, "entity", value);
	if (jcs_find(json, "kind", &value))
		fields_raw(&fields, "role", value);
	if (jcs_find(state, "content", &value))
		fields_raw(&fields, "text", value);
	if (jcs_find(state, "created", &value))
		fields_raw(&fields, "created", value);
	fields_str(&fields, "visibility", "visible");
	fields_bool(&fields, "named", true);
	rc = jcs_fields_write(&fields, &turn, err);
	if (rc == 0)
		rc = take_turn(arg, buf_span(&turn), err);
	jcs_fields_release(&fields);
	buf_release(&turn);
	return rc;
}

static void pass_note(void *arg, struct span sentence)
{
	const struct host *host = arg;

	host->note(host->arg, sentence);
}

static void pass_problem(void *arg, const struct problem *problem)
{
	host_problem(arg, problem);
}

/* One that sees the objects first. */
static struct host looking_host(const struct host *host,
				int (*look)(void *arg, struct span json,
					    struct err *err))
{
	return (struct host){ .arg = (void *)(uintptr_t)host, .object = look,
			      .note = pass_note, .problem = pass_problem };
}

/* What is printed here is for a screen of ours: neither links nor pictures. */
static void set_surroundings(const struct source *source)
{
	char cols[32];

	snprintf(cols, sizeof(cols), "%zu", source->cols);
	setenv("COLUMNS", cols, 1);
	setenv("TERM", "dumb", 1);
	say_set_color(true);
	say_set_for_people();
}

static int read_entity(const struct source *source, const struct host *host,
		       struct err *err)
{
	const struct host entity = looking_host(host, take_entity);
	const struct given given[] = {
		{ "what", source->construct }, { "entity", source->entity },
		{ NULL, NULL },
	};

	return call_action(source, "show", &entity, given, err);
}

int source_read(const struct host *host, void *arg, struct err *err)
{
	const struct source *source = arg;
	const struct host turns = looking_host(host, take_turn);
	const char *thinking = source->with_thinking ? "" : NULL;
	bool is_message = span_begins(span_str(source->entity), "message:");
	/* A message is told with what comes before it, too. */
	const char *all = is_message ? SOURCE_TURNS : NULL;
	char branch[32];
	const struct given given[] = {
		{ "what", source->construct }, { "entity", source->entity },
		{ "branch", source->branch ? branch : NULL },
		{ "around", is_message && source->around ? source->around :
			    all },
		{ "tools", source->with_tools ? "" : NULL },
		{ "thinking", thinking }, { "all", thinking },
		{ NULL, NULL },
	};

	snprintf(branch, sizeof(branch), "%zu", source->branch);
	set_surroundings(source);
	if (!is_message && !span_begins(span_str(source->entity), "session:"))
		return read_entity(source, host, err);
	return call_action(source, "read", &turns, given, err);
}

int source_page(const struct host *host, void *arg, struct err *err)
{
	const struct source *source = arg;
	const struct given given[] = {
		{ "what", source->construct }, { "entity", source->entity },
		{ "format", "html" }, { NULL, NULL },
	};

	return call_action(source, "read", host, given, err);
}
