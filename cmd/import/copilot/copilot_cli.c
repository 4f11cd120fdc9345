#include "cmd/import/copilot/copilot_cli.h"

#include <stdlib.h>

#include "cmd/import/copilot/copilot_cli_internal.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"
#include "lib/base/array.h"
#include "lib/base/xxh.h"

static bool is_event(struct span line)
{
	return sniff_has(line, "type") && sniff_has(line, "data") &&
	       (sniff_has(line, "timestamp") || sniff_has(line, "id")) &&
	       (sniff_mentions(line, "\"session.") ||
		sniff_mentions(line, "\"user.message\"") ||
		sniff_mentions(line, "\"assistant.") ||
		sniff_mentions(line, "\"tool.execution_"));
}

static bool copilot_cli_sniff(const struct import_input *input)
{
	return !input->is_folder && !input->bundle &&
	       is_event(sniff_line(buf_span(&input->head), 1));
}

static bool is_object(const struct value_line *line)
{
	return jval_is(line->value, JVAL_OBJECT) &&
	       jval_is(jval_get(line->value, "type"), JVAL_STRING);
}

static void keep(struct buf *out, struct span text)
{
	if (!text.len)
		return;
	buf_reset(out);
	buf_put_span(out, text);
}

/* --- chains ---------------------------------------------------------------- */

static int add_chain(struct copilot_cli_reading *reading, struct span agent,
		     struct err *err)
{
	static const struct copilot_cli_chain none = {
		.chat = CHAT_INIT, .created = CHAT_TIME_NONE,
		.updated = CHAT_TIME_NONE, .key = BUF_INIT(BUF_NO_LIMIT),
		.model = BUF_INIT(BUF_NO_LIMIT),
		.title = BUF_INIT(BUF_NO_LIMIT),
		.thought = BUF_INIT(BUF_NO_LIMIT)
	};
	struct copilot_cli_chain *chain;
	int rc = array_room(&reading->chains, err);

	if (rc < 0)
		return rc;
	chain = &reading->chains.at[reading->chains.n];
	*chain = none;
	rc = arena_keep(&reading->arena, agent, &chain->agent, err);
	if (rc == 0)
		reading->chains.n++;
	return rc;
}

/* The place of an agent's chain, made where there is none. */
static int find_chain(struct copilot_cli_reading *reading, struct span agent,
		      size_t *out, struct err *err)
{
	uint64_t key = xxh64_of(agent.at, agent.len);
	uint64_t at = reading->chains.n;
	bool is_new = false;
	int rc;

	rc = table_add(&reading->agents, &key, at, &is_new, err);
	if (rc == 0 && is_new)
		rc = add_chain(reading, agent, err);
	if (rc == 0)
		(void)table_get(&reading->agents, &key, &at);
	*out = (size_t)at;
	return rc;
}

static void chains_release(struct copilot_cli_reading *reading)
{
	size_t i;

	for (i = 0; i < reading->chains.n; i++) {
		struct copilot_cli_chain *chain = &reading->chains.at[i];

		chat_release(&chain->chat);
		buf_release(&chain->key);
		buf_release(&chain->model);
		buf_release(&chain->title);
		buf_release(&chain->thought);
	}
	free(reading->chains.at);
}

/* --- looking --------------------------------------------------------------- */

/* What an event tells of the session as a whole. */
static void look_session(struct copilot_cli_reading *reading,
			 const struct jval *event, const struct jval *data)
{
	struct copilot_cli_chain *chain = reading->chains.at;

	if (!chain->key.len)
		keep(&chain->key, jval_get_text(data, "sessionId"));
	if (!reading->cwd.len)
		keep(&reading->cwd, jval_text(jval_at(data, "context.cwd")));
	if (jval_is_text(jval_get(event, "type"), "session.title_changed"))
		keep(&chain->title, jval_get_text(data, "title"));
}

/* It names an agent by the call that began it, or as its events do. */
static int look_agent(struct copilot_cli_reading *reading,
		      const struct jval *event, const struct jval *data,
		      struct err *err)
{
	struct span name = jval_get_text(data, "agentDisplayName");
	struct span agent = jval_get_text(event, "agentId");
	size_t at;
	int rc;

	if (!agent.len)
		agent = jval_get_text(data, "toolCallId");
	if (!agent.len)
		return 0;
	rc = find_chain(reading, agent, &at, err);
	if (rc == 0)
		keep(&reading->chains.at[at].title, name.len ? name :
		     jval_get_text(data, "agentName"));
	return rc;
}

static void look_times(struct copilot_cli_chain *chain,
		       const struct jval *event, const struct jval *data)
{
	struct chat_time time = chat_time_of(jval_get(event, "timestamp"));
	struct chat_time start = chat_time_of(jval_get(data, "startTime"));

	if (time.micros > chain->updated.micros)
		chain->updated = time;
	if (chain->created.micros == CHAT_TIME_UNKNOWN)
		chain->created = start.micros != CHAT_TIME_UNKNOWN ? start :
			time;
}

/* First: what there is. */
static int look_line(void *arg, const struct value_line *line,
		     struct err *err)
{
	struct copilot_cli_reading *reading = arg;
	const struct jval *data = jval_get(line->value, "data");
	char room[COPILOT_CLI_KEY_MAX];
	struct copilot_cli_chain *chain;
	struct link event = { .parent = LINK_UNSAID };
	size_t at;
	int rc;

	if (!is_object(line))
		return 0;
	if (jval_is_text(jval_get(line->value, "type"), "subagent.started")) {
		rc = look_agent(reading, line->value, data, err);
		if (rc < 0)
			return rc;
	}
	rc = find_chain(reading, copilot_cli_agent(line->value), &at, err);
	if (rc < 0)
		return rc;
	chain = &reading->chains.at[at];
	if (!at)
		look_session(reading, line->value, data);
	look_times(chain, line->value, data);
	keep(&chain->model, jval_get_text(data, "selectedModel"));
	keep(&chain->model, jval_get_text(data, "newModel"));
	if (at)
		keep(&chain->model, jval_get_text(data, "model"));
	event.kind = copilot_cli_kind(line->value);
	event.chain = (uint32_t)at;
	return link_talk_add(&reading->events, &event,
			     copilot_cli_key(line->value, room),
			     jval_get_text(line->value, "parentId"), err);
}

/* --- putting --------------------------------------------------------------- */

/* Then: the events. */
static int put_line(void *arg, const struct value_line *line, struct err *err)
{
	struct copilot_cli_reading *reading = arg;
	size_t at;
	int rc;

	if (!is_object(line))
		return import_malformed(reading->job, reading->source,
					"a line that is no event",
					line->offset, line->text, err);
	rc = find_chain(reading, copilot_cli_agent(line->value), &at, err);
	if (rc < 0)
		return rc;
	return copilot_cli_put(reading, &reading->chains.at[at], line->value,
			       link_talk_parent(&reading->events,
						reading->event++), err);
}

static int put_chain(struct copilot_cli_reading *reading,
		     struct copilot_cli_chain *chain, struct span active,
		     uint32_t guessed, struct err *err)
{
	struct chat_session session = {
		.provider = COPILOT_CLI_PROVIDER, .key = buf_span(&chain->key),
		.created = chain->created, .updated = chain->updated,
		.active = active, .is_guessed = guessed > 0,
	};
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	reading->source->guessed += session.is_guessed;
	reading->source->mended += guessed;
	if (chain->model.len)
		session.model = buf_span(&chain->model);
	if (chain->title.len)
		session.title = buf_span(&chain->title);
	if (chain != reading->chains.at)
		session.parent = buf_span(&reading->chains.at->key);
	if (reading->cwd.len)
		fields_said(&fields, "cwd", buf_span(&reading->cwd));
	fields_put(&fields, &native);
	jcs_fields_release(&fields);
	session.native = buf_span(&native);
	rc = buf_end(&native, err);
	if (rc == 0)
		rc = chat_put_session(&chain->chat, &session, err);
	buf_release(&native);
	return rc;
}

static int put_chains(struct copilot_cli_reading *reading, struct err *err)
{
	const struct link_talk *events = &reading->events;
	struct span tail;
	uint32_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < reading->chains.n; i++) {
		tail = link_talk_tail(events, i);
		if (tail.len)
			rc = put_chain(reading, &reading->chains.at[i], tail,
				       link_talk_guessed(events, i), err);
	}
	return rc;
}

/* A log whose begin is lost goes by its first event. */
static int choose_key(struct copilot_cli_reading *reading, struct err *err)
{
	struct span line = sniff_line(buf_span(&reading->source->input.head),
				      1);
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP |
						       JDOC_BOM_SKIP };
	struct buf *key = &reading->chains.at->key;
	char room[COPILOT_CLI_KEY_MAX];
	struct jdoc *doc = NULL;
	struct err why = ERR_INIT;
	int rc;

	if (key->len)
		return 0;
	rc = jdoc_parse(line, &options, &doc, &why);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		buf_put_str(key, "unknown");
	else
		keep(key, copilot_cli_key(jdoc_root(doc), room));
	jdoc_free(doc);
	return buf_end(key, err);
}

/* An agent's session is named by that of whoever let it work. */
static int begin_chats(struct copilot_cli_reading *reading, struct err *err)
{
	struct copilot_cli_chain *chain = reading->chains.at;
	size_t i;
	int rc = choose_key(reading, err);

	if (!chain->title.len)
		copilot_cli_name(reading->source, &chain->title);
	for (i = 0; rc == 0 && i < reading->chains.n; i++) {
		chain = &reading->chains.at[i];
		if (i) {
			buf_put_span(&chain->key,
				     buf_span(&reading->chains.at->key));
			buf_put_char(&chain->key, ':');
			buf_put_span(&chain->key, chain->agent);
		}
		rc = buf_end(&chain->key, err);
		if (rc == 0)
			rc = buf_end(&chain->model, err);
		if (rc == 0)
			rc = buf_end(&chain->title, err);
		if (rc == 0)
			rc = chat_begin(&chain->chat, reading->job,
					reading->source, COPILOT_CLI_PROVIDER,
					buf_span(&chain->key), err);
	}
	return rc;
}

static int64_t last_time(const struct copilot_cli_reading *reading)
{
	int64_t last = CHAT_TIME_UNKNOWN;
	size_t i;

	for (i = 0; i < reading->chains.n; i++) {
		if (reading->chains.at[i].updated.micros > last)
			last = reading->chains.at[i].updated.micros;
	}
	return last;
}

static int read_events(struct copilot_cli_reading *reading, struct err *err)
{
	const struct lines_visitor look = { look_line, reading };
	const struct lines_visitor put = { put_line, reading };
	size_t at;
	int rc = find_chain(reading, span_str(""), &at, err);

	if (rc == 0)
		rc = whole_lines(NULL, reading->source, &look, err);
	if (rc == 0)
		rc = link_talk_mend(&reading->events, err);
	if (rc < 0)
		return rc;
	if (!import_is_wanted(reading->job, last_time(reading)))
		return import_leave_out(reading->source, "older than --since",
					NULL, err);
	rc = begin_chats(reading, err);
	if (rc == 0)
		rc = buf_end(&reading->cwd, err);
	if (rc == 0)
		rc = whole_lines(reading->job, reading->source, &put, err);
	return rc < 0 ? rc : put_chains(reading, err);
}

static int read_session(struct import_job *job, struct import_source *source,
			struct err *err)
{
	static const struct table table = TABLE_INIT(sizeof(uint64_t),
						     TABLE_NO_LIMIT);
	struct copilot_cli_reading reading = {
		.job = job, .source = source, .arena = ARENA_INIT,
		.parts = PARTS_INIT, .cwd = BUF_INIT(BUF_NO_LIMIT),
		.agents = table, .events = LINK_TALK_INIT, .assets = table,
	};
	int rc;

	rc = whole_load(source, WHOLE_MAX_BYTES, err);
	if (rc == 0)
		rc = read_events(&reading, err);
	chains_release(&reading);
	parts_release(&reading.parts);
	table_release(&reading.agents);
	link_talk_release(&reading.events);
	table_release(&reading.assets);
	free(reading.refs.at);
	buf_release(&reading.cwd);
	arena_release(&reading.arena);
	return rc;
}

const struct importer copilot_cli_importer = {
	.name = "copilot-cli",
	.one = "Copilot CLI session",
	.many = "Copilot CLI sessions",
	.construct = "copilot",
	.sniff = copilot_cli_sniff,
	.read = read_session,
	.home = &copilot_cli_home,
	.place = copilot_cli_place,
	.beside = copilot_cli_beside,
	.is_of_agents = true,
};
