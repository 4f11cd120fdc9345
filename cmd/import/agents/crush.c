/*
 * Crush: a database in the folder of each project. A message is a list of
 * parts, each {"type","data"}; the arguments of a call are JSON in a text.
 * Times are seconds, whatever the database's own comments say.
 */
#include "cmd/import/agents/agents.h"
#include "cmd/import/agents/clock.h"
#include "cmd/import/input/from_database.h"
#include "cmd/import/flat/flat.h"
#include "cmd/import/records/blocks.h"
#include "cmd/import/records/rest.h"

#define FOLDER ".crush"

/* --- parts ----------------------------------------------------------------- */

static void put_call(struct blocks *blocks, struct take *part,
		     struct take *data)
{
	struct span id = take_text(data, "id");
	struct span name = take_text(data, "name");
	const struct jval *input = take_any(data, "input");

	if (jval_is(take_see(data, "finished"), JVAL_TRUE))
		(void)take_flag(data, "finished");
	blocks_call(blocks, id, name, input,
		    take_one_rest(part, data, "data"));
}

static void put_result(struct blocks *blocks, struct take *part,
		       struct take *data)
{
	struct span id = take_text(data, "tool_call_id");
	const struct jval *result = take_any(data, "content");
	bool is_error = take_flag(data, "is_error");

	blocks_result(blocks, id, result, is_error,
		      take_one_rest(part, data, "data"));
}

static void put_file(struct blocks *blocks, struct take *part,
		     struct take *data)
{
	struct parts *parts = blocks->parts;

	blocks->has_file = true;
	part_begin(parts, "file");
	part_base64(parts, blocks->chat, "data", data, "Data",
		    jval_text(take_see(data, "MIMEType")));
	take_rest_under(take_one_rest(part, data, "data"), "native",
			&parts->fields);
	part_end(parts);
}

/* Why the model stopped: in words only where something went wrong. */
static void put_finish(struct blocks *blocks, struct take *part,
		       struct take *data)
{
	struct span message = jval_text(take_see(data, "message"));
	struct span details = jval_text(take_see(data, "details"));
	struct parts *parts = blocks->parts;

	if (message.len)
		part_said(parts, "error", message, NULL);
	if (details.len)
		part_said(parts, "error", details, NULL);
	part_rest(parts, "finish", take_one_rest(part, data, "data"));
}

static void put_part(struct blocks *blocks, const struct jval *value)
{
	const struct jval *type = jval_get(value, "type");
	struct take part = take_begin(value);
	struct take data = take_begin(take_see(&part, "data"));
	struct span said;

	take_done(&part, type);
	if (!data.object) {
		blocks_put_one(blocks, value);
	} else if (jval_is_text(type, "text")) {
		said = take_text(&data, "text");
		if (take_left(take_one_rest(&part, &data, "data"), NULL))
			blocks_put_one(blocks, value);
		else
			blocks_text(blocks, said);
	} else if (jval_is_text(type, "reasoning")) {
		said = take_text(&data, "thinking");
		blocks_thought(blocks, said,
			       take_one_rest(&part, &data, "data"));
	} else if (jval_is_text(type, "tool_call")) {
		put_call(blocks, &part, &data);
	} else if (jval_is_text(type, "tool_result")) {
		put_result(blocks, &part, &data);
	} else if (jval_is_text(type, "binary")) {
		put_file(blocks, &part, &data);
	} else if (jval_is_text(type, "finish")) {
		put_finish(blocks, &part, &data);
	} else {
		blocks_put_one(blocks, value);
	}
}

static int crush_say(struct flat *flat, struct flat_item *turn,
		     struct chat_message *message, struct err *err)
{
	struct blocks blocks = {
		.parts = &flat->parts, .chat = &flat->chat,
		.is_prompt = !strcmp(message->role, "user"),
	};
	const struct jval *part = jval_first(turn->said);
	int rc = jval_is(turn->said, JVAL_STRING) ?
		import_skip(flat->source, AGENTS_TORN, NULL, err) : 0;

	(void)take_same(&turn->take, "session_id", buf_span(&flat->key));
	take_done(&turn->take, turn->said);
	if (!jval_is(turn->said, JVAL_ARRAY))
		blocks_put(&blocks, turn->said);
	for (; jval_is(turn->said, JVAL_ARRAY) && part; part = part->next)
		put_part(&blocks, part);
	if (strcmp(message->visibility, "hidden"))
		message->visibility = blocks_visibility(&blocks);
	return rc;
}

/* --- tables ---------------------------------------------------------------- */

static const struct rows_shape message_rows = {
	.table = "messages", .member = "messages", .column = "session_id",
	.orphans = "messages",
	.order = (const char *const[]){ "created_at", NULL },
	.json = (const char *const[]){ "parts", NULL },
};

/* What its tools changed and read. */
static const struct rows_shape file_rows = {
	.table = "files", .member = "files", .column = "session_id",
	.order = (const char *const[]){ "path", "version", NULL },
};

static const struct rows_shape read_rows = {
	.table = "read_files", .member = "read_files",
	.column = "session_id",
	.order = (const char *const[]){ "path", NULL },
};

static const struct rows_shape session_shape = {
	.table = "sessions",
	.order = (const char *const[]){ "created_at", "id", NULL },
	.json = (const char *const[]){ "todos", NULL },
	.inner = (const struct rows_shape *const[]){
		&message_rows, &file_rows, &read_rows, NULL
	},
};

static const struct flat_row session_rows[] = {
	{ FLAT_KEY, "id", FLAT_TAKEN },
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_PARENT, "parent_session_id", FLAT_TAKEN },
	{ FLAT_CWD, "workspace_cwd", FLAT_TAKEN },
	{ FLAT_CREATED, "created_at", FLAT_TAKEN },
	{ FLAT_UPDATED, "updated_at", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row turn_rows[] = {
	{ FLAT_KEY, "id", FLAT_TAKEN },
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	{ FLAT_MODEL, "model", FLAT_TAKEN },
	{ FLAT_CREATED, "created_at", FLAT_TAKEN },
	{ FLAT_SAID, "parts", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_role roles[] = {
	{ "user", "user", NULL },
	{ "assistant", "assistant", NULL },
	{ "tool", "tool", "tool" },
	{ "system", "system", "hidden" },
	{ NULL, NULL, NULL }
};

static const struct flat_format crush_format = {
	.provider = "crush",
	.rows = &session_shape,
	.turns = (const char *const[]){ "messages", NULL },
	.malformed = "a session without messages",
	.session = session_rows,
	.turn = turn_rows,
	.roles = roles,
	.no_role = "a speaker of unknown kind: taken as no person",
	.no_turn = "a message that is no object",
	.say = crush_say,
	.time = clock_utc,
};

/* The project that it lies in is where its sessions worked. */
static int crush_beside(const struct import_input *input, struct span place,
			struct beside *to, struct err *err)
{
	struct span folder = beside_part(place, 1);

	(void)input;
	if (!span_equals(folder, span_str(FOLDER)) ||
	    folder.at <= place.at + 1)
		return 0;
	return beside_say(to, "cwd", span_of(place.at,
			  (size_t)(folder.at - place.at) - 1), err);
}

const struct importer crush_importer = {
	.name = "crush",
	.one = "database of Crush",
	.many = "databases of Crush",
	.construct = "crush",
	.tables = (const char *const[]){
		"sessions id parent_session_id title; "
		"messages session_id role parts", NULL
	},
	.beside = crush_beside,
	.read = flat_read,
	.flat = &crush_format,
	.is_of_agents = true,
};
