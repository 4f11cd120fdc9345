/*
 * Goose: a database of sessions and messages; before it a log a session, whose
 * first line tells of the session. Messages are lists of blocks in both. What
 * a tool gave back comes under the person's name, as do the summaries that
 * only the model sees.
 */
#include "cmd/import/agents/agents.h"
#include "cmd/import/agents/clock.h"
#include "cmd/import/input/from_database.h"
#include "cmd/import/flat/flat.h"
#include "cmd/import/logs/log.h"
#include "cmd/import/records/blocks.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"

#define EXPORT "working_dir conversation"	/* one that was exported */

/* --- what a message says --------------------------------------------------- */

/* A call or a result stands two objects deep. */
struct nest {
	struct take block;
	struct take state;	/* {"status","value"|"error"} */
	struct take value;
};

static struct nest nest_begin(const struct jval *block, const char *member)
{
	const struct jval *state = jval_get(block, member);
	struct nest nest = {
		.block = take_begin(block), .state = take_begin(state),
		.value = take_begin(jval_get(state, "value")),
	};

	take_done(&nest.block, take_see(&nest.block, "type"));
	(void)take_word(&nest.state, "status", "success");
	return nest;
}

static const struct take *nest_rest(struct nest *nest, const char *member)
{
	return take_one_rest(&nest->block, take_one_rest(&nest->state,
		&nest->value, "value"), member);
}

static void put_call(struct blocks *blocks, const struct jval *block)
{
	struct nest nest = nest_begin(block, "toolCall");
	struct span id = take_text(&nest.block, "id");
	struct span name = take_text(&nest.value, "name");
	const struct jval *input = take_any(&nest.value, "arguments");

	blocks_call(blocks, id, name, input, nest_rest(&nest, "toolCall"));
}

/* Once the value was the list itself. */
static void put_result(struct blocks *blocks, const struct jval *block)
{
	struct nest nest = nest_begin(block, "toolResult");
	struct span id = take_text(&nest.block, "id");
	const struct jval *result = take_see(&nest.state, "error");
	bool is_error = result && !jval_is(result, JVAL_NULL);

	if (is_error) {
		(void)take_word(&nest.state, "status", "error");
		take_done(&nest.state, result);
	} else if (nest.value.object &&
		   jval_is(take_see(&nest.value, "content"), JVAL_ARRAY)) {
		result = take_any(&nest.value, "content");
		is_error = take_flag(&nest.value, "isError");
	} else {
		result = take_any(&nest.state, "value");
		nest.value = take_begin(NULL);
	}
	blocks_result(blocks, id, result, is_error,
		      nest_rest(&nest, "toolResult"));
}

static void put_block(struct blocks *blocks, const struct jval *block)
{
	const struct jval *type = jval_get(block, "type");
	struct take take = take_begin(block);

	if (jval_is_text(type, "toolRequest") ||
	    jval_is_text(type, "frontendToolRequest")) {
		put_call(blocks, block);
	} else if (jval_is_text(type, "toolResponse")) {
		put_result(blocks, block);
	} else if (jval_is_text(type, "redactedThinking")) {
		take_done(&take, type);
		blocks_thought(blocks, span_of(NULL, 0), &take);
	} else if (jval_is_text(type, "toolConfirmationRequest") ||
		   jval_is_text(type, "actionRequired")) {
		/* What the call beside it says already. */
		part_native(blocks->parts, "permission", block);
	} else {
		blocks_put_one(blocks, block);
	}
}

/* Of what is said to all nothing else needs to be kept. */
static bool take_hidden(struct take *message, const char *name)
{
	const struct jval *about = take_see(message, name);
	struct take take = take_begin(about);
	bool is_shown = take_flag(&take, "userVisible");

	if (is_shown && take_flag(&take, "agentVisible") &&
	    !take_left(&take, NULL))
		take_done(message, about);
	return jval_is(take_see(&take, "userVisible"), JVAL_FALSE);
}

static void say_blocks(struct blocks *blocks, struct take *turn,
		const struct jval *content, const char *about,
		struct chat_message *message)
{
	const struct jval *block = jval_first(content);

	blocks_foresee(blocks, content);
	if (jval_is(content, JVAL_ARRAY)) {
		for (; block; block = block->next)
			put_block(blocks, block);
	} else {
		blocks_put(blocks, content);
	}
	take_done(turn, content);
	message->role = blocks_role(blocks, message->role);
	message->visibility = take_hidden(turn, about) ? "hidden" :
		blocks_visibility(blocks);
}

/* --- the database ---------------------------------------------------------- */

static const struct rows_shape message_rows = {
	.table = "messages", .member = "messages", .column = "session_id",
	.orphans = "messages",
	.order = (const char *const[]){ "id", NULL },
	.json = (const char *const[]){
		"content_json", "metadata_json", NULL
	},
};

static const struct rows_shape usage_rows = {
	.table = "usage_ledger", .member = "usage_ledger",
	.column = "session_id",
};

static const struct rows_shape session_shape = {
	.table = "sessions",
	.order = (const char *const[]){ "created_at", "id", NULL },
	.json = (const char *const[]){
		"extension_data", "recipe_json", "user_recipe_values_json",
		"model_config_json", NULL
	},
	.inner = (const struct rows_shape *const[]){
		&message_rows, &usage_rows, NULL
	},
};

/* What is remembered of the session at hand. */
struct goose {
	struct span id;
	struct buf parent;	/* key of the one that it comes from */
	struct buf key;		/* of a message that has none */
};

/*
 * An id of today is a date and a number, "20260504_1": each machine has that
 * one. The time when it was begun tells them apart. Ids of the logs that were
 * before have the time in them.
 */
static void put_begun(struct buf *key, struct span id, struct span created)
{
	size_t digits = 0;
	size_t i;

	while (digits < id.len && id.at[id.len - 1 - digits] >= '0' &&
	       id.at[id.len - 1 - digits] <= '9')
		digits++;
	if (id.len != digits + 9 || id.at[8] != '_' || digits > 5 ||
	    created.len < 19)
		return;
	buf_put_char(key, '@');
	for (i = 11; i < 19; i++) {
		if (created.at[i] >= '0' && created.at[i] <= '9')
			buf_put_char(key, created.at[i]);
	}
}

static int find_parent(struct flat *flat, struct span id, struct buf *key,
		       struct err *err)
{
	struct database *db = flat->source->input.database;
	struct database_query *query = NULL;
	bool is_there = false;
	int rc = 0;

	buf_reset(key);
	buf_put_span(key, id);
	if (db && database_has(db, "sessions id created_at"))
		rc = database_query(db, "SELECT created_at FROM sessions "
				    "WHERE id = ?1", &query, err);
	if (query)
		rc = database_bind_text(query, 1, id, err);
	if (query && rc == 0)
		rc = database_step(query, &is_there, err);
	if (rc == 0 && is_there)
		put_begun(key, id, database_column(query, 0).bytes);
	database_query_free(query);
	/* Of a damaged database its rows tell. */
	return rc == ERR_NOMEM ? rc : (err_clear(err), buf_end(key, err));
}

static int goose_begin(struct flat *flat, const struct flat_item *session,
		       const struct jval *turns, struct err *err)
{
	struct goose *goose = flat->own;
	struct span parent = session->text[FLAT_PARENT];
	int rc = 0;

	(void)turns;
	goose->id = session->text[FLAT_KEY];
	put_begun(&flat->next_key, goose->id,
		  jval_get_text(session->value, "created_at"));
	if (parent.len)
		rc = find_parent(flat, parent, &goose->parent, err);
	if (rc == 0 && parent.len)
		flat->session.parent = buf_span(&goose->parent);
	return rc < 0 ? rc : buf_end(&flat->next_key, err);
}

/* Rows are written anew, with other numbers, when a session changes. In older
 * versions they have no other id: they are known by what they say. */
static int make_key(struct flat *flat, const struct flat_item *turn,
		    struct span *out, struct err *err)
{
	struct goose *goose = flat->own;
	struct buf content = BUF_INIT(BUF_NO_LIMIT);
	struct span said[3] = {
		jval_get_text(turn->value, "role"),
		jval_get(turn->value, "created_timestamp") ?
		jval_get(turn->value, "created_timestamp")->raw :
		span_of("", 0),
	};
	int rc = turn->said ? jdoc_to_jcs(turn->said, &content, err) : 0;

	said[2] = buf_span(&content);
	buf_reset(&goose->key);
	flat_hash(said, 3, &goose->key);
	if (rc == 0)
		rc = buf_end(&goose->key, err);
	*out = buf_span(&goose->key);
	buf_release(&content);
	return rc;
}

static int goose_say(struct flat *flat, struct flat_item *turn,
		     struct chat_message *message, struct err *err)
{
	struct blocks blocks = {
		.parts = &flat->parts, .chat = &flat->chat,
		.is_prompt = !strcmp(message->role, "user"),
	};
	int rc = jval_is(turn->said, JVAL_STRING) ?
		import_skip(flat->source, AGENTS_TORN, NULL, err) : 0;

	if (rc == 0 && take_value(&turn->take, "id", JVAL_NUMBER) &&
	    !jval_get_text(turn->value, "message_id").len)
		rc = make_key(flat, turn, &message->key, err);
	(void)take_same(&turn->take, "session_id",
			((struct goose *)flat->own)->id);
	say_blocks(&blocks, &turn->take, turn->said,
		   take_see(&turn->take, "metadata") ? "metadata" :
		   "metadata_json", message);
	return rc;
}

static const struct flat_row session_rows[] = {
	{ FLAT_KEY, "id", FLAT_TAKEN },
	{ FLAT_TITLE, "name", FLAT_TAKEN },
	{ FLAT_TITLE, "description", FLAT_TAKEN },
	{ FLAT_CWD, "working_dir", FLAT_TAKEN },
	{ FLAT_PARENT, "parent_session_id", FLAT_TAKEN },
	{ FLAT_MODEL, "model_config_json.model_name", FLAT_STAYS },
	{ FLAT_CREATED, "created_at", FLAT_TAKEN },
	{ FLAT_UPDATED, "updated_at", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row turn_rows[] = {
	{ FLAT_KEY, "message_id", FLAT_TAKEN },
	{ FLAT_KEY, "id", FLAT_STAYS },
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	{ FLAT_CREATED, "created_timestamp", FLAT_TAKEN },
	{ FLAT_CREATED, "timestamp", FLAT_STAYS },
	{ FLAT_CREATED, "created", FLAT_TAKEN },
	{ FLAT_SAID, "content", FLAT_TAKEN },
	{ FLAT_SAID, "content_json", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_role roles[] = {
	{ "user", "user", NULL },
	{ "assistant", "assistant", NULL },
	{ "system", "system", "hidden" },
	{ NULL, NULL, NULL }
};

static const struct flat_format goose_format = {
	.provider = "goose",
	.rows = &session_shape,
	.document = EXPORT,
	.turns = (const char *const[]){ "conversation", "messages", NULL },
	.malformed = "a session without messages",
	.session = session_rows,
	.begin = goose_begin,
	.turn = turn_rows,
	.roles = roles,
	.no_role = "a speaker of unknown kind: taken as no person",
	.no_turn = "a message that is no object",
	.say = goose_say,
	.time = clock_utc,
};

/* --- logs ------------------------------------------------------------------ */

static void goose_look(struct log *log, const struct jval *line,
		       struct log_turn *turn)
{
	struct chat_session *session = &log->session;
	struct take take = take_begin(line);

	if (!jval_get(line, "role")) {
		log_learn_once(log, &session->key, take_text(&take, "id"));
		log_learn(log, &session->title,
			  take_text(&take, "description"));
		session->created = take_time_as(&take, "created_at",
						clock_utc);
		fields_said(&log->about, "cwd",
			    take_text(&take, "working_dir"));
		take_rest(&take, &log->about);
		return;
	}
	turn->is_message = true;
	turn->kind = LINK_OTHER;
	turn->key = jval_get_text(line, "id");
	turn->time = clock_utc(jval_get(line, "created"));
}

static void goose_log_say(struct log *log, struct take *line,
			  struct chat_message *message)
{
	static const struct take_role words[] = {
		{ "user", "user" }, { "assistant", "assistant" },
		{ NULL, "system" }
	};
	struct blocks blocks;

	message->role = take_role(line, "role", words);
	blocks = log_blocks(log, !strcmp(message->role, "user"));
	(void)take_same(line, "id", message->key);
	(void)take_time_as(line, "created", clock_utc);
	say_blocks(&blocks, line, take_see(line, "content"), "metadata", message);
}

static const struct log_format goose_log = {
	.provider = "goose",
	.look = goose_look,
	.say = goose_log_say,
};

static int read_goose(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct goose goose = {
		.parent = BUF_INIT(BUF_NO_LIMIT), .key = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc;

	if (!database_is_magic(buf_span(&source->input.head)) &&
	    !sniff_signs(buf_span(&source->input.head), EXPORT))
		return log_read(job, source, &goose_log, NULL, err);
	rc = flat_read_own(job, source, &goose, err);
	buf_release(&goose.parent);
	buf_release(&goose.key);
	return rc;
}

const struct importer goose_importer = {
	.name = "goose",
	.one = "session of Goose",
	.many = "sessions of Goose",
	.construct = "goose",
	.signs = (const char *const[]){
		"working_dir !type message_count|created_at", EXPORT, NULL
	},
	.tables = (const char *const[]){
		"sessions id working_dir; messages session_id content_json",
		NULL
	},
	.read = read_goose,
	.flat = &goose_format,
	.is_of_agents = true,
};
