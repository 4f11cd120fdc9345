/*
 * Chats of Open WebUI: rows {"id","title","chat":{"history":{"messages":
 * {"<id>":{"id","parentId","childrenIds","role","content","timestamp"}},
 * "currentId"},"messages":[..]},"created_at","updated_at"}, as its exports and
 * its database have them. chat.messages repeats the branch that is shown; the
 * oldest chats have nothing else. Times are seconds.
 */
#include "cmd/import/apps/app.h"
#include "cmd/import/apps/details.h"
#include "cmd/import/apps/formats.h"
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
	say_files(flat, &blocks, take_value(take, "files", JVAL_ARRAY));
	say_error(&blocks, take);
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

static int openwebui_talk(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	const struct jval *chat = jval_get(value, "chat");
	const struct jval *map = jval_at(chat, "history.messages");
	const struct jval *list = jval_get(chat, "messages");
	bool has_map = jval_is(map, JVAL_OBJECT) &&
		(jval_first(map) || !jval_first(list));
	struct flat_item item;
	struct app_talk talk = {
		.item = &item, .value = value, .is_tree = has_map,
		.key_member = "id", .parent_member = "parentId",
	};
	int rc = flat_item(flat, flat->format->session, value, &item, err);

	if (rc < 0)
		return rc;
	if (!has_map && !jval_is(list, JVAL_ARRAY))
		return flat_malformed(flat, flat->format->malformed, value,
				      err);
	rc = add_all(flat, has_map ? map : list, has_map ? map : NULL, err);
	if (has_map)
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
	{ FLAT_CREATED, "timestamp", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_role roles[] = {
	{ "user", "user", NULL },
	{ "assistant", "assistant", NULL },
	{ "system", "system", "hidden" },
	{ "tool", "tool", "tool" },
	{ NULL, NULL, NULL }
};

static const struct flat_format openwebui_format = {
	.provider = "openwebui",
	.value = openwebui_talk,
	.malformed = "a chat without messages",
	.session = session,
	.turn = turn,
	.roles = roles,
	.no_role = "a speaker of unknown kind: taken as no person",
	.no_turn = "a message that is no object",
	.say = openwebui_say,
};

const struct importer openwebui_importer = {
	.name = "openwebui",
	.one = "Open WebUI export",
	.many = "Open WebUI exports",
	.construct = "openwebui",
	.signs = (const char *const[]){
		"chat.history user_id|updated_at|meta", NULL
	},
	.read = app_read,
	.flat = &openwebui_format,
};
