/*
 * Conversations as OpenAI's interfaces take them, one on a line:
 * {"messages":[{"role":..,"content":..}]}. They have no ids: the key of a
 * session is the hash of what it holds.
 */
#include "cmd/import/flat/flat.h"
#include "cmd/import/flat/formats.h"
#include "cmd/import/records/prose.h"

static void add_part(struct parts *parts, const struct jval *part)
{
	struct take take = take_begin(part);
	const struct jval *type = take_any(&take, "type");
	struct span text = jval_get_text(part, "text");

	if (jval_is(part, JVAL_STRING))
		part_text(parts, jval_text(part));
	else if (text.at && (!type || jval_is_text(type, "text")) &&
		 jval_count(part) == (type ? 2 : 1))
		part_text(parts, text);
	else if (jval_is_text(type, "image_url"))
		part_rest(parts, "image", &take);
	else if (jval_is_text(type, "input_audio"))
		part_rest(parts, "audio", &take);
	else if (prose_is_in(part))
		part_other(parts, part);
	else
		part_native(parts, "block", part);
}

static void add_content(struct parts *parts, const struct jval *content)
{
	const struct jval *part = jval_first(content);

	if (jval_is(content, JVAL_STRING))
		part_text(parts, jval_text(content));
	else if (content && !jval_is(content, JVAL_NULL) &&
		 !jval_is(content, JVAL_ARRAY))
		part_other(parts, content);
	for (; jval_is(content, JVAL_ARRAY) && part; part = part->next)
		add_part(parts, part);
}

static void add_calls(struct parts *parts, struct take *take)
{
	struct span thought = take_text(take, "reasoning_content");
	const struct jval *one = take_any(take, "function_call");
	const struct jval *call = jval_first(take_value(take, "tool_calls",
							JVAL_ARRAY));

	if (thought.at)
		part_said(parts, "reasoning", thought, NULL);
	for (; call; call = call->next)
		part_native(parts, "tool_call", call);
	if (one && !jval_is(one, JVAL_NULL))
		part_native(parts, "tool_call", one);
}

static int openai_say(struct flat *flat, struct flat_item *turn,
		      struct chat_message *message, struct err *err)
{
	struct parts *parts = &flat->parts;

	(void)err;
	add_content(parts, turn->said);
	take_done(&turn->take, turn->said);
	add_calls(parts, &turn->take);
	if (!strcmp(message->visibility, "visible") && !parts->content.len &&
	    parts->count)
		message->visibility = "tool";
	return 0;
}

static const struct flat_row session_rows[] = { FLAT_ROWS_END };

static const struct flat_row turn_rows[] = {
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	{ FLAT_NAME, "name", FLAT_TAKEN },
	{ FLAT_SAID, "content", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_role roles[] = {
	{ "user", "user", NULL },
	{ "assistant", "assistant", NULL },
	{ "system", "system", "hidden" },
	{ "developer", "developer", "hidden" },
	{ "tool", "tool", "tool" },
	{ "function", "tool", "tool" },
	{ NULL, NULL, NULL }
};

static const struct flat_format openai_format = {
	.provider = "openai",
	.turns = (const char *const[]){ "messages", NULL },
	.malformed = "a conversation without messages",
	.session = session_rows,
	.turn = turn_rows,
	.roles = roles,
	.no_role = "a role of unknown kind: taken as no person's",
	.no_turn = "a turn that is no object",
	.say = openai_say,
};

const struct importer openai_jsonl_importer = {
	.name = "openai-jsonl",
	.one = "file of OpenAI messages",
	.many = "files of OpenAI messages",
	.construct = "openai",
	/* Programs' own files have messages too, and say more of a session. */
	.signs = (const char *const[]){
		"messages *role *content !sessionId|session_id|schema_version|"
		"uuid|agents|agent_type|mapping|requests|type|v|version|"
		"created|createdAt|created_at|updatedAt|updated_at|title|name",
		NULL
	},
	.read = flat_read,
	.flat = &openai_format,
};
