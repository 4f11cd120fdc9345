#include "cmd/import/gemini/gemini_cli_internal.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"

/* What it is made of, to tell whether people care to see it. */
struct made {
	bool has_text;
	bool has_file;
	bool has_thought;
	bool has_call;
	bool has_other;
};

static void add_file(struct chat *chat, struct parts *parts,
		     const struct jval *item)
{
	struct take around = take_begin(item);
	struct take data = take_begin(take_value(&around, "inlineData",
						 JVAL_OBJECT));

	part_begin(parts, "file");
	part_base64(parts, chat, "data", &data, "data",
		    jval_text(take_see(&data, "mimeType")));
	take_rest_under(&data, "inlineData", &parts->fields);
	take_rest_under(&around, "native", &parts->fields);
	part_end(parts);
}

static bool is_of_tool(const struct jval *item)
{
	return jval_get(item, "functionCall") ||
	       jval_get(item, "functionResponse") ||
	       jval_get(item, "executableCode") ||
	       jval_get(item, "codeExecutionResult");
}

static void add_item(struct chat *chat, struct parts *parts,
		     const struct jval *item, struct made *made)
{
	struct take take = take_begin(item);
	struct span text = jval_is(item, JVAL_STRING) ? jval_text(item) :
		take_text(&take, "text");

	if (text.at && take_value(&take, "thought", JVAL_TRUE)) {
		made->has_thought = true;
		part_said(parts, "thinking", text, &take);
	} else if (text.at && (jval_is(item, JVAL_STRING) ||
			       jval_count(item) == 1)) {
		made->has_text |= text.len > 0;
		part_text(parts, text);
	} else if (jval_is(jval_get(item, "inlineData"), JVAL_OBJECT)) {
		made->has_file = true;
		add_file(chat, parts, item);
	} else {
		made->has_other = true;
		made->has_text |= !is_of_tool(item) && prose_is_in(item);
		part_other(parts, item);
	}
}

static void add_content(struct chat *chat, struct parts *parts,
			const struct jval *content, struct made *made)
{
	const struct jval *item = jval_first(content);

	if (!content || jval_is(content, JVAL_NULL))
		return;
	if (!jval_is(content, JVAL_ARRAY))
		add_item(chat, parts, content, made);
	for (; jval_is(content, JVAL_ARRAY) && item; item = item->next)
		add_item(chat, parts, item, made);
}

static void add_thought(struct parts *parts, const struct jval *thought)
{
	struct take take = take_begin(thought);
	struct span text = take_text(&take, "description");

	if (jval_is(thought, JVAL_STRING)) {
		part_said(parts, "thinking", jval_text(thought), NULL);
		return;
	}
	if (!text.at) {
		part_native(parts, "thinking", thought);
		return;
	}
	part_begin(parts, "thinking");
	fields_value(&parts->fields, "subject", take_any(&take, "subject"));
	fields_said(&parts->fields, "text", text);
	take_rest_under(&take, "native", &parts->fields);
	part_end(parts);
}

/* A call, and behind it what came back. */
static void add_call(struct parts *parts, const struct jval *call)
{
	struct take take = take_begin(call);
	const struct jval *id = take_any(&take, "id");
	const struct jval *result = take_any(&take, "result");

	if (!jval_is(call, JVAL_OBJECT)) {
		part_native(parts, "tool_use", call);
		return;
	}
	part_begin(parts, "tool_use");
	fields_value(&parts->fields, "id", id);
	fields_value(&parts->fields, "name", take_any(&take, "name"));
	fields_value(&parts->fields, "input", take_any(&take, "args"));
	take_rest_under(&take, "native", &parts->fields);
	part_end(parts);
	if (!result || jval_is(result, JVAL_NULL))
		return;
	part_begin(parts, "tool_result");
	fields_value(&parts->fields, "tool_use_id", id);
	fields_value(&parts->fields, "content", result);
	part_end(parts);
}

static void add_parts(struct chat *chat, struct parts *parts,
		      struct take *take, struct made *made)
{
	const struct jval *thoughts = take_value(take, "thoughts", JVAL_ARRAY);
	const struct jval *calls = take_value(take, "toolCalls", JVAL_ARRAY);
	const struct jval *item;

	made->has_thought = jval_count(thoughts) > 0;
	made->has_call = jval_count(calls) > 0;
	for (item = jval_first(thoughts); item; item = item->next)
		add_thought(parts, item);
	add_content(chat, parts, take_any(take, "content"), made);
	for (item = jval_first(calls); item; item = item->next)
		add_call(parts, item);
}

static void set_role(struct take *take, const struct made *made,
		     struct chat_message *out)
{
	static const struct take_role roles[] = {
		{ "user", "user" }, { "gemini", "assistant" }, { NULL, NULL }
	};

	out->role = take_role(take, "type", roles);
	out->visibility = "visible";
	if (!out->role) {
		out->role = "system";
		out->visibility = "meta";
	} else if (!made->has_text && !made->has_file) {
		out->visibility = made->has_call || made->has_other ? "tool" :
			made->has_thought ? "thinking" : "visible";
	}
}

int gemini_cli_put(struct chat *chat, struct parts *parts,
		   const struct jval *value,
		   const struct chat_message *place, struct err *err)
{
	struct chat_message message = *place;
	struct take take = take_begin(value);
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct made made = { .has_text = false };
	int rc;

	parts_reset(parts);
	take_filled(&take, "id");
	message.created = take_time(&take, "timestamp");
	message.model = take_text(&take, "model");
	add_parts(chat, parts, &take, &made);
	set_role(&take, &made, &message);
	/* Of a type that is not known, whatever it says. */
	if (!strcmp(message.visibility, "meta") && !parts->content.len)
		prose_put(value, &parts->content);
	take_put(&take, &native);
	message.native = buf_span(&native);
	rc = parts_list(parts, &message.parts, err);
	message.content = buf_span(&parts->content);
	if (rc == 0)
		rc = buf_end(&native, err);
	if (rc == 0)
		rc = chat_put_message(chat, &message, err);
	buf_release(&native);
	return rc;
}
