/*
 * Conversations of LibreChat, a file each: {"conversationId","title","endpoint",
 * "exportAt","messages":[..]}, or as a tree {"messagesTree":[{..,"children":
 * [..]}]}. A message names its parent, zeros for none; it says a text, or
 * nothing there and a list of parts under content. exportAt is a time of day
 * without a date: kept, and no time.
 */
#include <stdlib.h>

#include "cmd/import/apps/app.h"
#include "cmd/import/apps/formats.h"
#include "cmd/import/records/rest.h"
#include "lib/base/array.h"

#define ROOT "00000000-0000-0000-0000-000000000000"
#define DEPTH_MAX 20000		/* two for each answer of a tree */

/* "..", or {"value":".."}. */
static struct span text_in(const struct jval *value)
{
	return jval_is(value, JVAL_OBJECT) ? jval_get_text(value, "value") :
		jval_text(value);
}

/* {"id","name","args","output"}, or older {"id","function":{"name",
 * "arguments","output"}}. */
static void say_call(struct blocks *blocks, const struct jval *part)
{
	struct take take = take_begin(jval_get(part, "tool_call"));
	struct take function = take_inner(&take, "function");
	struct take *in = function.object ? &function : &take;
	struct span id = take_text(&take, "id");
	struct span name = take_text(in, "name");
	const struct jval *input = take_any(in, function.object ?
					    "arguments" : "args");
	const struct jval *output = take_any(in, "output");

	if (function.object && take_left(&function, NULL))
		take = take_begin(jval_get(part, "tool_call"));
	blocks_call(blocks, id, name, input, &take);
	if (output && !jval_is(output, JVAL_NULL))
		blocks_result(blocks, id, output, false, NULL);
}

static void say_part(struct flat *flat, struct blocks *blocks,
		     const struct jval *part)
{
	const struct jval *type = jval_get(part, "type");
	struct take take = take_begin(part);
	struct span text = text_in(jval_get(part, "text"));
	struct span thought = text_in(jval_get(part, "think"));
	const struct jval *error = jval_get(part, "error");

	if (jval_is_text(type, "tool_call") &&
	    jval_is(jval_get(part, "tool_call"), JVAL_OBJECT)) {
		say_call(blocks, part);
	} else if (jval_is_text(type, "think") && thought.at) {
		(void)take_any(&take, "type");
		(void)take_any(&take, "think");
		blocks_thought(blocks, thought, &take);
	} else if (jval_is_text(type, "error")) {
		app_error(blocks, error ? error : jval_get(part, "text"));
	} else if (jval_is_text(type, "text") && text.at) {
		(void)take_any(&take, "type");
		(void)take_any(&take, "text");
		if (take_left(&take, NULL))
			blocks_put_one(blocks, part);
		else
			blocks_text(blocks, text);
	} else if (jval_is_text(type, "image_file")) {
		blocks->has_file = true;
		part_native(&flat->parts, "image", part);
	} else if (jval_is_text(type, "agent_update")) {
		part_native(&flat->parts, "agent_update", part);
	} else if (part && !jval_is(part, JVAL_NULL)) {
		blocks_put_one(blocks, part);
	}
}

static int librechat_say(struct flat *flat, struct flat_item *turn,
			 struct chat_message *message, struct err *err)
{
	struct take *take = &turn->take;
	bool is_user = jval_is(take_see(take, "isCreatedByUser"),
			       JVAL_TRUE) ||
		(!jval_get(turn->value, "isCreatedByUser") &&
		 jval_is_text(take_see(take, "sender"), "User"));
	const struct jval *list = take_value(take, "content", JVAL_ARRAY);
	const struct jval *part = jval_first(list);
	struct blocks blocks;

	(void)err;
	message->role = is_user ? "user" : "assistant";
	blocks = app_blocks(flat, message);
	(void)take_flag(take, "isCreatedByUser");
	(void)take_value(take, "children", JVAL_ARRAY);
	if (!message->parent.len ||
	    span_equals(message->parent, span_str("system")))
		(void)take_word(take, "parentMessageId", ROOT);
	for (; part; part = part->next)
		say_part(flat, &blocks, part);
	if (!jval_first(list) || !jval_get_text(turn->value, "text").len)
		blocks_text(&blocks, take_text(take, "text"));
	app_shown(message, &blocks);
	return 0;
}

/* A list whose rest is still to be walked, below that message. */
struct librechat_list {
	const struct jval *next;
	struct span parent;
};

struct librechat_walk {
	struct librechat_list *at;
	size_t n;
	size_t cap;
};

static int enter(struct librechat_walk *walk, const struct jval *list,
		 struct span parent, struct err *err)
{
	int rc;

	if (!jval_first(list))
		return 0;
	rc = array_room(walk, err);
	if (rc < 0)
		return rc;
	walk->at[walk->n].next = jval_first(list);
	walk->at[walk->n++].parent = parent;
	return 0;
}

static struct span parent_named(const struct jval *message)
{
	struct span parent = jval_get_text(message, "parentMessageId");

	return span_equals(parent, span_str(ROOT)) ? span_of(NULL, 0) :
		parent;
}

/* Each message, and then what answers it: the last one that is come by is the
 * one that the app shows. */
static int add_tree(struct flat *flat, const struct jval *list,
		    struct err *err)
{
	struct librechat_walk walk = { NULL, 0, 0 };
	const struct app *app = flat->own;
	struct librechat_list *top;
	int rc = enter(&walk, list, span_of(NULL, 0), err);

	while (rc >= 0 && walk.n) {
		struct app_turn turn = { .value = NULL };
		size_t before = app->turns.n;

		top = &walk.at[walk.n - 1];
		turn.value = top->next;
		turn.parent = top->parent.len ? top->parent :
			parent_named(turn.value);
		turn.key = jval_get_text(turn.value, "messageId");
		top->next = turn.value->next;
		walk.n -= !top->next;
		rc = app_add(flat, &turn, err);
		if (rc >= 0 && app->turns.n > before)
			rc = enter(&walk, jval_get(turn.value, "children"),
				   app->turns.at[before].key, err);
	}
	free(walk.at);
	return rc;
}

static int librechat_talk(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	const struct jval *list = jval_get(value, "messagesTree");
	struct flat_item item;
	struct take options;
	struct app_talk talk = {
		.item = &item, .value = value, .is_tree = true,
		.key_member = "messageId", .parent_member = "parentMessageId",
	};
	int rc = flat_item(flat, flat->format->session, value, &item, err);

	if (rc < 0)
		return rc;
	if (!list)
		list = jval_get(value, "messages");
	/* A tree of one root may stand without its list. */
	if (jval_is(list, JVAL_OBJECT) && jval_get(list, "children")) {
		take_done(&item.take, list);
		list = jval_get(list, "children");
	}
	if (!jval_is(list, JVAL_ARRAY))
		return flat_malformed(flat, flat->format->malformed, value,
				      err);
	rc = add_tree(flat, list, err);
	take_done(&item.take, list);
	options = take_inner(&item.take, "options");
	talk.system = take_filled(&options, "promptPrefix");
	if (!talk.system.len)
		talk.system = take_filled(&options, "system");
	take_rest_under(&options, "options", &flat->native);
	if (rc >= 0)
		return app_talk(flat, &talk, err);
	app_forget(flat);
	return rc;
}

static const struct flat_row session[] = {
	{ FLAT_KEY, "conversationId", FLAT_TAKEN },
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_TAKEN },
	{ FLAT_UPDATED, "updatedAt", FLAT_TAKEN },
	{ FLAT_MODEL, "options.model", FLAT_STAYS },
	FLAT_ROWS_END
};

static const struct flat_row turn[] = {
	{ FLAT_NAME, "sender", FLAT_TAKEN },
	{ FLAT_MODEL, "model", FLAT_TAKEN },
	{ FLAT_CREATED, "createdAt", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_format librechat_format = {
	.provider = "librechat",
	.document = "conversationId messages|messagesTree",
	.max_depth = DEPTH_MAX,
	.value = librechat_talk,
	.malformed = "a conversation without messages",
	.session = session,
	.turn = turn,
	.no_turn = "a message that is no object",
	.say = librechat_say,
};

const struct importer librechat_importer = {
	.name = "librechat",
	.one = "LibreChat export",
	.many = "LibreChat exports",
	.construct = "librechat",
	.signs = (const char *const[]){
		"conversationId messagesTree|messages "
		"endpoint|exportAt|recursive|branches", NULL
	},
	.read = app_read,
	.flat = &librechat_format,
	.has_settings = true,
};
