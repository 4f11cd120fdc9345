#include "cmd/import/copilot/copilot_cli_run.h"

#include "cmd/import/records/rest.h"
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
	const struct jval *data;
	const char *taken[6];
	size_t n;
	struct chat_message *message;
};

static void take(struct draft *draft, const char *member)
{
	draft->taken[draft->n++] = member;
}

/* A text of the data as the message's text. */
static int add_content(struct draft *draft, struct parts *parts,
		       const char *member, struct err *err)
{
	struct span text = jval_get_text(draft->data, member);

	if (!text.at)
		return 0;
	take(draft, member);
	return buf_add_span(&parts->content, text, err);
}

static int add_thinking(struct draft *draft, struct parts *parts,
			const char *member, struct err *err)
{
	struct span text = jval_get_text(draft->data, member);

	if (!text.at)
		return 0;
	take(draft, member);
	return text.len ? part_said(parts, "thinking", text, err) : 0;
}

static int add_call(struct parts *parts, const struct jval *call,
		    struct err *err)
{
	static const char *const taken[] = {
		"toolCallId", "name", "toolName", "arguments", NULL
	};
	const struct jval *name = jval_get(call, "name");
	int rc = part_begin(parts, "tool_use", err);

	if (rc >= 0)
		rc = rest_add_value(&parts->fields, "id",
				    jval_get(call, "toolCallId"), err);
	if (rc >= 0)
		rc = rest_add_value(&parts->fields, "name", name ? name :
				    jval_get(call, "toolName"), err);
	if (rc >= 0)
		rc = rest_add_value(&parts->fields, "input",
				    jval_get(call, "arguments"), err);
	if (rc >= 0)
		rc = rest_add_under(&parts->fields, "native", call, taken,
				    err);
	return rc < 0 ? rc : part_end(parts, err);
}

static int take_assistant(struct draft *draft, struct parts *parts,
			  struct err *err)
{
	const struct jval *calls = jval_get(draft->data, "toolRequests");
	const struct jval *call;
	int rc;

	draft->message->role = "assistant";
	draft->message->visibility = "visible";
	rc = add_thinking(draft, parts, "reasoningText", err);
	if (rc >= 0)
		rc = add_content(draft, parts, "content", err);
	if (rc < 0 || !jval_is(calls, JVAL_ARRAY))
		return rc;
	take(draft, "toolRequests");
	for (call = jval_first(calls); rc >= 0 && call; call = call->next)
		rc = add_call(parts, call, err);
	if (!parts->content.len && jval_count(calls))
		draft->message->visibility = "tool";
	else if (!parts->content.len && parts->count)
		draft->message->visibility = "thinking";
	return rc;
}

/* What came back: a text, or an object around one. */
static int take_result(struct draft *draft, struct parts *parts,
		       struct err *err)
{
	const struct jval *result = jval_get(draft->data, "result");
	struct span text = jval_is(result, JVAL_OBJECT) ?
		jval_get_text(result, "content") : jval_text(result);
	int rc;

	draft->message->role = "tool";
	draft->message->visibility = "tool";
	rc = text.at ? buf_add_span(&parts->content, text, err) : 0;
	if (rc >= 0)
		rc = part_begin(parts, "tool_result", err);
	if (rc >= 0)
		rc = rest_add_value(&parts->fields, "tool_use_id",
				    jval_get(draft->data, "toolCallId"), err);
	if (rc >= 0 && jval_is(jval_get(draft->data, "success"), JVAL_FALSE))
		rc = jcs_fields_bool(&parts->fields, "is_error", 1, err);
	/* One that is more than the text stays as it is. */
	if (rc >= 0 && !jval_is(result, JVAL_STRING))
		rc = rest_add_value(&parts->fields, "content", result, err);
	take(draft, "result");
	take(draft, "toolCallId");
	return rc < 0 ? rc : part_end(parts, err);
}

static int take_user(struct draft *draft, struct parts *parts,
		     struct err *err)
{
	struct span source = jval_get_text(draft->data, "source");

	draft->message->role = "user";
	draft->message->visibility = source.len &&
		!span_equals(source, span_str("user")) ? "meta" : "visible";
	return add_content(draft, parts, "content", err);
}

static int take_data(struct draft *draft, struct parts *parts,
		     const struct jval *event, struct err *err)
{
	struct chat_message *message = draft->message;
	int rc;

	message->role = "system";
	message->visibility = "meta";
	if (is_type(event, "user.message"))
		return take_user(draft, parts, err);
	if (is_type(event, "assistant.message"))
		return take_assistant(draft, parts, err);
	if (is_type(event, "tool.execution_complete"))
		return take_result(draft, parts, err);
	if (is_type(event, "assistant.reasoning")) {
		message->role = "assistant";
		message->visibility = "thinking";
		return add_thinking(draft, parts, "content", err);
	}
	if (is_type(event, "tool.execution_start")) {
		message->role = "assistant";
		return 0;
	}
	if (is_type(event, "system.message"))
		message->visibility = "hidden";
	rc = add_content(draft, parts, "content", err);
	if (rc >= 0 && !parts->content.len)
		rc = add_content(draft, parts, "message", err);
	return rc;
}

static int make_native(const struct draft *draft, const struct jval *event,
		       struct parts *parts, struct buf *out, struct err *err)
{
	const char *taken[6] = { "data", NULL };
	struct jcs_fields *fields = &parts->fields;
	size_t n = 1;
	int rc;

	if (jval_get_text(event, "id").len)
		taken[n++] = "id";
	if (draft->message->created.micros != CHAT_TIME_UNKNOWN)
		taken[n++] = "timestamp";
	if (jval_get_text(event, "parentId").len ||
	    jval_is(jval_get(event, "parentId"), JVAL_NULL))
		taken[n++] = "parentId";
	taken[n] = NULL;
	jcs_fields_reset(fields);
	buf_reset(&parts->value);
	rc = rest_add(fields, event, taken, err);
	if (rc >= 0)
		rc = jval_is(draft->data, JVAL_OBJECT) ?
			chat_add_rest(&parts->value, draft->data,
				      draft->taken, err) :
			draft->data ? jdoc_to_jcs(draft->data, &parts->value,
						  err) : 0;
	if (rc >= 0 && parts->value.len)
		rc = jcs_fields_raw(fields, "data", buf_span(&parts->value),
				    err);
	return rc < 0 || !fields->count ? rc :
		jcs_fields_write(fields, out, err);
}

int copilot_cli_put(struct chat *chat, struct parts *parts,
		    const struct jval *event, struct span before,
		    int64_t index, struct err *err)
{
	char room[COPILOT_CLI_KEY_MAX];
	struct chat_message message = {
		.key = copilot_cli_key(event, room), .index = index,
		.parent = jval_get_text(event, "parentId"),
		.created = chat_time_of(jval_get(event, "timestamp")),
		.model = jval_text(jval_at(event, "data.model")),
	};
	struct draft draft = {
		.data = jval_get(event, "data"), .message = &message,
	};
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!message.parent.len)
		message.parent = before;
	parts_reset(parts);
	rc = take_data(&draft, parts, event, err);
	if (rc >= 0)
		rc = parts_list(parts, &message.parts, err);
	message.content = buf_span(&parts->content);
	if (rc >= 0)
		rc = make_native(&draft, event, parts, &native, err);
	if (native.len)
		message.native = buf_span(&native);
	if (rc >= 0)
		rc = chat_put_message(chat, &message, err);
	buf_release(&native);
	return rc;
}
