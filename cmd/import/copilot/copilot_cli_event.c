#include "cmd/import/copilot/copilot_cli_internal.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"

struct span copilot_cli_key(const struct jval *event,
			    char room[COPILOT_CLI_KEY_MAX])
{
	struct span id = jval_get_text(event, "id");
	unsigned char digest[SHA256_BYTES];

	if (id.len)
		return id;
	sha256_of(event->raw.at, event->raw.len, digest);
	hex_text(digest, SHA256_BYTES / 2, room);
	return span_str(room);
}

struct span copilot_cli_agent(const struct jval *event)
{
	struct span type = jval_get_text(event, "type");
	struct span agent = jval_get_text(event, "agentId");

	/* That it begins and ends is told by who let it work. */
	if (span_begins(type, "subagent."))
		return span_str("");
	if (!agent.len)
		agent = jval_text(jval_at(event, "data.parentToolCallId"));
	return agent.len ? agent : span_str("");
}

/* Does a person speak? */
static bool is_typed(const struct jval *event)
{
	struct span source = jval_text(jval_at(event, "data.source"));

	return jval_is_text(jval_get(event, "type"), "user.message") &&
	       (!source.len || span_equals(source, span_str("user")));
}

enum link_kind copilot_cli_kind(const struct jval *event)
{
	const struct jval *type = jval_get(event, "type");

	return is_typed(event) ? LINK_PROMPT :
		jval_is_text(type, "assistant.message") ? LINK_ANSWER :
		jval_is_text(type, "tool.execution_complete") ? LINK_RESULT :
		LINK_OTHER;
}

/* An event on its way: what of its data has a place of its own. */
struct draft {
	struct copilot_cli_reading *reading;
	struct copilot_cli_chain *chain;
	struct take data;
	struct parts *parts;
	struct chat_message *message;
};

static void say(struct draft *draft, const char *role, const char *visibility)
{
	draft->message->role = role;
	draft->message->visibility = visibility;
}

static void add_content(struct draft *draft, const char *member)
{
	buf_put_span(&draft->parts->content, take_text(&draft->data, member));
}

/* All that is said in it; what is kept stays beside. */
static void add_words(struct draft *draft)
{
	struct buf *content = &draft->parts->content;

	add_content(draft, "content");
	if (!content->len)
		add_content(draft, "message");
	if (!content->len)
		prose_put(draft->data.object, content);
}

/* An event of its own may have told it before. */
static void add_thinking(struct draft *draft, const char *member)
{
	struct buf *thought = &draft->chain->thought;
	struct span text = take_text(&draft->data, member);

	if (!text.len || span_equals(text, buf_span(thought)))
		return;
	buf_reset(thought);
	buf_put_span(thought, text);
	part_said(draft->parts, "thinking", text, NULL);
}

static void add_call(struct parts *parts, const struct jval *call)
{
	struct take take = take_begin(call);
	const struct jval *name = take_any(&take, "name");

	part_begin(parts, "tool_use");
	fields_value(&parts->fields, "id", take_any(&take, "toolCallId"));
	fields_value(&parts->fields, "name", name ? name :
		     take_any(&take, "toolName"));
	fields_value(&parts->fields, "input", take_any(&take, "arguments"));
	if (take.object)
		take_rest_under(&take, "native", &parts->fields);
	else
		fields_value(&parts->fields, "native", call);
	part_end(parts);
}

static void add_attachments(struct draft *draft, const struct jval *list)
{
	const struct jval *at = jval_first(list);

	for (; at; at = at->next)
		copilot_cli_attachment(draft->reading, &draft->chain->chat,
				       at);
}

/* --- who speaks ------------------------------------------------------------ */

/* What a program sends in the person's name says so. */
static void take_user(struct draft *draft)
{
	struct span source = jval_text(take_see(&draft->data, "source"));
	bool is_person = (!source.len || span_equals(source,
						     span_str("user"))) &&
		!jval_is(take_see(&draft->data, "isAutopilotContinuation"),
			 JVAL_TRUE);

	say(draft, "user", is_person ? "visible" : "meta");
	add_content(draft, "content");
	add_attachments(draft, take_value(&draft->data, "attachments",
					  JVAL_ARRAY));
}

static void take_assistant(struct draft *draft)
{
	struct parts *parts = draft->parts;
	const struct jval *calls;
	const struct jval *call;

	say(draft, "assistant", "visible");
	add_thinking(draft, "reasoningText");
	add_content(draft, "content");
	calls = take_value(&draft->data, "toolRequests", JVAL_ARRAY);
	for (call = jval_first(calls); call; call = call->next)
		add_call(parts, call);
	if (!parts->content.len && jval_count(calls))
		draft->message->visibility = "tool";
	else if (!parts->content.len && parts->count)
		draft->message->visibility = "thinking";
}

static void take_reasoning(struct draft *draft)
{
	say(draft, "assistant", "thinking");
	add_thinking(draft, "content");
}

/* --- tools ----------------------------------------------------------------- */

/* A result's text is what the model was given; what the screen had beside
 * stays with it. */
static void add_result(struct draft *draft, const struct jval *result)
{
	struct buf *content = &draft->parts->content;

	if (!jval_is(result, JVAL_OBJECT)) {
		buf_put_span(content, jval_text(result));
		return;
	}
	buf_put_span(content, jval_get_text(result, "content"));
	if (!content->len)
		buf_put_span(content, jval_get_text(result,
						    "detailedContent"));
	if (!content->len)
		prose_put(result, content);
}

/* What came back: a text, or an object around one; or why nothing did. */
static void take_result(struct draft *draft)
{
	struct parts *parts = draft->parts;
	const struct jval *result = take_any(&draft->data, "result");
	const struct jval *error = take_any(&draft->data, "error");
	const struct jval *success = take_see(&draft->data, "success");

	say(draft, "tool", "tool");
	add_result(draft, result);
	if (error && !parts->content.len)
		prose_put(error, &parts->content);
	part_begin(parts, "tool_result");
	fields_value(&parts->fields, "tool_use_id",
		     take_any(&draft->data, "toolCallId"));
	if (jval_is(success, JVAL_FALSE) || (error &&
					     !jval_is(error, JVAL_NULL)))
		fields_bool(&parts->fields, "is_error", 1);
	/* One that is more than the text stays as it is. */
	if (!jval_is(result, JVAL_STRING))
		fields_value(&parts->fields, "content", result);
	fields_value(&parts->fields, "error", error);
	part_end(parts);
	add_attachments(draft, jval_get(result, "binaryResultsForLlm"));
}

/* What a person had the shell do ("!ls"). */
static void take_requested(struct draft *draft)
{
	const struct jval *command = jval_at(draft->data.object,
					     "arguments.command");

	say(draft, "user", "visible");
	buf_put_span(&draft->parts->content, jval_text(command));
	if (!jval_text(command).len)
		prose_put(jval_get(draft->data.object, "arguments"),
			  &draft->parts->content);
	add_call(draft->parts, draft->data.object);
	draft->data = take_begin(NULL);
}

/* --- questions, plans, errors ---------------------------------------------- */

static void add_first(struct draft *draft, const char *const *members)
{
	for (; *members && !draft->parts->content.len; members++)
		add_content(draft, *members);
}

static void take_question(struct draft *draft)
{
	static const char *const said[] = { "question", "planContent",
					    "message", "summary", NULL };

	say(draft, "assistant", "visible");
	add_first(draft, said);
}

static void take_reply(struct draft *draft)
{
	static const char *const said[] = { "answer", "feedback", NULL };
	struct buf *content = &draft->parts->content;

	add_first(draft, said);
	if (!content->len)
		prose_put(take_see(&draft->data, "content"), content);
	say(draft, "user", content->len ? "visible" : "meta");
}

static void take_error(struct draft *draft)
{
	say(draft, "system", "visible");
	add_words(draft);
}

static void take_summary(struct draft *draft)
{
	say(draft, "assistant", "visible");
	add_content(draft, "summary");
}

static void take_system(struct draft *draft)
{
	say(draft, "system", "hidden");
	add_content(draft, "content");
}

static void take_asset(struct draft *draft)
{
	copilot_cli_asset(draft->reading, &draft->chain->chat, &draft->data);
}

/* Its call is told by the answer that asked for it. */
static void take_started(struct draft *draft)
{
	draft->message->role = "assistant";
}

/* What only programs care for, and what another event tells as a whole. */
static void take_nothing(struct draft *draft)
{
	(void)draft;
}

static const struct {
	const char *type;
	void (*take)(struct draft *draft);
} rows[] = {
	{ "user.message", take_user },
	{ "assistant.message", take_assistant },
	{ "assistant.reasoning", take_reasoning },
	{ "tool.execution_start", take_started },
	{ "tool.execution_complete", take_result },
	{ "tool.user_requested", take_requested },
	{ "user_input.requested", take_question },
	{ "user_input.completed", take_reply },
	{ "elicitation.requested", take_question },
	{ "elicitation.completed", take_reply },
	{ "exit_plan_mode.requested", take_question },
	{ "exit_plan_mode.completed", take_reply },
	{ "session.error", take_error },
	{ "session.task_complete", take_summary },
	{ "session.binary_asset", take_asset },
	{ "system.message", take_system },
	{ "session.start", take_nothing },
	{ "session.resume", take_nothing },
	{ "session.shutdown", take_nothing },
	{ "session.usage_record", take_nothing },
	{ "session.context_changed", take_nothing },
	{ "session.tools_updated", take_nothing },
	{ "session.skills_loaded", take_nothing },
	{ "session.custom_agents_updated", take_nothing },
	{ "session.mcp_servers_loaded", take_nothing },
	{ "session.title_changed", take_nothing },
	{ "commands.changed", take_nothing },
	{ "capabilities.changed", take_nothing },
	{ "hook.start", take_nothing },
	{ "hook.progress", take_nothing },
	{ "tool.execution_partial_result", take_nothing },
	{ "tool.execution_progress", take_nothing },
};

static void take_data(struct draft *draft, struct span type)
{
	size_t i;

	say(draft, "system", "meta");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (span_equals(type, span_str(rows[i].type))) {
			rows[i].take(draft);
			return;
		}
	}
	if (!span_ends(type, "_delta"))
		add_words(draft);
}

/* --- putting --------------------------------------------------------------- */

/* What no part of it says, into the fields that the parts need no more. */
static void make_native(const struct draft *draft, struct take *event,
			struct buf *out)
{
	const struct jval *data = take_any(event, "data");
	struct jcs_fields *fields = &draft->parts->fields;

	jcs_fields_reset(fields);
	take_rest(event, fields);
	if (jval_is(data, JVAL_OBJECT))
		take_rest_under(&draft->data, "data", fields);
	else
		fields_value(fields, "data", data);
	fields_put(fields, out);
}

int copilot_cli_put(struct copilot_cli_reading *reading,
		    struct copilot_cli_chain *chain,
		    const struct jval *event, struct span parent,
		    struct err *err)
{
	char room[COPILOT_CLI_KEY_MAX];
	struct parts *parts = &reading->parts;
	struct take take = take_begin(event);
	struct chat_message message = {
		.key = copilot_cli_key(event, room), .index = chain->index++,
		.created = take_time(&take, "timestamp"), .parent = parent,
		.model = jval_text(jval_at(event, "data.model")),
	};
	struct draft draft = {
		.reading = reading, .chain = chain, .parts = parts,
		.data = take_begin(jval_get(event, "data")),
		.message = &message,
	};
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	/* A link that is another one's stays in the rest. */
	if (!take_same(&take, "parentId", parent))
		(void)take_value(&take, "parentId", JVAL_NULL);
	(void)take_filled(&take, "id");
	if (chain->agent.len)
		(void)take_same(&take, "agentId", chain->agent);
	parts_reset(parts);
	take_data(&draft, jval_get_text(event, "type"));
	rc = parts_list(parts, &message.parts, err);
	message.content = buf_span(&parts->content);
	make_native(&draft, &take, &native);
	message.native = buf_span(&native);
	if (rc == 0)
		rc = buf_end(&native, err);
	if (rc == 0)
		rc = buf_end(&chain->thought, err);
	if (rc == 0)
		rc = chat_put_message(&chain->chat, &message, err);
	buf_release(&native);
	return rc;
}
