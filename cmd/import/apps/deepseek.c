/*
 * Exports of DeepSeek: conversations as ChatGPT's exports have them, nodes by
 * id that name their parents, but what a message says stands in fragments,
 * {"type":"REQUEST"|"RESPONSE"|"THINK"|..,"content"}, whose type tells the role
 * too; older ones have content and reasoning_content, and no role at all. No
 * node is called the current one: it is the last. Beside it lies user.json
 * with a telephone number, which is not read.
 */
#include "cmd/import/apps/app.h"
#include "cmd/import/apps/formats.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

#define STEPS_MAX 1000	/* up from a node */

/* The node that this one hangs from and that says something: what is above a
 * node without a message. NULL: none is there. */
static const struct jval *node_above(const struct jval *mapping,
				     const struct jval *node)
{
	size_t steps;

	for (steps = 0; node && steps < STEPS_MAX; steps++) {
		node = jval_get_span(mapping, jval_get_text(node, "parent"));
		if (jval_is(jval_get(node, "message"), JVAL_OBJECT))
			return node;
	}
	return NULL;
}

static struct span parent_of(const struct jval *mapping,
			     const struct jval *node)
{
	struct span named = jval_get_text(node, "parent");
	const struct jval *above = node_above(mapping, node);

	if (above)
		return above->key;
	return jval_get_span(mapping, named) ? span_of(NULL, 0) : named;
}

/* Does it hang from nothing but the node at the top, which says nothing? */
static bool is_root(const struct jval *mapping, const struct jval *node)
{
	const struct jval *top = jval_get_span(mapping, jval_get_text(node,
								"parent"));

	return top && jval_is(jval_get(top, "parent"), JVAL_NULL);
}

static const char *role_of_fragments(const struct jval *message)
{
	const struct jval *fragment =
		jval_first(jval_get(message, "fragments"));

	if (!fragment)
		return NULL;
	while (fragment && !jval_is_text(jval_get(fragment, "type"),
					 "REQUEST"))
		fragment = fragment->next;
	return fragment ? "user" : "assistant";
}

/* Without any word of it, those who speak take turns. */
static const char *role_of(const struct jval *mapping,
			   const struct jval *node)
{
	static const char *const roles[] = { "user", "assistant" };
	const struct jval *message;
	const char *known = NULL;
	size_t above = 0;
	bool is_answer;

	for (; node && !known && above < STEPS_MAX; above++) {
		message = jval_get(node, "message");
		known = role_of_fragments(message);
		if (!known && jval_get_text(message, "reasoning_content").len)
			known = "assistant";
		node = node_above(mapping, node);
	}
	is_answer = known && strcmp(known, "user");
	return roles[(above % 2 == 0) != is_answer];
}

static void say_fragment(struct flat *flat, struct blocks *blocks,
			 const struct jval *fragment)
{
	struct take take = take_begin(fragment);
	const struct jval *type = take_any(&take, "type");
	struct span text = take_text(&take, "content");

	if (jval_is_text(type, "THINK") && text.at)
		blocks_thought(blocks, text, &take);
	else if ((jval_is_text(type, "REQUEST") ||
		  jval_is_text(type, "RESPONSE")) && text.at &&
		 !take_left(&take, NULL))
		blocks_text(blocks, text);
	else if (jval_is_text(type, "SEARCH") || jval_is_text(type, "FILE"))
		part_native(&flat->parts, jval_is_text(type, "FILE") ?
			    "file" : "search", fragment);
	else if (text.len) {
		blocks_text(blocks, text);
		part_native(&flat->parts, "fragment", fragment);
	} else {
		blocks->has_text |= prose_is_in(fragment);
		part_other(&flat->parts, fragment);
	}
}

static int deepseek_say(struct flat *flat, struct flat_item *turn,
			struct chat_message *message, struct err *err)
{
	const struct app *app = flat->own;
	struct blocks blocks = app_blocks(flat, message);
	struct take take = take_inner(&turn->take, "message");
	const struct jval *list = take_value(&take, "fragments", JVAL_ARRAY);
	const struct jval *fragment = jval_first(list);

	(void)err;
	message->created = take_time(&take, "inserted_at");
	message->model = take_text(&take, "model");
	message->role = role_of(app->turn->around, turn->value);
	if (!list && jval_get_text(take.object, "reasoning_content").len)
		blocks_thought(&blocks, take_text(&take, "reasoning_content"),
			       NULL);
	if (!list && jval_get_text(take.object, "content").at)
		blocks_text(&blocks, take_text(&take, "content"));
	for (; fragment; fragment = fragment->next)
		say_fragment(flat, &blocks, fragment);
	app_children(turn, "children", app->turn->around, "parent");
	if (!message->parent.len && is_root(app->turn->around, turn->value))
		take_done(&turn->take, take_see(&turn->take, "parent"));
	take_rest_under(&take, "message", &flat->native);
	app_shown(message, &blocks);
	return 0;
}

static int deepseek_talk(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	const struct jval *mapping = jval_get(value, "mapping");
	const struct jval *node = jval_first(mapping);
	struct flat_item item;
	struct app_talk talk = {
		.item = &item, .value = value, .is_tree = true,
		.key_member = "id", .parent_member = "parent",
	};
	int rc = flat_item(flat, flat->format->session, value, &item, err);

	if (rc < 0)
		return rc;
	if (!jval_is(mapping, JVAL_OBJECT))
		return flat_malformed(flat, flat->format->malformed, value,
				      err);
	for (; rc >= 0 && node; node = node->next) {
		const struct app_turn turn = {
			node, node->key, parent_of(mapping, node), mapping
		};

		if (jval_is(jval_get(node, "message"), JVAL_OBJECT))
			rc = app_add(flat, &turn, err);
		else if (!jval_is(jval_get(node, "message"), JVAL_NULL))
			rc = flat_leave_out(flat, flat->format->no_turn, err);
	}
	take_done(&item.take, mapping);
	return rc < 0 ? rc : app_talk(flat, &talk, err);
}

static const struct flat_row session[] = {
	{ FLAT_KEY, "id", FLAT_TAKEN },
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_CREATED, "inserted_at", FLAT_TAKEN },
	{ FLAT_UPDATED, "updated_at", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row turn[] = { FLAT_ROWS_END };

static const struct flat_format deepseek_format = {
	.provider = "deepseek",
	.value = deepseek_talk,
	.malformed = "a conversation without messages",
	.session = session,
	.turn = turn,
	.no_turn = "a node without a message",
	.say = deepseek_say,
};

const struct importer deepseek_importer = {
	.name = "deepseek",
	.one = "DeepSeek export",
	.many = "DeepSeek exports",
	.construct = "deepseek",
	.signs = (const char *const[]){ "mapping inserted_at", NULL },
	.read = app_read,
	.flat = &deepseek_format,
	.has_settings = true,
};
