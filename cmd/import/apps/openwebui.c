/*
 * Chats of Open WebUI: rows {"id","title","chat":{"history":{"messages":
 * {"<id>":{"id","parentId","childrenIds","role","content","timestamp"}},
 * "currentId"},"messages":[..]},"created_at","updated_at"}, as its exports and
 * its database have them. chat.messages repeats the branch that is shown; the
 * oldest chats have nothing else. Times are seconds.
 */
#include "cmd/import/apps/openwebui.h"

#include "cmd/import/apps/details.h"
#include "cmd/import/apps/formats.h"
#include "cmd/import/database/database.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

/* {"type":"image","url":"data:.."}, and other files. */
static void say_files(struct flat *flat, struct blocks *blocks,
		      const struct jval *files)
{
	const struct jval *file = jval_first(files);

	for (; file; file = file->next) {
		blocks->has_file = true;
		if (jval_is_text(jval_get(file, "type"), "image"))
			blocks_put_one(blocks, file);
		else
			part_native(&flat->parts, "file", file);
	}
}

static void say_error(struct blocks *blocks, struct take *take)
{
	const struct jval *error = take_see(take, "error");
	struct span text = jval_get_text(error, "content");

	if (!error || jval_is(error, JVAL_NULL) ||
	    jval_is(error, JVAL_FALSE) || jval_is(error, JVAL_TRUE))
		return;
	take_done(take, error);
	if (text.len && jval_count(error) == 1)
		error = jval_get(error, "content");
	app_error(blocks, error);
}

static void put_thought(struct blocks *blocks, const struct jval *item)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	prose_put(jval_first(jval_get(item, "content")) ?
		  jval_get(item, "content") : jval_get(item, "summary"),
		  &text);
	blocks_thought(blocks, buf_span(&text), NULL);
	fields_fail(&blocks->parts->fields, text.failed, NULL);
	buf_release(&text);
}

/* What newer ones keep beside a text, or instead of it: items as OpenAI's
 * responses have them. */
static void say_output(struct blocks *blocks, const struct jval *list)
{
	const struct jval *item = jval_first(list);
	const struct jval *type;

	for (; item; item = item->next) {
		type = jval_get(item, "type");
		if (jval_is_text(type, "message"))
			blocks_put(blocks, jval_get(item, "content"));
		else if (jval_is_text(type, "reasoning"))
			put_thought(blocks, item);
		else if (jval_is_text(type, "function_call"))
			blocks_call(blocks, jval_get_text(item, "call_id"),
				    jval_get_text(item, "name"),
				    jval_get(item, "arguments"), NULL);
		else
			blocks_put_one(blocks, item);
	}
}

/* A row of the table of messages says its place in other words. */
static void take_row(struct take *take, const struct chat_message *message)
{
	struct span id = jval_text(take_see(take, "id"));

	if (!take_see(take, "chat_id"))
		return;
	if (id.len > message->key.len &&
	    span_equals(span_of(id.at + id.len - message->key.len,
				message->key.len), message->key))
		(void)take_any(take, "id");
	(void)take_any(take, "chat_id");
	(void)take_value(take, "parent_id", JVAL_NULL);
	if (message->parent.len)
		(void)take_same(take, "parent_id", message->parent);
}

static int openwebui_say(struct flat *flat, struct flat_item *turn,
			 struct chat_message *message, struct err *err)
{
	const struct app *app = flat->own;
	struct take *take = &turn->take;
	struct blocks blocks = app_blocks(flat, message);
	const struct jval *content = take_any(take, "content");

	(void)err;
	/* A text with tags of its own is the app's, not the model's. */
	if (jval_is(content, JVAL_STRING) &&
	    !strcmp(message->role, "assistant"))
		details_say(flat, &blocks, jval_text(content));
	else
		blocks_put(&blocks, content);
	if (jval_is(take_see(take, "output"), JVAL_ARRAY) &&
	    !blocks.has_text && !blocks.has_call)
		say_output(&blocks, take_any(take, "output"));
	say_files(flat, &blocks, take_value(take, "files", JVAL_ARRAY));
	say_error(&blocks, take);
	take_row(take, message);
	app_children(turn, "childrenIds", app->turn->around, "parentId");
	app_shown(message, &blocks);
	return 0;
}

/* Does the map of all messages have each of these? */
static bool repeats(const struct jval *list, const struct jval *map)
{
	const struct jval *message = jval_first(list);
	const struct jval *same;

	for (; message; message = message->next) {
		same = jval_get_span(map, jval_get_text(message, "id"));
		if (!same || !span_equals(jval_get_text(same, "content"),
					  jval_get_text(message, "content")))
			return false;
	}
	return true;
}

static int add_all(struct flat *flat, const struct jval *list,
		   const struct jval *map, struct err *err)
{
	const struct jval *message = jval_first(list);
	int rc = 0;

	for (; rc >= 0 && message; message = message->next) {
		struct app_turn turn = { .value = message, .around = map };

		turn.key = message->key.at ? message->key :
			jval_get_text(message, "id");
		turn.parent = jval_get_text(message, "parentId");
		rc = app_add(flat, &turn, err);
	}
	return rc;
}

/* Messages that the chat does not have itself. Those that it has are the same;
 * if one is not, it is kept as it is. */
static int add_rows(struct flat *flat, struct flat_item *item,
		    const struct jval *map, struct err *err)
{
	const struct jval *list = take_value(&item->take, "chat_message",
					     JVAL_ARRAY);
	const struct jval *row = jval_first(list);
	struct buf others = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	for (; rc >= 0 && row; row = row->next) {
		struct app_turn turn = { .value = row };
		const struct jval *same;

		turn.key = jval_get_text(row, "id");
		turn.parent = jval_get_text(row, "parent_id");
		if (turn.key.len > item->text[FLAT_KEY].len + 1 &&
		    span_equals(span_of(turn.key.at, item->text[FLAT_KEY].len),
				item->text[FLAT_KEY]))
			turn.key = span_of(turn.key.at +
					   item->text[FLAT_KEY].len + 1,
					   turn.key.len - 1 -
					   item->text[FLAT_KEY].len);
		same = jval_get_span(map, turn.key);
		if (!same)
			rc = app_add(flat, &turn, err);
		else if (!span_equals(jval_get_text(row, "content"),
				      jval_get_text(same, "content"))) {
			buf_put_char(&others, others.len ? ',' : '[');
			rc = jdoc_to_jcs(row, &others, err);
		}
	}
	if (others.len) {
		buf_put_char(&others, ']');
		fields_buf(&flat->native, "chat_message", &others);
	}
	buf_release(&others);
	return rc;
}

/* A database has 0 and 1 where an export has false and true; what is usual is
 * not said. */
static void take_flag_of(struct flat *flat, struct take *take,
			 const char *name)
{
	const struct jval *flag = take_see(take, name);
	long long number = 2;
	bool is_number = jval_integer(flag, &number) && number >= 0 &&
		number <= 1;

	if (!is_number && !jval_is(flag, JVAL_TRUE) &&
	    !jval_is(flag, JVAL_FALSE))
		return;
	take_done(take, flag);
	if (jval_is(flag, JVAL_TRUE) || number == 1)
		fields_bool(&flat->native, name, true);
}

/* {"name","data":{"system_prompt","files"},..}: whether it stands open is not
 * kept. */
static void take_folder(struct flat *flat, struct flat_item *item)
{
	struct take folder = take_inner(&item->take, "folder");
	const struct jval *data = take_see(&folder, "data");

	fields_said(&flat->native, "folder", take_text(&folder, "name"));
	if (jval_count(data))
		fields_value(&flat->native, "folder_data", data);
}

/* What the chat says of itself beside its messages. */
static struct span take_chat(struct flat *flat, struct flat_item *item,
			     const struct jval *map, bool is_repeat)
{
	struct take chat = take_inner(&item->take, "chat");
	struct take history = take_inner(&chat, "history");
	struct take params = take_inner(&chat, "params");
	struct span system = take_filled(&params, "system");

	if (!system.len)
		system = take_filled(&chat, "system");
	(void)take_same(&chat, "title", item->text[FLAT_TITLE]);
	(void)take_same(&chat, "id", item->text[FLAT_KEY]);
	(void)take_word(&chat, "id", "");
	take_done(&history, map);
	if (is_repeat)
		(void)take_value(&chat, "messages", JVAL_ARRAY);
	take_rest_under(&history, "history", &flat->native);
	take_rest_under(&params, "params", &flat->native);
	take_rest_under(&chat, "chat", &flat->native);
	return system;
}

int openwebui_talk(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	const struct jval *chat = jval_get(value, "chat");
	const struct jval *map = jval_at(chat, "history.messages");
	const struct jval *list = jval_get(chat, "messages");
	bool has_map = jval_is(map, JVAL_OBJECT) &&
		(jval_first(map) || !jval_first(list));
	const struct jval *rows;
	struct flat_item item;
	struct app_talk talk = {
		.item = &item, .value = value,
		.key_member = "id", .parent_member = "parentId",
	};
	int rc = flat_item(flat, flat->format->session, value, &item, err);

	if (rc < 0)
		return rc;
	rows = jval_get(value, "chat_message");
	if (!has_map && !jval_is(list, JVAL_ARRAY) && !jval_first(rows))
		return flat_malformed(flat, flat->format->malformed, value,
				      err);
	talk.is_tree = has_map || jval_first(rows);
	rc = add_all(flat, has_map ? map : list, has_map ? map : NULL, err);
	if (rc >= 0)
		rc = add_rows(flat, &item, map, err);
	take_flag_of(flat, &item.take, "archived");
	take_flag_of(flat, &item.take, "pinned");
	take_folder(flat, &item);
	talk.active = jval_text(jval_at(chat, "history.currentId"));
	talk.system = take_chat(flat, &item, has_map ? map : NULL,
				has_map ? repeats(list, map) : true);
	if (rc >= 0)
		return app_talk(flat, &talk, err);
	app_forget(flat);
	return rc;
}

static const struct flat_row session[] = {
	{ FLAT_KEY, "id", FLAT_TAKEN },
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_TITLE, "chat.title", FLAT_STAYS },
	{ FLAT_CREATED, "created_at", FLAT_TAKEN },
	{ FLAT_UPDATED, "updated_at", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row turn[] = {
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	{ FLAT_MODEL, "model", FLAT_TAKEN },
	{ FLAT_MODEL, "model_id", FLAT_TAKEN },
	{ FLAT_CREATED, "timestamp", FLAT_TAKEN },
	{ FLAT_CREATED, "created_at", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_format openwebui_format = {
	.provider = "openwebui",
	.value = openwebui_talk,
	.malformed = "a chat without messages",
	.session = session,
	.turn = turn,
	.roles = app_roles_hidden,
	.no_role = "a speaker of unknown kind: taken as no person",
	.no_turn = "a message that is no object",
	.say = openwebui_say,
};

static int openwebui_read(struct import_job *job,
			  struct import_source *source, struct err *err)
{
	return database_is_magic(buf_span(&source->input.head)) ?
		openwebui_read_store(job, source, err) :
		app_read(job, source, err);
}

const struct importer openwebui_importer = {
	.name = "openwebui",
	.one = "store of Open WebUI",
	.many = "stores of Open WebUI",
	.construct = "openwebui",
	.signs = (const char *const[]){
		"chat.history user_id|updated_at|meta", NULL
	},
	.tables = (const char *const[]){ "chat id user_id chat", NULL },
	.read = openwebui_read,
	.flat = &openwebui_format,
	.has_settings = true,
};
