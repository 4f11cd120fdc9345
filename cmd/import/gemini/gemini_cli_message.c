#include "cmd/import/gemini/gemini_cli_run.h"

#include "cmd/import/records/rest.h"

/* What it is made of, to tell whether people care to see it. */
struct made {
	bool has_text;
	bool has_file;
	bool has_thought;
	bool has_call;
	bool has_other;
};

static int add_file(struct chat *chat, struct parts *parts,
		    const struct jval *item, struct err *err)
{
	static const char *const taken[] = { "inlineData", NULL };
	static const char *const bytes[] = { "data", NULL };
	static const char *const none[] = { NULL };
	const struct jval *data = jval_get(item, "inlineData");
	int is_stored;
	int rc;

	rc = part_begin(parts, "file", err);
	if (rc < 0)
		return rc;
	is_stored = part_base64(parts, chat, "data",
				jval_get_text(data, "data"),
				jval_get_text(data, "mimeType"), err);
	rc = is_stored;
	if (rc >= 0)
		rc = rest_add_under(&parts->fields, "inlineData", data,
				    is_stored ? bytes : none, err);
	if (rc >= 0)
		rc = rest_add_under(&parts->fields, "native", item, taken,
				    err);
	return rc < 0 ? rc : part_end(parts, err);
}

static int add_item(struct chat *chat, struct parts *parts,
		    const struct jval *item, struct made *made,
		    struct err *err)
{
	struct span text = jval_is(item, JVAL_STRING) ? jval_text(item) :
		jval_get_text(item, "text");

	if (text.at && jval_is(jval_get(item, "thought"), JVAL_TRUE)) {
		made->has_thought = true;
		return part_said(parts, "thinking", text, err);
	}
	if (text.at && (jval_is(item, JVAL_STRING) || jval_count(item) == 1)) {
		made->has_text |= text.len > 0;
		return part_text(parts, text, err);
	}
	if (jval_is(jval_get(item, "inlineData"), JVAL_OBJECT)) {
		made->has_file = true;
		return add_file(chat, parts, item, err);
	}
	made->has_other = true;
	return part_native(parts, "part", item, NULL, err);
}

static int add_content(struct chat *chat, struct parts *parts,
		       const struct jval *content, struct made *made,
		       struct err *err)
{
	const struct jval *item;
	int rc = 0;

	if (!content || jval_is(content, JVAL_NULL))
		return 0;
	if (!jval_is(content, JVAL_ARRAY))
		return add_item(chat, parts, content, made, err);
	for (item = jval_first(content); rc >= 0 && item; item = item->next)
		rc = add_item(chat, parts, item, made, err);
	return rc;
}

static int add_thought(struct parts *parts, const struct jval *thought,
		       struct err *err)
{
	static const char *const taken[] = { "subject", "description", NULL };
	int rc;

	if (jval_is(thought, JVAL_STRING))
		return part_said(parts, "thinking", jval_text(thought), err);
	if (!jval_is(jval_get(thought, "description"), JVAL_STRING))
		return part_native(parts, "thinking", thought, NULL, err);
	rc = part_begin(parts, "thinking", err);
	if (rc >= 0)
		rc = rest_add_value(&parts->fields, "subject",
				    jval_get(thought, "subject"), err);
	if (rc >= 0)
		rc = rest_add_text(&parts->fields, "text",
				   jval_get_text(thought, "description"),
				   err);
	if (rc >= 0)
		rc = rest_add_under(&parts->fields, "native", thought, taken,
				    err);
	return rc < 0 ? rc : part_end(parts, err);
}

/* A call, and behind it what came back. */
static int add_call(struct parts *parts, const struct jval *call,
		    struct err *err)
{
	static const char *const taken[] = {
		"id", "name", "args", "result", NULL
	};
	const struct jval *result = jval_get(call, "result");
	int rc;

	if (!jval_is(call, JVAL_OBJECT))
		return part_native(parts, "tool_use", call, NULL, err);
	rc = part_begin(parts, "tool_use", err);
	if (rc >= 0)
		rc = rest_add_value(&parts->fields, "id",
				    jval_get(call, "id"), err);
	if (rc >= 0)
		rc = rest_add_value(&parts->fields, "name",
				    jval_get(call, "name"), err);
	if (rc >= 0)
		rc = rest_add_value(&parts->fields, "input",
				    jval_get(call, "args"), err);
	if (rc >= 0)
		rc = rest_add_under(&parts->fields, "native", call, taken,
				    err);
	if (rc >= 0)
		rc = part_end(parts, err);
	if (rc < 0 || !result || jval_is(result, JVAL_NULL))
		return rc;
	rc = part_begin(parts, "tool_result", err);
	if (rc >= 0)
		rc = rest_add_value(&parts->fields, "tool_use_id",
				    jval_get(call, "id"), err);
	if (rc >= 0)
		rc = rest_add_value(&parts->fields, "content", result, err);
	return rc < 0 ? rc : part_end(parts, err);
}

static int add_parts(struct chat *chat, struct parts *parts,
		     const struct jval *value, struct made *made,
		     struct err *err)
{
	const struct jval *thoughts = jval_get(value, "thoughts");
	const struct jval *calls = jval_get(value, "toolCalls");
	const struct jval *item;
	int rc = 0;

	made->has_thought |= jval_is(thoughts, JVAL_ARRAY) &&
		jval_count(thoughts);
	made->has_call = jval_is(calls, JVAL_ARRAY) && jval_count(calls);
	item = jval_is(thoughts, JVAL_ARRAY) ? jval_first(thoughts) : NULL;
	for (; rc >= 0 && item; item = item->next)
		rc = add_thought(parts, item, err);
	if (rc >= 0)
		rc = add_content(chat, parts, jval_get(value, "content"),
				 made, err);
	item = jval_is(calls, JVAL_ARRAY) ? jval_first(calls) : NULL;
	for (; rc >= 0 && item; item = item->next)
		rc = add_call(parts, item, err);
	return rc;
}

static void set_role(const struct jval *value, const struct made *made,
		     struct chat_message *out)
{
	const struct jval *type = jval_get(value, "type");
	bool is_user = jval_is_text(type, "user");

	out->role = is_user ? "user" : "assistant";
	out->visibility = "visible";
	if (!is_user && !jval_is_text(type, "gemini")) {
		out->role = "system";
		out->visibility = "meta";
	} else if (!made->has_text && !made->has_file) {
		out->visibility = made->has_call || made->has_other ? "tool" :
			made->has_thought ? "thinking" : "visible";
	}
}

static int make_native(const struct jval *value,
		       const struct chat_message *message, struct buf *out,
		       struct err *err)
{
	const char *taken[8] = { "content", NULL };
	size_t n = 1;

	if (jval_get_text(value, "id").len)
		taken[n++] = "id";
	if (jval_is(jval_get(value, "thoughts"), JVAL_ARRAY))
		taken[n++] = "thoughts";
	if (jval_is(jval_get(value, "toolCalls"), JVAL_ARRAY))
		taken[n++] = "toolCalls";
	if (message->created.micros != CHAT_TIME_UNKNOWN)
		taken[n++] = "timestamp";
	if (message->model.at)
		taken[n++] = "model";
	if (jval_is_text(jval_get(value, "type"), "user"))
		taken[n++] = "type";
	taken[n] = NULL;
	return chat_add_rest(out, value, taken, err);
}

int gemini_cli_put(struct chat *chat, struct parts *parts,
		   const struct jval *value, struct chat_message *place,
		   struct err *err)
{
	struct chat_message message = *place;
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct made made = { .has_text = false };
	int rc;

	parts_reset(parts);
	message.created = chat_time_of(jval_get(value, "timestamp"));
	message.model = jval_get_text(value, "model");
	rc = add_parts(chat, parts, value, &made, err);
	set_role(value, &made, &message);
	if (rc >= 0)
		rc = make_native(value, &message, &native, err);
	if (rc >= 0)
		rc = parts_list(parts, &message.parts, err);
	message.content = buf_span(&parts->content);
	if (native.len)
		message.native = buf_span(&native);
	if (rc >= 0)
		rc = chat_put_message(chat, &message, err);
	buf_release(&native);
	place->created = message.created;
	return rc;
}
