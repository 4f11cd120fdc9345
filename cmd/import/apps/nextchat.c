/*
 * Backups of NextChat: {"chat-next-web-store":{"sessions":[..]},..}, beside
 * which stands what the app keeps else, keys among it: of that nothing is
 * read but the masks and prompts of the person. Messages have a date as
 * the browser writes it for its person, in an order of day and month that it
 * does not say: unknown, and kept.
 */
#include "cmd/import/apps/app.h"
#include "cmd/import/apps/formats.h"
#include "cmd/import/records/rest.h"
#include "lib/time/timestamp.h"

/* Milliseconds; of a text only what cannot be read in two ways. */
static struct chat_time nextchat_time(const struct jval *value)
{
	const struct chat_time none = CHAT_TIME_NONE;
	struct chat_time time = jval_is(value, JVAL_NUMBER) ?
		chat_time_of_ms(value) : chat_time_of(value);

	return time.flags & TIMESTAMP_NO_ZONE ? none : time;
}

/* {"id","type","function":{"name","arguments"},"content","isError"} */
static void say_tool(struct blocks *blocks, const struct jval *tool)
{
	struct take take = take_begin(tool);
	struct take function = take_inner(&take, "function");
	struct span id = jval_get_text(tool, "id");
	const struct jval *result = take_any(&take, "content");
	struct span name = take_text(&function, "name");
	const struct jval *input = take_any(&function, "arguments");

	(void)take_text(&take, "id");
	(void)take_word(&take, "type", "function");
	blocks_call(blocks, id, name, input, take_left(&function, NULL) ?
		    &function : NULL);
	if (!result)
		result = take_any(&take, "errorMsg");
	if (result && !jval_is(result, JVAL_NULL))
		blocks_result(blocks, id, result,
			      take_flag(&take, "isError"), &take);
}

static int nextchat_say(struct flat *flat, struct flat_item *turn,
			struct chat_message *message, struct err *err)
{
	const struct app *app = flat->own;
	struct blocks blocks = app_blocks(flat, message);
	const struct jval *tool = jval_first(take_value(&turn->take, "tools",
							JVAL_ARRAY));
	const struct jval *content = take_any(&turn->take, "content");

	(void)err;
	(void)take_value(&turn->take, "streaming", JVAL_FALSE);
	for (; tool; tool = tool->next)
		say_tool(&blocks, tool);
	blocks_put(&blocks, content);
	app_shown(message, &blocks);
	if (app->turn->around)
		message->visibility = "hidden";
	return 0;
}

static int add_all(struct flat *flat, const struct jval *list,
		   const struct jval *around, struct err *err)
{
	const struct jval *message = jval_first(list);
	int rc = 0;

	for (; rc >= 0 && message; message = message->next) {
		struct app_turn turn = { .value = message, .around = around };

		turn.key = jval_get_text(message, "id");
		rc = app_add(flat, &turn, err);
	}
	return rc;
}

/* What a mask says first is told to the model, and no message of anybody. */
static int nextchat_talk(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	const struct jval *list = jval_get(value, "messages");
	const struct jval *mask = jval_get(value, "mask");
	const struct jval *context = jval_get(mask, "context");
	struct flat_item item;
	struct app_talk talk = {
		.item = &item, .value = value, .key_member = "id",
	};
	struct take rest;
	int rc = flat_item(flat, flat->format->session, value, &item, err);

	if (rc < 0)
		return rc;
	if (!jval_is(list, JVAL_ARRAY))
		return flat_malformed(flat, flat->format->malformed, value,
				      err);
	rc = add_all(flat, context, mask, err);
	if (rc >= 0)
		rc = add_all(flat, list, NULL, err);
	take_done(&item.take, list);
	rest = take_inner(&item.take, "mask");
	if (jval_is(context, JVAL_ARRAY))
		take_done(&rest, context);
	take_rest_under(&rest, "mask", &flat->native);
	if (rc >= 0)
		return app_talk(flat, &talk, err);
	app_forget(flat);
	return rc;
}

/* A mask says several things: what is remembered is all of it, as text. */
static int remember_mask(struct flat *flat, const struct jval *mask,
			 struct err *err)
{
	struct take take = take_begin(mask);
	const struct jval *list = take_see(&take, "context");
	const struct jval *said = jval_first(list);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span name = take_text(&take, "name");
	struct span key = take_filled(&take, "id");
	int rc;

	for (; said; said = said->next) {
		buf_put_str(&text, text.len ? "\n\n" : "");
		buf_put_span(&text, jval_get_text(said, "content"));
	}
	rc = buf_end(&text, err);
	if (rc < 0)
		goto out;
	if (!take.object || !text.len) {
		rc = flat_leave_out(flat, "a mask that says nothing", err);
		goto out;
	}
	flat_memory_begin(flat, "persona/", key.len ? key : mask->key);
	fields_said(&flat->memory.fields, "name", name);
	flat_memory_says(flat, "persona", buf_span(&text));
	flat->memory.time = take_time_as(&take, "createdAt", chat_time_of_ms);
	fields_time(&flat->memory.fields, "created", &flat->memory.time);
	take_rest(&take, &flat->native);
	rc = flat_memory_put(flat, err);
out:
	buf_release(&text);
	return rc;
}

static const struct flat_row prompt[] = {
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_SAID, "content", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_TAKEN },
	FLAT_ROWS_END
};

static int nextchat_backup(struct flat *flat, struct err *err)
{
	static const struct app_persona prompts = {
		"prompt/", "prompt", prompt
	};
	const struct jval *whole = flat->given->value;
	const struct jval *one = jval_first(jval_get(jval_get(whole,
					"mask-store"), "masks"));
	int rc = app_each(flat, jval_get(jval_get(whole,
			  "chat-next-web-store"), "sessions"), nextchat_talk,
			  err);

	for (; rc >= 0 && one; one = one->next)
		rc = remember_mask(flat, one, err);
	one = jval_first(jval_get(jval_get(whole, "prompt-store"),
				  "prompts"));
	for (; rc >= 0 && one; one = one->next)
		rc = app_remember(flat, one, &prompts, err);
	return rc;
}

static const struct flat_row session[] = {
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_TITLE, "topic", FLAT_TAKEN },
	{ FLAT_UPDATED, "lastUpdate", FLAT_TAKEN },
	{ FLAT_MODEL, "mask.modelConfig.model", FLAT_STAYS },
	FLAT_ROWS_END
};

static const struct flat_row turn[] = {
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	{ FLAT_MODEL, "model", FLAT_TAKEN },
	{ FLAT_CREATED, "date", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_format nextchat_format = {
	.provider = "nextchat",
	.document = "chat-next-web-store",
	.value = nextchat_backup,
	.malformed = "a session without messages",
	.session = session,
	.turn = turn,
	.roles = app_roles_hidden,
	.no_role = "a speaker of unknown kind: taken as no person",
	.no_turn = "a message that is no object",
	.say = nextchat_say,
	.time = nextchat_time,
	.note = "sessions, masks and prompts are read: not the settings and "
		"keys that such a backup has beside them",
};

const struct importer nextchat_importer = {
	.name = "nextchat",
	.one = "NextChat backup",
	.many = "NextChat backups",
	.construct = "nextchat",
	.signs = (const char *const[]){ "chat-next-web-store", NULL },
	.read = app_read,
	.flat = &nextchat_format,
	.has_settings = true,
};
