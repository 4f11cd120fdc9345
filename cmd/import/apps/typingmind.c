/*
 * Backups of TypingMind: {"data":{"chats":[{"chatID","chatTitle","messages":
 * [{"uuid","role","content"}]}],"userCharacters","userPrompts",..}}. Content
 * is a text or blocks. What a chat says of its model may hold headers with
 * keys: that is left out.
 */
#include "cmd/import/apps/app.h"
#include "cmd/import/apps/formats.h"

/* ISO 8601, or milliseconds. */
static struct chat_time typingmind_time(const struct jval *value)
{
	return jval_is(value, JVAL_NUMBER) ? chat_time_of_ms(value) :
		chat_time_of(value);
}

static int typingmind_say(struct flat *flat, struct flat_item *turn,
			  struct chat_message *message, struct err *err)
{
	struct blocks blocks = app_blocks(flat, message);

	(void)err;
	if (!strcmp(message->role, "tool"))
		blocks_result(&blocks, take_text(&turn->take, "tool_call_id"),
			      take_any(&turn->take, "content"), false, NULL);
	else
		blocks_take_openai(&blocks, &turn->take);
	app_shown(message, &blocks);
	return 0;
}

static const struct flat_row session[] = {
	{ FLAT_KEY, "chatID", FLAT_TAKEN },
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_TITLE, "chatTitle", FLAT_TAKEN },
	{ FLAT_MODEL, "model", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_TAKEN },
	{ FLAT_UPDATED, "updatedAt", FLAT_TAKEN },
	{ FLAT_LEFT_OUT, "modelInfo", FLAT_TAKEN },
	FLAT_ROWS_END
};

static int typingmind_talk(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	const struct jval *list = jval_get(value, "messages");
	const struct jval *message = jval_first(list);
	struct flat_item item;
	struct app_talk talk = {
		.item = &item, .value = value, .key_member = "uuid",
		.system = jval_text(jval_at(value,
					    "chatParams.systemMessage")),
	};
	int rc = flat_item(flat, session, value, &item, err);

	if (rc < 0)
		return rc;
	if (!jval_is(list, JVAL_ARRAY))
		return flat_malformed(flat, flat->format->malformed, value,
				      err);
	for (; rc >= 0 && message; message = message->next) {
		struct app_turn turn = { .value = message };

		turn.key = jval_get_text(message, "uuid");
		if (!turn.key.len)
			turn.key = jval_get_text(message, "id");
		rc = app_add(flat, &turn, err);
	}
	(void)take_same(&item.take, "id", item.text[FLAT_KEY]);
	app_folder(flat, jval_get_text(value, "folderID"));
	take_done(&item.take, list);
	if (rc >= 0)
		return app_talk(flat, &talk, err);
	app_forget(flat);
	return rc;
}

static const struct flat_row character[] = {
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_SAID, "instruction", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_TAKEN },
	{ FLAT_UPDATED, "updatedAt", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row prompt[] = {
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_SAID, "content", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_TAKEN },
	{ FLAT_UPDATED, "updatedAt", FLAT_TAKEN },
	FLAT_ROWS_END
};

static int typingmind_backup(struct flat *flat, struct err *err)
{
	static const struct app_persona personas = {
		"persona/", "persona", character
	};
	static const struct app_persona prompts = {
		"prompt/", "prompt", prompt
	};
	const struct jval *data = jval_get(flat->given->value, "data");
	const struct jval *one = jval_first(jval_get(data, "folders"));
	int rc = 0;

	for (; rc >= 0 && one; one = one->next)
		rc = app_folder_add(flat, jval_get_text(one, "id"),
				    jval_get(one, "title"), err);
	if (rc >= 0)
		rc = app_each(flat, jval_get(data, "chats"), typingmind_talk,
			      err);

	one = jval_first(jval_get(data, "userCharacters"));
	for (; rc >= 0 && one; one = one->next)
		rc = app_remember(flat, one, &personas, err);
	one = jval_first(jval_get(data, "userPrompts"));
	for (; rc >= 0 && one; one = one->next)
		rc = app_remember(flat, one, &prompts, err);
	return rc;
}

static const struct flat_row turn[] = {
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	{ FLAT_MODEL, "model", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_format typingmind_format = {
	.provider = "typingmind",
	.document = "data.chats",
	.value = typingmind_backup,
	.malformed = "a chat without messages",
	.session = session,
	.turn = turn,
	.roles = app_roles,
	.no_role = "a speaker of unknown kind: taken as no person",
	.no_turn = "a message that is no object",
	.say = typingmind_say,
	.time = typingmind_time,
	.left_out = "what a chat says of its model, which may hold keys",
	.note = "chats, characters, prompts and titles of folders are read: not "
		"the settings, plugins and keys that such a backup may have "
		"beside them",
};

const struct importer typingmind_importer = {
	.name = "typingmind",
	.one = "TypingMind backup",
	.many = "TypingMind backups",
	.construct = "typingmind",
	.signs = (const char *const[]){ "data.chats", NULL },
	.read = app_read,
	.flat = &typingmind_format,
	.has_settings = true,
};
