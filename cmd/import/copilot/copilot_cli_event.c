#include "cmd/import/copilot/copilot_cli_internal.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"

static bool is_type(const struct jval *event, const char *type)
{
	return jval_is_text(jval_get(event, "type"), type);
}

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

/* An event on its way: what of its data has a place of its own. */
struct draft {
	struct take data;
	struct parts *parts;
	struct chat_message *message;
};

static void add_content(struct draft *draft, const char *member)
{
	buf_put_span(&draft->parts->content, take_text(&draft->data, member));
}

static void add_thinking(struct draft *draft, const char *member)
{
	struct span text = take_text(&draft->data, member);

	if (text.len)
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

static void take_assistant(struct draft *draft)
{
	struct parts *parts = draft->parts;
	const struct jval *calls;
	const struct jval *call;

	draft->message->role = "assistant";
	draft->message->visibility = "visible";
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

/* What came back: a text, or an object around one. */
static void take_result(struct draft *draft)
{
	struct parts *parts = draft->parts;
	const struct jval *result = take_any(&draft->data, "result");
	const struct jval *success = take_see(&draft->data, "success");

	draft->message->role = "tool";
	draft->message->visibility = "tool";
	buf_put_span(&parts->content, jval_is(result, JVAL_OBJECT) ?
		     jval_get_text(result, "content") : jval_text(result));
	part_begin(parts, "tool_result");
	fields_value(&parts->fields, "tool_use_id",
		     take_any(&draft->data, "toolCallId"));
	if (jval_is(success, JVAL_FALSE))
		fields_bool(&parts->fields, "is_error", 1);
	/* One that is more than the text stays as it is. */
	if (!jval_is(result, JVAL_STRING))
		fields_value(&parts->fields, "content", result);
	part_end(parts);
}

/* Of an event that nobody here knows, or knows to say nothing by itself. */
static void add_words(struct draft *draft)
{
	struct buf *content = &draft->parts->content;

	add_content(draft, "content");
	if (!content->len)
		add_content(draft, "message");
	if (!content->len)
		prose_put(draft->data.object, content);
}

static void take_data(struct draft *draft, const struct jval *event)
{
	struct chat_message *message = draft->message;
	struct span source;

	message->role = "system";
	message->visibility = "meta";
	if (is_type(event, "user.message")) {
		source = jval_text(take_see(&draft->data, "source"));
		message->role = "user";
		if (!source.len || span_equals(source, span_str("user")))
			message->visibility = "visible";
		add_content(draft, "content");
	} else if (is_type(event, "assistant.message")) {
		take_assistant(draft);
	} else if (is_type(event, "tool.execution_complete")) {
		take_result(draft);
	} else if (is_type(event, "assistant.reasoning")) {
		message->role = "assistant";
		message->visibility = "thinking";
		add_thinking(draft, "content");
	} else if (is_type(event, "tool.execution_start")) {
		message->role = "assistant";
	} else if (is_type(event, "system.message")) {
		message->visibility = "hidden";
		add_content(draft, "content");
	} else {
		add_words(draft);
	}
}

/* What no part of it says, into the fields that the parts need no more. */
static void make_native(const struct draft *draft, struct take *event,
			struct buf *out)
{
	const struct jval *data = take_any(event, "data");
	struct jcs_fields *fields = &draft->parts->fields;

	jcs_fields_reset(fields);
	take_rest(event, fields);
	if (draft->data.object)
		take_rest_under(&draft->data, "data", fields);
	else
		fields_value(fields, "data", data);
	fields_put(fields, out);
}

int copilot_cli_put(struct chat *chat, struct parts *parts,
		    const struct jval *event, struct span before,
		    int64_t index, struct err *err)
{
	char room[COPILOT_CLI_KEY_MAX];
	struct take take = take_begin(event);
	struct chat_message message = {
		.key = copilot_cli_key(event, room), .index = index,
		.parent = take_filled(&take, "parentId"),
		.created = take_time(&take, "timestamp"),
		.model = jval_text(jval_at(event, "data.model")),
	};
	struct draft draft = {
		.data = take_begin(jval_get(event, "data")), .parts = parts,
		.message = &message,
	};
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!message.parent.len) {
		message.parent = before;
		(void)take_value(&take, "parentId", JVAL_NULL);
	}
	(void)take_filled(&take, "id");
	parts_reset(parts);
	take_data(&draft, event);
	rc = parts_list(parts, &message.parts, err);
	message.content = buf_span(&parts->content);
	make_native(&draft, &take, &native);
	message.native = buf_span(&native);
	if (rc == 0)
		rc = buf_end(&native, err);
	if (rc == 0)
		rc = chat_put_message(chat, &message, err);
	buf_release(&native);
	return rc;
}
