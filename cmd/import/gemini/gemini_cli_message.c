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
	bool has_result;
	bool is_repeated;	/* each result stands with its call as well */
	bool is_prompt;		/* something in it is the person's */
	struct gemini_cli_reference reference;
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

/*
 * What a tool gave back: {"functionResponse":{"id","name","response":
 * {"output"}}}. Its text, where that is all of it.
 */
static void add_response(struct parts *parts, struct take *around,
			 struct span id)
{
	struct take function = take_inner(around, "functionResponse");
	struct take response = take_inner(&function, "response");
	bool is_error = take_see(&response, "error") != NULL;
	struct span text = take_text(&response, is_error ? "error" :
				     "output");

	if (!text.at) {
		fields_value(&parts->fields, "content",
			     take_any(&function, "response"));
	} else {
		fields_said(&parts->fields, "content", text);
		take_rest_under(&response, "response", &parts->fields);
	}
	if (id.at)
		(void)take_same(&function, "id", id);
	if (is_error)
		fields_bool(&parts->fields, "is_error", true);
	take_rest_under(&function, "functionResponse", &parts->fields);
	take_rest_under(around, "native", &parts->fields);
}

static void add_result(struct parts *parts, const struct gemini_cli_log *log,
		       const struct jval *item, struct made *made)
{
	struct take take = take_begin(item);
	struct span id = jval_text(jval_at(item, "functionResponse.id"));

	made->has_result = true;
	made->is_repeated &= id.len && gemini_cli_is_answered(log, id);
	part_begin(parts, "tool_result");
	if (id.at)
		fields_said(&parts->fields, "tool_use_id", id);
	add_response(parts, &take, id);
	part_end(parts);
}

static void add_text(struct chat *chat, struct parts *parts,
		     struct span text, struct made *made)
{
	if (made->is_prompt &&
	    gemini_cli_reference(&made->reference, chat, parts, text, &text) &&
	    !text.len)
		return;
	made->has_text |= text.len > 0;
	if (made->is_prompt)
		gemini_cli_put_words(parts, text);
	else
		part_text(parts, text);
}

/* A text alone, which may say that it is no thought. */
static bool is_plain(const struct jval *item)
{
	bool is_told = jval_is(jval_get(item, "thought"), JVAL_FALSE);

	return jval_is(item, JVAL_STRING) || jval_count(item) == 1u + is_told;
}

static void add_item(struct chat *chat, struct parts *parts,
		     const struct gemini_cli_log *log,
		     const struct jval *item, struct made *made)
{
	struct take take = take_begin(item);
	struct span text = jval_is(item, JVAL_STRING) ? jval_text(item) :
		take_text(&take, "text");

	if (text.at && take_value(&take, "thought", JVAL_TRUE)) {
		made->has_thought = true;
		part_said(parts, "thinking", text, &take);
	} else if (text.at && is_plain(item)) {
		add_text(chat, parts, text, made);
	} else if (jval_is(jval_get(item, "inlineData"), JVAL_OBJECT)) {
		made->has_file = true;
		add_file(chat, parts, item);
	} else if (jval_is(jval_get(item, "functionResponse"), JVAL_OBJECT)) {
		add_result(parts, log, item, made);
	} else {
		made->has_other = true;
		made->has_text |= !is_of_tool(item) && prose_is_in(item);
		part_other(parts, item);
	}
}

static void add_content(struct chat *chat, struct parts *parts,
			const struct gemini_cli_log *log,
			const struct jval *content, struct made *made)
{
	const struct jval *item = jval_first(content);

	if (!content || jval_is(content, JVAL_NULL))
		return;
	if (!jval_is(content, JVAL_ARRAY))
		add_item(chat, parts, log, content, made);
	for (; jval_is(content, JVAL_ARRAY) && item; item = item->next)
		add_item(chat, parts, log, item, made);
	gemini_cli_reference_end(&made->reference, chat, parts);
}

/* The subject is shown above the words, as a head of theirs. */
static void put_thought(struct parts *parts, struct take *thought,
			struct span text)
{
	struct buf whole = BUF_INIT(BUF_NO_LIMIT);
	struct span subject = take_text(thought, "subject");

	fields_said(&parts->fields, "subject", subject);
	buf_put_span(&whole, subject);
	if (subject.len && text.len)
		buf_put_str(&whole, ": ");
	buf_put_span(&whole, text);
	fields_fail(&parts->fields, buf_end(&whole, NULL), NULL);
	fields_said(&parts->fields, "text", buf_span(&whole));
	buf_release(&whole);
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
	put_thought(parts, &take, text);
	take_rest_under(&take, "native", &parts->fields);
	part_end(parts);
}

/* One answer of a tool, and behind it nothing but files? */
static bool is_response(const struct jval *result)
{
	const struct jval *item = jval_is(result, JVAL_ARRAY) ?
		jval_first(result) : NULL;

	if (!jval_is(jval_get(item, "functionResponse"), JVAL_OBJECT))
		return false;
	do {
		item = item->next;
	} while (item && jval_is(jval_get(item, "inlineData"), JVAL_OBJECT));
	return !item;
}

/* A call, and behind it what came back. */
static void add_call(struct chat *chat, struct parts *parts,
		     const struct jval *call)
{
	const struct jval *file = NULL;
	struct take item;
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
	if (is_response(result)) {
		item = take_begin(jval_first(result));
		add_response(parts, &item, jval_text(id));
		file = jval_first(result)->next;
	} else {
		fields_value(&parts->fields, "content", result);
	}
	part_end(parts);
	for (; file; file = file->next)
		add_file(chat, parts, file);
}

static void add_parts(struct chat *chat, struct parts *parts,
		      const struct gemini_cli_log *log,
		      struct take *take, struct made *made)
{
	const struct jval *thoughts = take_value(take, "thoughts", JVAL_ARRAY);
	const struct jval *calls = take_value(take, "toolCalls", JVAL_ARRAY);
	const struct jval *item;

	made->has_thought = jval_count(thoughts) > 0;
	made->has_call = jval_count(calls) > 0;
	for (item = jval_first(thoughts); item; item = item->next)
		add_thought(parts, item);
	add_content(chat, parts, log, take_any(take, "content"), made);
	for (item = jval_first(calls); item; item = item->next)
		add_call(chat, parts, item);
}

static void set_role(struct take *take, const struct made *made,
		     struct chat_message *out)
{
	static const struct take_role roles[] = {
		{ "user", "user" }, { "gemini", "assistant" }, { NULL, NULL }
	};

	out->visibility = "visible";
	if (made->has_result && !made->has_text && !made->has_file) {
		out->role = "tool";
		out->visibility = made->is_repeated ? "meta" : "tool";
		return;
	}
	out->role = take_role(take, "type", roles);
	if (!out->role) {
		out->role = "system";
		out->visibility = "meta";
	} else if (gemini_cli_is_injected(take->object)) {
		out->visibility = "meta";
	} else if (!made->has_text && !made->has_file) {
		out->visibility = made->has_call || made->has_other ? "tool" :
			made->has_thought ? "thinking" : "visible";
	}
}

/* The time of when it was said first; another one that it has stays. */
static struct chat_time first_time(struct take *take, struct chat_time first)
{
	struct chat_time own = chat_time_of(take_see(take, "timestamp"));

	if (first.micros == CHAT_TIME_UNKNOWN || own.micros == first.micros)
		return take_time(take, "timestamp");
	return first;
}

int gemini_cli_put(struct chat *chat, struct parts *parts,
		   const struct gemini_cli_log *log,
		   const struct jval *value,
		   const struct chat_message *place, struct err *err)
{
	struct chat_message message = *place;
	struct take take = take_begin(value);
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct made made = {
		.is_repeated = true,
		.is_prompt = jval_is_text(jval_get(value, "type"), "user") &&
			!gemini_cli_is_injected(value),
		.reference = { BUF_INIT(BUF_NO_LIMIT), false },
	};
	int rc;

	parts_reset(parts);
	take_filled(&take, "id");
	message.created = first_time(&take, place->created);
	message.model = take_text(&take, "model");
	add_parts(chat, parts, log, &take, &made);
	set_role(&take, &made, &message);
	/* Of a type that is not known, whatever it says. */
	if (!strcmp(message.role, "system") && !parts->content.len)
		prose_put(value, &parts->content);
	take_put(&take, &native);
	message.native = buf_span(&native);
	rc = parts_list(parts, &message.parts, err);
	message.content = buf_span(&parts->content);
	if (rc == 0)
		rc = buf_end(&native, err);
	if (rc == 0)
		rc = chat_put_message(chat, &message, err);
	buf_release(&made.reference.text);
	buf_release(&native);
	return rc;
}
