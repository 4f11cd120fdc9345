/*
 * Conversations as OpenAI's interfaces take them, one on a line:
 * {"messages":[{"role":..,"content":..}]}. They have no ids: the key of a
 * session is the hash of what it holds.
 */
#include "cmd/import/flat/flat.h"
#include "cmd/import/flat/formats.h"
#include "cmd/import/records/blocks.h"

static int openai_say(struct flat *flat, struct flat_item *turn,
		      struct chat_message *message, struct err *err)
{
	struct blocks blocks = { .parts = &flat->parts, .chat = &flat->chat };
	struct take *take = &turn->take;
	struct span id = take_text(take, "tool_call_id");

	(void)err;
	if (id.at || !strcmp(message->role, "tool"))
		blocks_result(&blocks, id, take_any(take, "content"), false,
			      NULL);
	else
		blocks_take_openai(&blocks, take);
	if (!strcmp(message->visibility, "visible"))
		message->visibility = blocks_visibility(&blocks);
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
		"messages *role *content !info|sessionId|session_id|schema_version|"
		"uuid|agents|agent_type|mapping|requests|type|v|version|"
		"created|createdAt|created_at|updatedAt|updated_at|title|name",
		NULL
	},
	.read = flat_read,
	.flat = &openai_format,
};
