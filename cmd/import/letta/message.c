#include "cmd/import/letta/agent.h"

#include "cmd/import/records/rest.h"

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

static int add_line(struct buf *content, struct span text, struct err *err)
{
	int rc = content->len ? buf_add_char(content, '\n', err) : 0;

	return rc < 0 ? rc : buf_add_span(content, text, err);
}

static int add_part(struct letta_said *said, const struct jval *item,
		    struct err *err)
{
	int rc = said->parts.len > 1 ? buf_add_char(&said->parts, ',', err) :
		0;

	return rc < 0 ? rc : jdoc_to_jcs(item, &said->parts, err);
}

static int write_part(struct letta_said *said, struct err *err)
{
	int rc = said->parts.len > 1 ? buf_add_char(&said->parts, ',', err) :
		0;

	if (rc >= 0)
		rc = jcs_fields_write(&said->fields, &said->parts, err);
	jcs_fields_reset(&said->fields);
	return rc;
}

/* Agents of the MemGPT kind speak by calling a tool. */
static int take_answer(struct letta_said *said, struct span name,
		       const struct jval *arguments, struct err *err)
{
	struct jdoc *doc = NULL;
	struct span text;
	int rc = 0;

	if (!span_equals(name, span_str("send_message")))
		return 0;
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
		rc = add_line(&said->content, text, err);
	}
	jdoc_free(doc);
	return rc;
}

/* {"arguments","id","name","type":"tool_call"} */
static int add_call(struct letta_said *said, const struct jval *call,
		    struct err *err)
{
	static const char *const taken[] = { "type", "function", NULL };
	const struct jval *function = jval_get(call, "function");
	int rc;

	if (!jval_is(call, JVAL_OBJECT) || !jval_is(function, JVAL_OBJECT))
		return add_part(said, call, err);
	said->has_calls = true;
	rc = take_answer(said, jval_get_text(function, "name"),
			 jval_get(function, "arguments"), err);
	if (rc >= 0)
		rc = jcs_fields_text(&said->fields, "type",
				     span_str("tool_call"), err);
	if (rc >= 0)
		rc = rest_add_value(&said->fields, "function", function, err);
	if (rc >= 0)
		rc = rest_add(&said->fields, call, taken, err);
	return rc < 0 ? rc : write_part(said, err);
}

static int add_return(struct letta_said *said, const struct jval *item,
		      struct err *err)
{
	static const char *const taken[] = { "type", NULL };
	int rc;

	if (!jval_is(item, JVAL_OBJECT))
		return add_part(said, item, err);
	rc = jcs_fields_text(&said->fields, "type", span_str("tool_return"),
			     err);
	if (rc >= 0)
		rc = rest_add(&said->fields, item, taken, err);
	return rc < 0 ? rc : write_part(said, err);
}

/* One of the content: text, or something that is none. */
static int add_item(struct letta_said *said, const struct jval *item,
		    struct err *err)
{
	const struct jval *type = jval_get(item, "type");
	struct span text = jval_is(item, JVAL_STRING) ? jval_text(item) :
		jval_get_text(item, "text");
	int rc;

	if (text.at && (jval_is(item, JVAL_STRING) ||
			jval_is_text(type, "text"))) {
		said->has_text = true;
		return add_line(&said->content, text, err);
	}
	if (jval_is_text(type, "tool_call")) {
		said->has_calls = true;
		rc = take_answer(said, jval_get_text(item, "name"),
				 jval_get(item, "input") ?
				 jval_get(item, "input") :
				 jval_get(item, "arguments"), err);
		return rc < 0 ? rc : add_part(said, item, err);
	}
	said->has_thoughts |= jval_is_text(type, "reasoning") ||
		jval_is_text(type, "redacted_reasoning") ||
		jval_is_text(type, "omitted_reasoning");
	return add_part(said, item, err);
}

/* A thought in plain text, of one that speaks by a tool. */
static int keep_thoughts(struct letta_said *said, const struct jval *content,
			 struct err *err)
{
	const struct jval *item = jval_is(content, JVAL_ARRAY) ?
		jval_first(content) : content;
	int rc = 0;

	if (!said->has_answer || !said->has_text)
		return 0;
	for (; rc >= 0 && item; item = item == content ? NULL : item->next) {
		if (jval_is(item, JVAL_STRING) ||
		    jval_is_text(jval_get(item, "type"), "text"))
			rc = add_part(said, item, err);
	}
	return rc;
}

static int add_all(struct letta_said *said, const struct jval *message,
		   struct err *err)
{
	const struct jval *content = jval_get(message, "content");
	const struct jval *item = jval_first(content);
	int rc = 0;

	if (jval_type_of(content) == JVAL_NULL)
		content = jval_get(message, "text");
	if (content && !jval_is(content, JVAL_NULL) &&
	    !jval_is(content, JVAL_ARRAY))
		rc = add_item(said, content, err);
	for (; rc >= 0 && jval_is(content, JVAL_ARRAY) && item;
	     item = item->next)
		rc = add_item(said, item, err);
	item = jval_first(jval_get(message, "tool_calls"));
	for (; rc >= 0 && item; item = item->next)
		rc = add_call(said, item, err);
	item = jval_first(jval_get(message, "tool_returns"));
	for (; rc >= 0 && item; item = item->next)
		rc = add_return(said, item, err);
	return rc < 0 ? rc : keep_thoughts(said, content, err);
}

/*
 * What the server wraps around a user's words, and around events that no user
 * wrote. The text as it stands then becomes a part.
 */
static int unwrap_user(struct letta_said *said, const char **visibility,
		       struct err *err)
{
	struct jdoc *doc = parse_inner(buf_span(&said->content));
	const struct jval *root = doc ? jdoc_root(doc) : NULL;
	const struct jval *type = jval_get(root, "type");
	struct span text = jval_get_text(root, "message");
	int rc;

	if (!jval_is(type, JVAL_STRING) || !text.at) {
		jdoc_free(doc);
		return 0;
	}
	rc = jcs_fields_text(&said->fields, "type", span_str("text"), err);
	if (rc >= 0)
		rc = rest_add_text(&said->fields, "text",
				   buf_span(&said->content), err);
	if (rc >= 0)
		rc = write_part(said, err);
	if (!jval_is_text(type, "user_message"))
		*visibility = "meta";
	buf_reset(&said->content);
	if (rc >= 0)
		rc = buf_add_span(&said->content, text, err);
	jdoc_free(doc);
	return rc;
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

/* Ids hold for one file alone, so that they must not stand in a record. */
static int make_native(const struct jval *message, struct letta_said *said,
		       const struct chat_message *out, struct err *err)
{
	const char *taken[] = {
		"id", "agent_id", "content", "tool_calls", "tool_returns",
		NULL, NULL, NULL, NULL, NULL,
	};
	size_t n = 5;

	if (jval_is_text(jval_get(message, "role"), out->role))
		taken[n++] = "role";
	if (out->created.micros != CHAT_TIME_UNKNOWN)
		taken[n++] = "created_at";
	if (out->model.at)
		taken[n++] = "model";
	if (out->name.at)
		taken[n++] = "name";
	return chat_add_rest(&said->native, message, taken, err);
}

int letta_say(const struct jval *message, struct letta_said *said,
	      struct chat_message *out, struct err *err)
{
	struct chat_message empty = { .created = CHAT_TIME_NONE };
	int rc;

	*out = empty;
	buf_reset(&said->content);
	buf_reset(&said->parts);
	buf_reset(&said->native);
	jcs_fields_reset(&said->fields);
	said->has_text = false;
	said->has_answer = false;
	said->has_calls = false;
	said->has_thoughts = false;
	rc = buf_add_char(&said->parts, '[', err);
	if (rc >= 0)
		rc = add_all(said, message, err);
	out->role = role_of(message);
	out->visibility = visibility_of(said, message, out->role);
	out->name = jval_get_text(message, "name");
	out->model = jval_get_text(message, "model");
	out->created = chat_time_of(jval_get(message, "created_at"));
	if (rc >= 0 && !strcmp(out->role, "user"))
		rc = unwrap_user(said, &out->visibility, err);
	if (rc >= 0)
		rc = buf_add_char(&said->parts, ']', err);
	if (rc >= 0)
		rc = make_native(message, said, out, err);
	if (said->parts.len > 2)
		out->parts = buf_span(&said->parts);
	out->content = buf_span(&said->content);
	out->native = buf_span(&said->native);
	return rc;
}
