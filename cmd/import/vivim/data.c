#include "cmd/import/vivim/data.h"

#include "lib/time/timestamp.h"

#define PROVIDER "vivim"

/* A member of the payload that a field takes as it stands. */
struct rename {
	const char *member;
	const char *field;
};

static const struct rename session_names[] = {
	{ "title", "title" }, { "model", "model" }, { "tags", "tags" },
	{ NULL, NULL }
};
static const struct rename message_names[] = {
	{ "model", "model" }, { "messageIndex", "index" }, { NULL, NULL }
};
static const struct rename acu_names[] = {
	{ "content", "content" }, { "type", "type" },
	{ "category", "category" }, { "qualityOverall", "quality" },
	{ "tags", "tags" }, { NULL, NULL }
};
static const struct rename memory_names[] = {
	{ "content", "content" }, { "memoryType", "type" },
	{ "tags", "tags" }, { NULL, NULL }
};

#define TAKEN_MAX 12

/* The data while it is put together. */
struct telling {
	const struct vivim_operation *operation;
	struct jcs_fields fields;
	struct buf value;
	const char *taken[TAKEN_MAX];
	size_t taken_n;
};

static void take(struct telling *telling, const char *member)
{
	telling->taken[telling->taken_n++] = member;
}

static int add_value(struct telling *telling, const char *field,
		     const struct jval *value, struct err *err)
{
	int rc;

	buf_reset(&telling->value);
	rc = jdoc_to_jcs(value, &telling->value, err);
	return rc < 0 ? rc : jcs_fields_raw(&telling->fields, field,
					    buf_span(&telling->value), err);
}

static int add_renamed(struct telling *telling, const struct rename *names,
		       struct err *err)
{
	const struct jval *value;
	int rc = 0;

	for (; rc >= 0 && names->member; names++) {
		value = jval_get(telling->operation->payload, names->member);
		if (!value)
			continue;
		take(telling, names->member);
		rc = add_value(telling, names->field, value, err);
	}
	return rc;
}

/* One whose text is as we write it; else it stays where it is. */
static int add_created(struct telling *telling, struct err *err)
{
	const struct jval *value = jval_get(telling->operation->payload,
					    "createdAt");
	struct chat_time time = chat_time_of(value);
	char text[TIMESTAMP_TEXT_MAX];

	if (!jval_is(value, JVAL_STRING) || time.micros == CHAT_TIME_UNKNOWN ||
	    time.flags & (TIMESTAMP_NO_ZONE | TIMESTAMP_UNUSUAL))
		return 0;
	timestamp_text(time.micros, text);
	return jcs_fields_text(&telling->fields, "created", span_str(text),
			       err);
}

static int add_entity(struct telling *telling, const char *field,
		      struct span conversation, struct span message,
		      struct err *err)
{
	struct buf *value = &telling->value;
	int rc;

	buf_reset(value);
	if (message.at)
		rc = chat_message_entity(PROVIDER, conversation, message,
					 value, err);
	else
		rc = buf_add_str(value, "session:" PROVIDER ":", err);
	if (rc >= 0 && !message.at)
		rc = chat_add_key(value, conversation, err);
	return rc < 0 ? rc : jcs_fields_text(&telling->fields, field,
					     buf_span(value), err);
}

static bool is_text_part(const struct jval *part)
{
	const struct jval *type = jval_get(part, "type");

	return (!type || jval_is_text(type, "text")) &&
	       (jval_get_text(part, "content").at ||
		jval_get_text(part, "text").at);
}

/* Nothing is lost without it: at most one text, in front, that says no more. */
static bool is_told(const struct jval *list)
{
	const struct jval *part = jval_first(list);

	if (part && is_text_part(part)) {
		if (jval_count(part) != 2 || !jval_get(part, "content") ||
		    !jval_get(part, "type"))
			return false;
		part = part->next;
	}
	for (; part; part = part->next) {
		if (is_text_part(part))
			return false;
	}
	return true;
}

/* The text of the parts is the content; the others stay parts. */
static int add_parts(struct telling *telling, struct err *err)
{
	const struct jval *list = jval_get(telling->operation->payload,
					   "parts");
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *part;
	struct span said;
	size_t texts = 0;
	int rc = 0;

	if (!jval_is(list, JVAL_ARRAY))
		return 0;
	if (is_told(list))
		take(telling, "parts");
	for (part = jval_first(list); rc >= 0 && part; part = part->next) {
		if (!is_text_part(part)) {
			rc = buf_add_char(&rest, rest.len ? ',' : '[', err);
			if (rc >= 0)
				rc = jdoc_to_jcs(part, &rest, err);
			continue;
		}
		said = jval_get_text(part, "content");
		said = said.at ? said : jval_get_text(part, "text");
		rc = texts++ ? buf_add_char(&text, '\n', err) : 0;
		if (rc >= 0)
			rc = buf_add_span(&text, said, err);
	}
	buf_reset(&telling->value);
	if (rc >= 0)
		rc = chat_add_text(&telling->value, span_of(buf_text(&text),
							    text.len), err);
	if (rc >= 0)
		rc = jcs_fields_raw(&telling->fields, "content",
				    buf_span(&telling->value), err);
	if (rc >= 0)
		rc = buf_add_str(&rest, rest.len ? "]" : "[]", err);
	if (rc >= 0)
		rc = jcs_fields_raw(&telling->fields, "parts", buf_span(&rest),
				    err);
	buf_release(&text);
	buf_release(&rest);
	return rc;
}

static int add_role(struct telling *telling, struct err *err)
{
	static const char *const roles[] = {
		"user", "assistant", "system", "tool", "developer", NULL
	};
	struct span role = jval_get_text(telling->operation->payload, "role");
	size_t i;
	int rc;

	if (!role.at)
		return 0;
	for (i = 0; roles[i]; i++) {
		if (!span_equals(role, span_str(roles[i])))
			continue;
		take(telling, "role");
		break;
	}
	rc = jcs_fields_text(&telling->fields, "role", roles[i] ? role :
			     span_str("system"), err);
	if (rc >= 0)
		rc = jcs_fields_text(&telling->fields, "visibility",
				     span_str(span_equals(role,
							  span_str("tool")) ?
					      "tool" : "visible"), err);
	return rc;
}

static int add_message(struct telling *telling, struct err *err)
{
	int rc;

	rc = add_entity(telling, "session", telling->operation->conversation,
			span_of(NULL, 0), err);
	if (rc >= 0)
		rc = add_role(telling, err);
	if (rc >= 0)
		rc = add_parts(telling, err);
	return rc < 0 ? rc : add_renamed(telling, message_names, err);
}

/* Where it was taken from, if the payload says so. */
static int add_origin(struct telling *telling, struct err *err)
{
	const struct jval *payload = telling->operation->payload;
	struct span conversation = jval_get_text(payload, "conversationId");
	struct span message = jval_get_text(payload, "messageId");
	struct buf source = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (!conversation.len || !message.len)
		return 0;
	buf_reset(&telling->value);
	rc = chat_message_entity(PROVIDER, conversation, message,
				 &telling->value, err);
	if (rc >= 0)
		rc = buf_printf(&source, err, "{\"message\":\"%s\"}",
				buf_text(&telling->value));
	if (rc >= 0)
		rc = jcs_fields_raw(&telling->fields, "source",
				    buf_span(&source), err);
	buf_release(&source);
	return rc;
}

static int add_fields(struct telling *telling, struct err *err)
{
	static const struct rename *const names[] = {
		[VIVIM_SESSION] = session_names, [VIVIM_ACU] = acu_names,
		[VIVIM_MEMORY] = memory_names,
	};
	enum vivim_kind kind = telling->operation->kind;
	int rc;

	rc = add_created(telling, err);
	if (rc < 0)
		return rc;
	if (kind == VIVIM_MESSAGE)
		return add_message(telling, err);
	rc = add_renamed(telling, names[kind], err);
	if (rc >= 0 && kind == VIVIM_SESSION)
		rc = jcs_fields_text(&telling->fields, "provider",
				     span_str(PROVIDER), err);
	if (rc >= 0 && kind == VIVIM_ACU)
		rc = add_origin(telling, err);
	return rc;
}

static int add_native(struct telling *telling, struct err *err)
{
	static const char *const own[] = { "payload", NULL };
	const struct vivim_operation *operation = telling->operation;
	struct buf *native = &telling->value;
	size_t begin;
	int rc;

	take(telling, NULL);
	buf_reset(native);
	rc = buf_add_str(native, "{\"operation\":", err);
	if (rc >= 0)
		rc = chat_add_rest(native, operation->value, own, err);
	begin = native->len;
	if (rc >= 0)
		rc = buf_add_str(native, ",\"payload\":", err);
	if (rc >= 0 && jval_is(operation->payload, JVAL_OBJECT)) {
		size_t before = native->len;

		rc = chat_add_rest(native, operation->payload, telling->taken,
				   err);
		if (native->len == before)
			buf_cut(native, begin);
	} else {
		buf_cut(native, begin);
	}
	if (rc >= 0)
		rc = buf_add_char(native, '}', err);
	return rc < 0 ? rc : jcs_fields_raw(&telling->fields, "native",
					    buf_span(native), err);
}

int vivim_data(const struct vivim_operation *operation, struct buf *out,
	       struct err *err)
{
	struct telling telling = {
		.operation = operation, .fields = JCS_FIELDS_INIT,
		.value = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc = 0;

	if (!operation->is_delete && operation->payload)
		rc = add_fields(&telling, err);
	if (rc >= 0)
		rc = add_native(&telling, err);
	if (rc >= 0)
		rc = jcs_fields_write(&telling.fields, out, err);
	jcs_fields_release(&telling.fields);
	buf_release(&telling.value);
	return rc;
}
