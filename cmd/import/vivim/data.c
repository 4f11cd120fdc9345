#include "cmd/import/vivim/vivim_internal.h"

#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "lib/time/timestamp.h"

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

/* The data while it is put together. */
struct telling {
	const struct vivim_operation *operation;
	struct take payload;
	struct jcs_fields fields;
};

static void add_renamed(struct telling *telling, const struct rename *names)
{
	for (; names->member; names++)
		fields_value(&telling->fields, names->field,
			     take_any(&telling->payload, names->member));
}

/* One whose text is as we write it; it stays where it is too. */
static void add_created(struct telling *telling)
{
	const struct jval *value = take_see(&telling->payload, "createdAt");
	struct chat_time time = chat_time_of(value);
	char text[TIMESTAMP_TEXT_MAX];

	if (!jval_is(value, JVAL_STRING) || time.micros == CHAT_TIME_UNKNOWN ||
	    time.flags & TIMESTAMP_NO_ZONE)
		return;
	timestamp_text(time.micros, text);
	fields_str(&telling->fields, "created", text);
}

static void add_session(struct telling *telling)
{
	struct span conversation = telling->operation->conversation;
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;

	buf_put_str(&entity, "session:" VIVIM_PROVIDER ":");
	chat_put_key(&entity, conversation);
	fields_fail(&telling->fields, buf_end(&entity, &why), &why);
	fields_text(&telling->fields, "session", buf_span(&entity));
	buf_release(&entity);
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
static void add_parts(struct telling *telling)
{
	const struct jval *list = take_see(&telling->payload, "parts");
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	const struct jval *part;
	struct span said;
	size_t texts = 0;

	if (!jval_is(list, JVAL_ARRAY))
		return;
	if (is_told(list))
		take_done(&telling->payload, list);
	for (part = jval_first(list); part; part = part->next) {
		if (!is_text_part(part)) {
			buf_put_char(&rest, rest.len ? ',' : '[');
			buf_fail(&rest, jdoc_to_jcs(part, &rest, NULL));
			continue;
		}
		said = jval_get_text(part, "content");
		said = said.at ? said : jval_get_text(part, "text");
		if (texts++)
			buf_put_char(&text, '\n');
		buf_put_span(&text, said);
	}
	buf_put_str(&rest, rest.len ? "]" : "[]");
	fields_fail(&telling->fields, buf_end(&text, &why), &why);
	fields_said(&telling->fields, "content",
		    span_of(buf_text(&text), text.len));
	fields_buf(&telling->fields, "parts", &rest);
	buf_release(&text);
	buf_release(&rest);
}

static void add_role(struct telling *telling)
{
	static const struct take_role roles[] = {
		{ "user", "user" }, { "assistant", "assistant" },
		{ "system", "system" }, { "tool", "tool" },
		{ "developer", "developer" }, { NULL, NULL }
	};
	bool has_role = jval_is(take_see(&telling->payload, "role"),
				JVAL_STRING);
	const char *role = take_role(&telling->payload, "role", roles);

	if (!has_role)
		return;
	fields_str(&telling->fields, "role", role ? role : "system");
	fields_str(&telling->fields, "visibility", role &&
		   !strcmp(role, "tool") ? "tool" : "visible");
}

/* Where it was taken from, if the payload says so. */
static void add_origin(struct telling *telling)
{
	const struct jval *payload = telling->operation->payload;
	struct span conversation = jval_get_text(payload, "conversationId");
	struct span message = jval_get_text(payload, "messageId");
	struct jcs_fields source = JCS_FIELDS_INIT;
	struct buf entity = BUF_INIT(BUF_NO_LIMIT);

	if (!conversation.len || !message.len)
		return;
	chat_put_entity(VIVIM_PROVIDER, conversation, message, &entity);
	fields_fail(&source, entity.failed, NULL);
	fields_text(&source, "message", buf_span(&entity));
	fields_object(&telling->fields, "source", &source);
	jcs_fields_release(&source);
	buf_release(&entity);
}

static void add_fields(struct telling *telling)
{
	static const struct rename *const names[] = {
		[VIVIM_SESSION] = session_names,
		[VIVIM_MESSAGE] = message_names, [VIVIM_ACU] = acu_names,
		[VIVIM_MEMORY] = memory_names,
	};
	enum vivim_kind kind = telling->operation->kind;

	add_created(telling);
	if (kind == VIVIM_MESSAGE) {
		add_session(telling);
		add_role(telling);
		add_parts(telling);
	}
	add_renamed(telling, names[kind]);
	if (kind == VIVIM_SESSION)
		fields_str(&telling->fields, "provider", VIVIM_PROVIDER);
	if (kind == VIVIM_ACU)
		add_origin(telling);
}

static void add_native(struct telling *telling)
{
	struct take operation = take_begin(telling->operation->value);
	struct jcs_fields native = JCS_FIELDS_INIT;

	(void)take_value(&operation, "payload", JVAL_OBJECT);
	take_rest_under(&operation, "operation", &native);
	take_rest_under(&telling->payload, "payload", &native);
	fields_object(&telling->fields, "native", &native);
	jcs_fields_release(&native);
}

int vivim_data(const struct vivim_operation *operation, struct buf *out,
	       struct err *err)
{
	struct telling telling = {
		.operation = operation, .fields = JCS_FIELDS_INIT,
		.payload = take_begin(operation->payload),
	};
	int rc;

	if (!operation->is_delete && operation->payload)
		add_fields(&telling);
	add_native(&telling);
	rc = jcs_fields_write(&telling.fields, out, err);
	jcs_fields_release(&telling.fields);
	return rc;
}
