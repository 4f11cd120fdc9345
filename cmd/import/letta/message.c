#include "cmd/import/letta/agent.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"

void letta_said_release(struct letta_said *said)
{
	buf_release(&said->content);
	buf_release(&said->parts);
	buf_release(&said->native);
	jcs_fields_release(&said->fields);
}

/* The object that a text is, or NULL; freed by the caller. A copy, because
 * what it holds takes the text's place. */
static struct jdoc *parse_inner(struct span text)
{
	static const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_COPY,
	};
	struct jdoc *doc = NULL;

	if (!text.len || jdoc_parse(text, &options, &doc, NULL) < 0)
		return NULL;
	if (jval_is(jdoc_root(doc), JVAL_OBJECT))
		return doc;
	jdoc_free(doc);
	return NULL;
}

static void add_line(struct buf *content, struct span text)
{
	if (content->len)
		buf_put_char(content, '\n');
	buf_put_span(content, text);
}

static void next_part(struct letta_said *said)
{
	if (said->parts.len > 1)
		buf_put_char(&said->parts, ',');
}

static void add_part(struct letta_said *said, const struct jval *item)
{
	next_part(said);
	buf_fail(&said->parts, jdoc_to_jcs(item, &said->parts, NULL));
}

static void write_part(struct letta_said *said)
{
	next_part(said);
	fields_put(&said->fields, &said->parts);
	jcs_fields_reset(&said->fields);
}

/* Agents of the MemGPT kind speak by calling a tool. */
static void take_answer(struct letta_said *said, struct span name,
			const struct jval *arguments)
{
	struct jdoc *doc = NULL;
	struct span text;

	if (!span_equals(name, span_str("send_message")))
		return;
	if (jval_is(arguments, JVAL_STRING)) {
		doc = parse_inner(jval_text(arguments));
		arguments = doc ? jdoc_root(doc) : NULL;
	}
	text = jval_get_text(arguments, "message");
	if (text.at) {
		/* What it wrote besides were its thoughts: parts have them. */
		if (!said->has_answer)
			buf_reset(&said->content);
		said->has_answer = true;
		add_line(&said->content, text);
	}
	jdoc_free(doc);
}

/* {"arguments","id","name","type":"tool_call"} */
static void add_call(struct letta_said *said, const struct jval *call)
{
	struct take take = take_begin(call);
	const struct jval *function = take_value(&take, "function",
						 JVAL_OBJECT);

	if (!function) {
		add_part(said, call);
		return;
	}
	said->has_calls = true;
	take_answer(said, jval_get_text(function, "name"),
		    jval_get(function, "arguments"));
	(void)take_word(&take, "type", "function");
	fields_str(&said->fields, "type", "tool_call");
	fields_value(&said->fields, "function", function);
	take_rest(&take, &said->fields);
	write_part(said);
}

static void add_return(struct letta_said *said, const struct jval *item)
{
	struct take take = take_begin(item);

	if (!take.object) {
		add_part(said, item);
		return;
	}
	(void)take_word(&take, "type", "tool_return");
	fields_str(&said->fields, "type", "tool_return");
	if (jval_is_text(take_see(&take, "status"), "error") &&
	    !take_see(&take, "is_error"))
		fields_bool(&said->fields, "is_error", true);
	take_rest(&take, &said->fields);
	write_part(said);
}

/* Does a text say more than itself? */
static bool is_more(const struct jval *item)
{
	const struct jval *member = jval_first(item);

	for (; member; member = member->next) {
		if (!jval_is(member, JVAL_NULL) &&
		    !span_equals(member->key, span_str("type")) &&
		    !span_equals(member->key, span_str("text")))
			return true;
	}
	return false;
}

/* Of a type that is not known here. */
static bool is_strange(const struct jval *type)
{
	static const char *const types[] = {
		"tool_call", "tool_return", "reasoning", "redacted_reasoning",
		"omitted_reasoning", "image", NULL
	};
	size_t i = 0;

	while (types[i] && !jval_is_text(type, types[i]))
		i++;
	return !types[i];
}

/* It stays a part; what is said in it is said. */
static void add_strange(struct letta_said *said, const struct jval *item)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	prose_put(item, &text);
	if (text.len) {
		said->has_text = true;
		add_line(&said->content, buf_span(&text));
	}
	buf_fail(&said->content, text.failed);
	buf_release(&text);
}

/* One of the content: text, or something that is none. */
static void add_item(struct letta_said *said, const struct jval *item)
{
	const struct jval *type = jval_get(item, "type");
	const struct jval *input = jval_get(item, "input");
	struct span text = jval_is(item, JVAL_STRING) ? jval_text(item) :
		jval_get_text(item, "text");

	if (text.at && (jval_is(item, JVAL_STRING) ||
			jval_is_text(type, "text"))) {
		said->has_text = true;
		add_line(&said->content, text);
		if (is_more(item))
			add_part(said, item);
		return;
	}
	if (jval_is_text(type, "tool_call")) {
		said->has_calls = true;
		take_answer(said, jval_get_text(item, "name"), input ? input :
			    jval_get(item, "arguments"));
	}
	if (is_strange(type))
		add_strange(said, item);
	said->has_thoughts |= jval_is_text(type, "reasoning") ||
		jval_is_text(type, "redacted_reasoning") ||
		jval_is_text(type, "omitted_reasoning");
	add_part(said, item);
}

/* A thought in plain text, of one that speaks by a tool. */
static void keep_thoughts(struct letta_said *said, const struct jval *content)
{
	const struct jval *item = jval_is(content, JVAL_ARRAY) ?
		jval_first(content) : content;

	if (!said->has_answer || !said->has_text)
		return;
	for (; item; item = item == content ? NULL : item->next) {
		if (jval_is(item, JVAL_STRING) ||
		    (jval_is_text(jval_get(item, "type"), "text") &&
		     !is_more(item)))
			add_part(said, item);
	}
}

static void add_all(struct letta_said *said, struct take *message)
{
	const struct jval *content = take_any(message, "content");
	const struct jval *item = jval_first(content);

	if (jval_type_of(content) == JVAL_NULL)
		content = take_see(message, "text");
	if (content && !jval_is(content, JVAL_NULL) &&
	    !jval_is(content, JVAL_ARRAY))
		add_item(said, content);
	for (; jval_is(content, JVAL_ARRAY) && item; item = item->next)
		add_item(said, item);
	item = jval_first(take_value(message, "tool_calls", JVAL_ARRAY));
	for (; item; item = item->next)
		add_call(said, item);
	item = jval_first(take_value(message, "tool_returns", JVAL_ARRAY));
	for (; item; item = item->next)
		add_return(said, item);
	keep_thoughts(said, content);
}

/*
 * What the server wraps around a user's words, and around events that no user
 * wrote. The text as it stands then becomes a part.
 */
static void unwrap_user(struct letta_said *said, const char **visibility)
{
	struct jdoc *doc = parse_inner(buf_span(&said->content));
	const struct jval *root = doc ? jdoc_root(doc) : NULL;
	const struct jval *type = jval_get(root, "type");
	struct span text = jval_get_text(root, "message");
	bool is_event = jval_is_text(type, "heartbeat") ||
		jval_is_text(type, "login") ||
		jval_is_text(type, "system_alert");

	/* Why its heart beats, or when somebody came last: no words. */
	if (is_event && !text.at)
		*visibility = "meta";
	if (!jval_is(type, JVAL_STRING) || !text.at) {
		jdoc_free(doc);
		return;
	}
	fields_str(&said->fields, "type", "text");
	fields_said(&said->fields, "text", buf_span(&said->content));
	write_part(said);
	if (!jval_is_text(type, "user_message"))
		*visibility = "meta";
	buf_reset(&said->content);
	buf_put_span(&said->content, text);
	jdoc_free(doc);
}

static const char *role_of(const struct jval *message)
{
	const struct jval *role = jval_get(message, "role");
	const struct jval *calls = jval_get(message, "tool_calls");

	if (jval_is_text(role, "user"))
		return "user";
	if (jval_is_text(role, "system"))
		return "system";
	if (jval_is_text(role, "tool") || jval_is_text(role, "function"))
		return "tool";
	/* Asked for by the assistant, given by the user. */
	if (jval_is_text(role, "approval") && !jval_first(calls))
		return "user";
	return "assistant";
}

static const char *visibility_of(const struct letta_said *said,
				 const struct jval *message, const char *role)
{
	if (!strcmp(role, "system"))
		return "hidden";
	if (!strcmp(role, "tool") ||
	    jval_is_text(jval_get(message, "role"), "approval"))
		return "tool";
	if (said->has_answer || said->has_text || !strcmp(role, "user"))
		return "visible";
	return said->has_calls ? "tool" :
		said->has_thoughts ? "thinking" : "visible";
}

int letta_say(const struct jval *message, struct letta_said *said,
	      struct chat_message *out, struct err *err)
{
	struct take take = take_begin(message);
	int rc;

	memset(out, 0, sizeof(*out));
	buf_reset(&said->content);
	buf_reset(&said->parts);
	buf_reset(&said->native);
	jcs_fields_reset(&said->fields);
	said->has_text = false;
	said->has_answer = false;
	said->has_calls = false;
	said->has_thoughts = false;
	buf_put_char(&said->parts, '[');
	add_all(said, &take);
	out->role = role_of(message);
	(void)take_word(&take, "role", out->role);
	out->visibility = visibility_of(said, message, out->role);
	/* A null stands in most messages, and in their records. */
	if (jval_is(take_see(&take, "name"), JVAL_STRING))
		out->name = take_text(&take, "name");
	out->model = take_text(&take, "model");
	out->created = take_time(&take, "created_at");
	if (!strcmp(out->role, "user"))
		unwrap_user(said, &out->visibility);
	buf_put_char(&said->parts, ']');
	/* Ids hold for one file alone, so that they must not stand in a
	 * record. */
	(void)take_text(&take, "id");
	(void)take_text(&take, "agent_id");
	take_put(&take, &said->native);
	rc = buf_end(&said->content, err);
	if (rc == 0)
		rc = buf_end(&said->parts, err);
	if (rc == 0)
		rc = buf_end(&said->native, err);
	if (said->parts.len > 2)
		out->parts = buf_span(&said->parts);
	out->content = buf_span(&said->content);
	out->native = buf_span(&said->native);
	return rc;
}
