/*
 * Exports of Grok: {"conversations":[{"conversation":{..},"responses":[..]}]}.
 * Where responses name the one that they answer, they are a tree; else a row.
 */
#include "cmd/import/flat/flat.h"
#include "cmd/import/flat/formats.h"

/* ISO 8601, or what a database writes: {"$date":{"$numberLong":"<ms>"}}. */
static struct chat_time time_of(const struct jval *value)
{
	const struct jval *date = jval_get(value, "$date");
	const struct jval *ms = jval_get(date, "$numberLong");

	if (ms || jval_is(date, JVAL_NUMBER))
		return chat_time_of_ms(ms ? ms : date);
	return chat_time_of(date ? date : value);
}

static const struct flat_row session[] = {
	{ FLAT_KEY, "_id", FLAT_STAYS },
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_CREATED, "create_time", FLAT_TAKEN },
	{ FLAT_UPDATED, "modify_time", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row turn[] = {
	{ FLAT_KEY, "_id", FLAT_TAKEN },
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_PARENT, "parent_response_id", FLAT_TAKEN },
	{ FLAT_ROLE, "sender", FLAT_STAYS },
	{ FLAT_MODEL, "model", FLAT_STAYS },
	{ FLAT_CREATED, "create_time", FLAT_TAKEN },
	{ FLAT_SAID, "message", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_role roles[] = {
	{ "human", "user", NULL },
	{ "user", "user", NULL },
	{ "assistant", "assistant", NULL },
	{ "system", "system", NULL },
	{ NULL, NULL, NULL }
};

static const struct flat_format grok_format = {
	.provider = "grok",
	.list = "conversations",
	.about = "conversation",
	.turns = (const char *const[]){ "responses", NULL },
	.malformed = "a conversation without responses",
	.session = session,
	.turn = turn,
	.wrapped = "response",
	.roles = roles,
	.no_turn = "a response that is no object",
	.time = time_of,
	.note = "only its conversations are read: not the projects, tasks "
		"and pictures that such a file may have beside them",
};

const struct importer grok_importer = {
	.name = "grok",
	.one = "Grok export",
	.many = "Grok exports",
	.construct = "grok",
	.signs = (const char *const[]){
		"conversations *responses *conversation", NULL
	},
	.read = flat_read,
	.flat = &grok_format,
};
