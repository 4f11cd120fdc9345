#include "cmd/import/datasets/openai_jsonl.h"

#include "cmd/import/input/values.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "cmd/import/records/seen.h"
#include "cmd/import/records/turns.h"
#include "cmd/import/sniff.h"

#define OPENAI "openai"
#define DEPTH_MAX 200

struct reading {
	struct import_job *job;
	struct import_source *source;
	struct turns turns;
	struct seen seen;
	struct buf key;
};

/* Programs' own files have messages too, and say more of a session. */
static bool sniff(const struct import_input *input)
{
	static const char *const others[] = {
		"sessionId", "session_id", "schema_version", "uuid", "agents",
		"agent_type", "mapping", "requests", "type", NULL
	};
	struct span head = buf_span(&input->head);
	size_t i;

	if (input->bundle || input->is_folder ||
	    !sniff_has(head, "messages") ||
	    !sniff_mentions(head, "\"role\"") ||
	    !sniff_mentions(head, "\"content\""))
		return false;
	for (i = 0; others[i]; i++) {
		if (sniff_has(head, others[i]))
			return false;
	}
	return true;
}

static const char *role_of(struct span role)
{
	static const char *const roles[] = {
		"user", "assistant", "system", "developer", "tool", NULL
	};
	size_t i;

	for (i = 0; roles[i]; i++) {
		if (span_equals(role, span_str(roles[i])))
			return roles[i];
	}
	return span_equals(role, span_str("function")) ? "tool" : NULL;
}

static void add_part(struct parts *parts, const struct jval *part)
{
	struct take take = take_begin(part);
	struct span text = jval_get_text(part, "text");
	const struct jval *type = take_value(&take, "type", JVAL_STRING);

	if (jval_is(part, JVAL_STRING))
		part_text(parts, jval_text(part));
	else if (text.at && (!type || jval_is_text(type, "text")) &&
		 jval_count(part) == (type ? 2 : 1))
		part_text(parts, text);
	else if (jval_is_text(type, "image_url"))
		part_rest(parts, "image", &take);
	else if (jval_is_text(type, "input_audio"))
		part_rest(parts, "audio", &take);
	else
		part_native(parts, "block", part);
}

static void add_content(struct parts *parts, const struct jval *content)
{
	const struct jval *part;

	if (!content || jval_is(content, JVAL_NULL))
		return;
	if (jval_is(content, JVAL_STRING))
		part_text(parts, jval_text(content));
	else if (!jval_is(content, JVAL_ARRAY))
		part_native(parts, "block", content);
	else
		for (part = jval_first(content); part; part = part->next)
			add_part(parts, part);
}

static void add_calls(struct parts *parts, const struct jval *message)
{
	const struct jval *list = jval_get(message, "tool_calls");
	const struct jval *one = jval_get(message, "function_call");
	const struct jval *call = jval_first(list);
	struct span thought = jval_get_text(message, "reasoning_content");

	if (thought.at)
		part_said(parts, "reasoning", thought, NULL);
	for (; call; call = call->next)
		part_native(parts, "tool_call", call);
	if (one && !jval_is(one, JVAL_NULL))
		part_native(parts, "tool_call", one);
}

static const char *visibility_of(const char *role, const struct parts *parts)
{
	if (!strcmp(role, "system") || !strcmp(role, "developer"))
		return "hidden";
	return !strcmp(role, "tool") ||
	       (!parts->content.len && parts->count) ? "tool" : "visible";
}

/* Members that stand as they are when they are not of their usual type. */
static int keep_odd(struct turns *turns, const struct jval *message,
		    struct err *err)
{
	const struct jval *calls = jval_get(message, "tool_calls");
	const struct jval *thought = jval_get(message, "reasoning_content");
	const struct jval *name = jval_get(message, "name");
	int rc = 0;

	if (calls && !jval_is(calls, JVAL_ARRAY))
		rc = rest_add_value(&turns->native, "tool_calls", calls, err);
	if (rc >= 0 && thought && !jval_is(thought, JVAL_STRING))
		rc = rest_add_value(&turns->native, "reasoning_content",
				    thought, err);
	if (rc >= 0 && name && !jval_is(name, JVAL_STRING))
		rc = rest_add_value(&turns->native, "name", name, err);
	return rc;
}

static int put_turn(struct reading *reading, const struct jval *value,
		    struct err *err)
{
	static const char *const taken[] = {
		"role", "content", "name", "tool_calls", "function_call",
		"reasoning_content", NULL
	};
	struct chat_message message = { .created = CHAT_TIME_NONE };
	const struct jval *role = jval_get(value, "role");
	struct turns *turns = &reading->turns;
	int rc = 0;

	message.role = role_of(jval_text(role));
	message.name = jval_get_text(value, "name");
	if (!message.role)
		rc = import_skip(reading->source, "a role of unknown kind: "
				 "taken as a person's", NULL, err);
	if (rc >= 0 && role && (!message.role ||
				!jval_is_text(role, message.role)))
		rc = rest_add_value(&turns->native, "role", role, err);
	if (!message.role)
		message.role = "user";
	add_content(&turns->parts, jval_get(value, "content"));
	add_calls(&turns->parts, value);
	message.visibility = visibility_of(message.role, &turns->parts);
	if (rc >= 0)
		rc = rest_add(&turns->native, value, taken, err);
	if (rc >= 0)
		rc = keep_odd(turns, value, err);
	return rc < 0 ? rc : turns_put(turns, &message, err);
}

static int put_talk(struct reading *reading, const struct jval *value,
		    struct err *err)
{
	static const char *const taken[] = { "messages", NULL };
	struct chat_session session = {
		.provider = OPENAI, .created = CHAT_TIME_NONE,
		.updated = CHAT_TIME_NONE, .key = buf_span(&reading->key),
	};
	const struct jval *turn = jval_first(jval_get(value, "messages"));
	struct turns *turns = &reading->turns;
	int rc;

	rc = turns_begin(turns, reading->job, reading->source, OPENAI,
			 session.key, err);
	for (; rc >= 0 && turn; turn = turn->next)
		rc = jval_is(turn, JVAL_OBJECT) ?
			put_turn(reading, turn, err) :
			import_leave_out(reading->source, "a turn that is no "
					 "object", NULL, err);
	if (rc >= 0)
		rc = rest_add(&turns->native, value, taken, err);
	return rc < 0 ? rc : turns_end(turns, &session, err);
}

static int take_talk(void *arg, const struct source_value *given,
		      struct err *err)
{
	struct reading *reading = arg;
	int rc;

	if (!jval_is(jval_get(given->value, "messages"), JVAL_ARRAY))
		return import_malformed(reading->job, reading->source,
					"a conversation without messages",
					given->offset, given->text, err);
	rc = seen_key(&reading->seen, given->value, span_of(NULL, 0),
		      &reading->key, err);
	if (rc == 0)
		return import_leave_out(reading->source, "a conversation that "
					"stands before", NULL, err);
	return rc < 0 ? rc : put_talk(reading, given->value, err);
}

static int read_talks(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct reading reading = {
		.job = job, .source = source, .turns = TURNS_INIT,
		.seen = SEEN_INIT, .key = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct values_visitor visitor = { take_talk, &reading };
	int rc;

	rc = values_each(job, source, NULL, DEPTH_MAX, &visitor, err);
	turns_release(&reading.turns);
	seen_release(&reading.seen);
	buf_release(&reading.key);
	return rc;
}

const struct importer openai_jsonl_importer = {
	.name = "openai-jsonl",
	.one = "file of OpenAI messages",
	.many = "files of OpenAI messages",
	.construct = OPENAI,
	.sniff = sniff,
	.read = read_talks,
};
