/*
 * Exports of Chatbox: {"session:<id>":{"id","name","messages":[..],"threads",
 * "messageForksHash"},"chat-sessions-list":[..],"settings":{..}}; older ones
 * have {"chat-sessions":[..]}. Settings hold keys and are not read. A message
 * says its content in contentParts, an older one in content. What was talked of
 * before in a session are its threads; what a fork holds are other turns that
 * follow the message it is called by.
 */
#include "cmd/import/apps/app.h"
#include "cmd/import/apps/formats.h"
#include "cmd/import/records/rest.h"

#define SESSION "session:"

/* {"type":"tool-call","state","toolCallId","toolName","args","result"} */
static void say_call(struct blocks *blocks, const struct jval *part)
{
	struct take take = take_begin(part);
	struct span id = take_text(&take, "toolCallId");
	struct span name = take_text(&take, "toolName");
	const struct jval *input = take_any(&take, "args");
	const struct jval *result = take_any(&take, "result");
	bool is_error = jval_is_text(take_see(&take, "state"), "error");

	(void)take_any(&take, "type");
	blocks_call(blocks, id, name, input, &take);
	if (result && !jval_is(result, JVAL_NULL))
		blocks_result(blocks, id, result, is_error, NULL);
}

static void say_part(struct flat *flat, struct blocks *blocks,
		     const struct jval *part)
{
	const struct jval *type = jval_get(part, "type");

	if (jval_is_text(type, "tool-call")) {
		say_call(blocks, part);
	} else if (jval_is_text(type, "image")) {
		blocks->has_file = true;
		part_native(&flat->parts, "image", part);
	} else {
		blocks_put_one(blocks, part);
	}
}

static int chatbox_say(struct flat *flat, struct flat_item *turn,
		       struct chat_message *message, struct err *err)
{
	struct take *take = &turn->take;
	struct blocks blocks = app_blocks(flat, message);
	struct span thought = take_filled(take, "reasoningContent");
	const struct jval *list = take_value(take, "contentParts",
					     JVAL_ARRAY);
	const struct jval *part = jval_first(list);
	struct span text = jval_text(take_see(take, "content"));

	(void)err;
	if (thought.len)
		blocks_thought(&blocks, thought, NULL);
	for (; part; part = part->next)
		say_part(flat, &blocks, part);
	if (!jval_first(list) && text.at) {
		(void)take_text(take, "content");
		blocks_text(&blocks, text);
	}
	if (take_see(take, "error") &&
	    !jval_is(take_see(take, "error"), JVAL_NULL))
		app_error(&blocks, take_any(take, "error"));
	app_shown(message, &blocks);
	return 0;
}

/* after: the key of what the first of them answers. */
static int add_row(struct flat *flat, const struct jval *list,
		   struct span after, struct err *err)
{
	const struct jval *message = jval_first(list);
	const struct app *app = flat->own;
	int rc = 0;

	for (; rc >= 0 && message; message = message->next) {
		struct app_turn turn = {
			message, jval_get_text(message, "id"), after, NULL
		};
		size_t before = app->turns.n;

		rc = app_add(flat, &turn, err);
		if (rc >= 0 && app->turns.n > before)
			after = app->turns.at[before].key;
	}
	return rc;
}

/* {"<message>":{"position","lists":[{"id","messages":[..]}]}}: the list at the
 * position is empty, as its turns are those of the session. */
static int add_forks(struct flat *flat, const struct jval *forks,
		     struct err *err)
{
	const struct jval *fork = jval_first(forks);
	const struct jval *list;
	int rc = 0;

	for (; rc >= 0 && fork; fork = fork->next) {
		list = jval_first(jval_get(fork, "lists"));
		for (; rc >= 0 && list; list = list->next)
			rc = add_row(flat, jval_get(list, "messages"),
				     fork->key, err);
	}
	return rc;
}

/* What the lists of a fork say beside their turns. */
static void keep_lists(const struct jval *lists, struct jcs_fields *fields)
{
	const struct jval *list = jval_first(lists);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	for (; list; list = list->next) {
		struct take take = take_begin(list);

		(void)take_value(&take, "messages", JVAL_ARRAY);
		buf_put_str(&text, text.len ? "," : "[");
		if (!take.object)
			buf_fail(&text, jdoc_to_jcs(list, &text, NULL));
		else if (take_left(&take, NULL))
			take_put(&take, &text);
		else
			buf_put_str(&text, "{}");
	}
	if (text.len) {
		buf_put_char(&text, ']');
		fields_buf(fields, "lists", &text);
	}
	buf_release(&text);
}

/* What a fork says beside its turns. */
static void keep_forks(struct flat *flat, const struct jval *forks)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct jval *fork = jval_first(forks);

	for (; fork; fork = fork->next) {
		struct jcs_fields one = JCS_FIELDS_INIT;
		struct buf text = BUF_INIT(BUF_NO_LIMIT);
		struct take take = take_begin(fork);

		if (!take.object)
			fields_member(&fields, fork);
		keep_lists(take_value(&take, "lists", JVAL_ARRAY), &one);
		take_rest(&take, &one);
		fields_put(&one, &text);
		if (text.len)
			fields_add(&fields, fork->key, buf_span(&text));
		fields_fail(&fields, text.failed, NULL);
		jcs_fields_release(&one);
		buf_release(&text);
	}
	fields_inner(&flat->native, "messageForksHash", &fields);
	jcs_fields_release(&fields);
}

/* Key of the last turn of the row that is shown. */
static struct span last_key(const struct jval *list)
{
	const struct jval *message = jval_first(list);
	struct span key = { NULL, 0 };

	for (; message; message = message->next) {
		if (jval_get_text(message, "id").len)
			key = jval_get_text(message, "id");
	}
	return key;
}

static int put_session(struct flat *flat, const struct jval *value,
		       struct span parent, struct err *err)
{
	const struct jval *list = jval_get(value, "messages");
	const struct jval *forks = jval_get(value, "messageForksHash");
	struct flat_item item;
	struct app_talk talk = {
		.item = &item, .value = value, .key_member = "id",
		.parent = parent,
	};
	int rc = flat_item(flat, flat->format->session, value, &item, err);

	if (rc < 0)
		return rc;
	if (!jval_is(list, JVAL_ARRAY))
		return flat_malformed(flat, flat->format->malformed, value,
				      err);
	if (jval_first(forks))
		talk.active = last_key(list);
	rc = add_row(flat, list, span_of(NULL, 0), err);
	if (rc >= 0)
		rc = add_forks(flat, forks, err);
	take_done(&item.take, list);
	(void)take_value(&item.take, "threads", JVAL_ARRAY);
	if (jval_is(forks, JVAL_OBJECT)) {
		take_done(&item.take, forks);
		keep_forks(flat, forks);
	}
	if (rc >= 0)
		return app_talk(flat, &talk, err);
	app_forget(flat);
	return rc;
}

/* A session, and its threads as sessions that come from it. */
static int chatbox_session(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	struct span id = jval_get_text(value, "id");
	const struct jval *thread = jval_first(jval_get(value, "threads"));
	int rc = put_session(flat, value, span_of(NULL, 0), err);

	for (; rc >= 0 && thread; thread = thread->next)
		rc = put_session(flat, thread, id, err);
	return rc;
}

static const struct flat_row copilot[] = {
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_TITLE, "name", FLAT_TAKEN },
	{ FLAT_SAID, "prompt", FLAT_TAKEN },
	FLAT_ROWS_END
};

/* The members called "session:<id>". */
static int each_session(struct flat *flat, struct err *err)
{
	const struct source_value *whole = flat->given;
	const struct jval *member = jval_first(whole->value);
	struct source_value given = *whole;
	int rc = 0;

	for (; rc >= 0 && member; member = member->next) {
		if (!span_begins(member->key, SESSION))
			continue;
		given.value = member;
		given.text = member->raw;
		given.offset = whole->offset +
			(uint64_t)(member->raw.at - whole->value->raw.at);
		flat->given = &given;
		rc = jval_is(member, JVAL_OBJECT) ?
			chatbox_session(flat, err) :
			flat_malformed(flat, flat->format->malformed, member,
				       err);
	}
	flat->given = whole;
	return rc;
}

/* Sessions that are listed and not there. */
static int tell_lost(struct flat *flat, struct err *err)
{
	const struct jval *whole = flat->given->value;
	const struct jval *one = jval_first(jval_get(whole,
						     "chat-sessions-list"));
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	for (; rc >= 0 && one; one = one->next) {
		buf_reset(&name);
		buf_put_str(&name, SESSION);
		buf_put_span(&name, jval_get_text(one, "id"));
		rc = buf_end(&name, err);
		if (rc >= 0 && !jval_get_span(whole, buf_span(&name)))
			rc = flat_leave_out(flat, "a session that is listed "
					    "and not there", err);
	}
	buf_release(&name);
	return rc;
}

static int chatbox_export(struct flat *flat, struct err *err)
{
	static const struct app_persona personas = {
		"persona/", "persona", copilot
	};
	const struct jval *whole = flat->given->value;
	const struct jval *one = jval_first(jval_get(whole, "myCopilots"));
	int rc = each_session(flat, err);

	if (rc >= 0)
		rc = app_each(flat, jval_get(whole, "chat-sessions"),
			      chatbox_session, err);
	if (rc >= 0)
		rc = tell_lost(flat, err);
	for (; rc >= 0 && one; one = one->next)
		rc = app_remember(flat, one, &personas, err);
	return rc;
}

static const struct flat_row session[] = {
	{ FLAT_KEY, "id", FLAT_TAKEN },
	{ FLAT_TITLE, "name", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row turn[] = {
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	{ FLAT_MODEL, "model", FLAT_TAKEN },
	{ FLAT_NAME, "name", FLAT_TAKEN },
	{ FLAT_CREATED, "timestamp", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_format chatbox_format = {
	.provider = "chatbox",
	.document = "__exported_items|chat-sessions-list|chat-sessions",
	.value = chatbox_export,
	.malformed = "a session without messages",
	.session = session,
	.turn = turn,
	.roles = app_roles,
	.no_role = "a speaker of unknown kind: taken as no person",
	.no_turn = "a message that is no object",
	.say = chatbox_say,
	.time = chat_time_of_ms,
	.note = "sessions and copilots are read: not the settings and keys "
		"that such an export may have beside them",
};

const struct importer chatbox_importer = {
	.name = "chatbox",
	.one = "Chatbox export",
	.many = "Chatbox exports",
	.construct = "chatbox",
	.signs = (const char *const[]){
		"__exported_items", "chat-sessions-list",
		"chat-sessions settings|__exported_at", NULL
	},
	.read = app_read,
	.flat = &chatbox_format,
	.has_settings = true,
};
