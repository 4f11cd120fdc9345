/*
 * Hermes: a database of sessions and messages, and beside it transcripts of
 * older ones: logs, or a JSON document each. Messages have OpenAI's shape in
 * all three. The same session may stand in several of them, so that a message
 * is called by what it says.
 */
#include "cmd/import/agents/agents.h"

#include <stdio.h>

#include "cmd/import/agents/clock.h"
#include "cmd/import/flat/flat.h"
#include "cmd/import/logs/log.h"
#include "cmd/import/records/blocks.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"
#include "lib/id/encode.h"

#define KEY_BYTES 12			/* of a hash */
#define KEY_MAX (HEX_TEXT(KEY_BYTES) + 24)
#define CONTENT_MARK "\0json:"		/* before content that is no text */
#define CONTENT_MARK_LEN 6

/* --- keys ------------------------------------------------------------------ */

static void put_told(struct buf *told, const struct jval *value)
{
	if (jval_is(value, JVAL_STRING))
		buf_put_span(told, jval_text(value));
	else if (value && !jval_is(value, JVAL_NULL))
		buf_fail(told, jdoc_to_jcs(value, told, NULL));
	buf_put_char(told, '\0');
}

/* By what is said, and how often it was said before in the session. */
static int make_key(struct table *said, const struct jval *message,
		    char out[KEY_MAX], struct err *err)
{
	static const char *const names[] = {
		"role", "content", "tool_call_id", "tool_calls", NULL
	};
	unsigned char digest[SHA256_BYTES];
	struct buf told = BUF_INIT(BUF_NO_LIMIT);
	uint64_t before = 0;
	size_t len;
	size_t i;
	int rc;

	for (i = 0; names[i]; i++)
		put_told(&told, jval_get(message, names[i]));
	rc = buf_end(&told, err);
	if (rc == 0) {
		sha256_of(told.data, told.len, digest);
		rc = table_count(said, digest, &before, err);
	}
	buf_release(&told);
	if (rc < 0)
		return rc;
	hex_text(digest, KEY_BYTES, out);
	len = strlen(out);
	if (before)
		snprintf(out + len, KEY_MAX - len, "+%llu",
			 (unsigned long long)before);
	return 0;
}

/* --- what a message says --------------------------------------------------- */

static void put_content(struct blocks *blocks, const struct jval *content)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct span text = jval_text(content);
	struct jdoc *doc = NULL;

	if (text.len > CONTENT_MARK_LEN &&
	    !memcmp(text.at, CONTENT_MARK, CONTENT_MARK_LEN) &&
	    jdoc_parse(span_of(text.at + CONTENT_MARK_LEN,
			       text.len - CONTENT_MARK_LEN), &options, &doc,
		       NULL) == 0)
		blocks_put(blocks, jdoc_root(doc));
	else
		blocks_put(blocks, content);
	jdoc_free(doc);
}

/* Left out of what the model sees, and not only for being summed up: taken
 * back. */
static bool is_undone(const struct take *message)
{
	long long active;
	long long compacted;

	return jval_integer(take_see(message, "active"), &active) &&
	       !active &&
	       !(jval_integer(take_see(message, "compacted"), &compacted) &&
		 compacted);
}

static bool is_set(const struct take *message, const char *name)
{
	long long value;

	return jval_integer(take_see(message, name), &value) && value;
}

static const char *seen(const struct blocks *blocks,
			const struct take *message)
{
	if (is_undone(message) || jval_is_text(take_see(message,
					       "display_kind"), "hidden"))
		return "hidden";
	return is_set(message, "_compressed_summary") ? "meta" :
		blocks_visibility(blocks);
}

static void put_result(struct blocks *blocks, struct take *message)
{
	struct span id = take_text(message, "tool_call_id");

	blocks_result(blocks, id, take_any(message, "content"), false, NULL);
}

/* A thought may stand in two members. */
static void put_answer(struct blocks *blocks, struct take *message)
{
	struct span thought = jval_text(take_see(message,
						 "reasoning_content"));

	blocks_take_openai(blocks, message);
	if (thought.len)
		(void)take_same(message, "reasoning", thought);
}

static void hermes_say(struct blocks *blocks, struct take *take,
		       struct chat_message *message)
{
	if (!strcmp(message->role, "tool"))
		put_result(blocks, take);
	else if (!strcmp(message->role, "assistant"))
		put_answer(blocks, take);
	else
		put_content(blocks, take_any(take, "content"));
	message->visibility = !strcmp(message->role, "system") ? "hidden" :
		seen(blocks, take);
}

/* --- database and documents ------------------------------------------------ */

static const struct rows_shape message_rows = {
	.table = "messages", .member = "messages", .column = "session_id",
	.orphans = "messages",
	.order = (const char *const[]){ "id", NULL },
	.json = (const char *const[]){
		"tool_calls", "reasoning_details", "codex_reasoning_items",
		"codex_message_items", "display_metadata", NULL
	},
};

static const struct rows_shape usage_rows = {
	.table = "session_model_usage", .member = "model_usage",
	.column = "session_id",
};

static const struct rows_shape prompt_rows = {
	.table = "system_prompts", .member = "system_prompt_text",
	.column = "hash", .of = "system_prompt_hash", .is_one = true,
};

static const struct rows_shape session_shape = {
	.table = "sessions",
	.order = (const char *const[]){ "started_at", "id", NULL },
	.json = (const char *const[]){
		"model_config", "origin_json", "tool_names", NULL
	},
	.inner = (const struct rows_shape *const[]){
		&message_rows, &usage_rows, &prompt_rows, NULL
	},
};

static const struct flat_row session_rows[] = {
	{ FLAT_KEY, "id", FLAT_TAKEN },
	{ FLAT_KEY, "session_id", FLAT_TAKEN },
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_TITLE, "display_name", FLAT_STAYS },
	{ FLAT_PARENT, "parent_session_id", FLAT_TAKEN },
	{ FLAT_CWD, "cwd", FLAT_TAKEN },
	{ FLAT_MODEL, "model", FLAT_TAKEN },
	{ FLAT_CREATED, "started_at", FLAT_TAKEN },
	{ FLAT_CREATED, "session_start", FLAT_TAKEN },
	{ FLAT_UPDATED, "last_activity_at", FLAT_TAKEN },
	{ FLAT_UPDATED, "ended_at", FLAT_TAKEN },
	{ FLAT_UPDATED, "last_updated", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_row turn_rows[] = {
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	{ FLAT_CREATED, "timestamp", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_role roles[] = {
	{ "user", "user", NULL }, { "assistant", "assistant", NULL },
	{ "tool", "tool", "tool" }, { "system", "system", "hidden" },
	{ "developer", "developer", "hidden" }, { NULL, NULL, NULL }
};

static int begin_session(struct flat *flat, const struct flat_item *session,
			 const struct jval *turns, struct err *err)
{
	(void)session;
	(void)turns;
	(void)err;
	table_reset(flat->own);
	return 0;
}

static int say_turn(struct flat *flat, struct flat_item *turn,
		    struct chat_message *message, struct err *err)
{
	struct blocks blocks = {
		.parts = &flat->parts, .chat = &flat->chat,
		.is_prompt = !strcmp(message->role, "user"),
	};
	char key[KEY_MAX];
	int rc = make_key(flat->own, turn->value, key, err);

	if (rc < 0)
		return rc;
	(void)take_same(&turn->take, "session_id", buf_span(&flat->key));
	hermes_say(&blocks, &turn->take, message);
	buf_reset(&flat->text);
	buf_put_str(&flat->text, key);
	message->key = buf_span(&flat->text);
	return buf_end(&flat->text, err);
}

static const struct flat_format hermes_format = {
	.provider = "hermes",
	.rows = &session_shape,
	.document = "session_id messages",
	.turns = (const char *const[]){ "messages", NULL },
	.malformed = "a session without messages",
	.session = session_rows,
	.begin = begin_session,
	.turn = turn_rows,
	.roles = roles,
	.no_role = "a speaker of unknown kind: taken as no person",
	.no_turn = "a message that is no object",
	.say = say_turn,
	.time = clock_utc,
};

/* --- logs ------------------------------------------------------------------ */

#define META "session_meta"

/* Sessions are called by their file. */
static int log_begin(struct log *log, struct err *err)
{
	const char *path = log->source->input.path;
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *end = strrchr(name, '.');

	(void)err;
	log_learn(log, &log->session.key,
		  span_of(name, end ? (size_t)(end - name) : strlen(name)));
	return 0;
}

static void log_look(struct log *log, const struct jval *line,
		     struct log_turn *turn)
{
	struct take take = take_begin(line);
	char key[KEY_MAX] = "";

	if (take_word(&take, "role", META)) {
		log_learn(log, &log->session.model, take_text(&take, "model"));
		if (log->session.created.micros == CHAT_TIME_UNKNOWN)
			log->session.created = take_time(&take, "timestamp");
		take_rest(&take, &log->about);
		return;
	}
	turn->is_message = true;
	turn->kind = LINK_OTHER;
	turn->time = chat_time_of(jval_get(line, "timestamp"));
	if (make_key(log->own, line, key, NULL) == 0)
		log_learn(log, &turn->key, span_str(key));
}

static void log_say(struct log *log, struct take *line,
		    struct chat_message *message)
{
	static const struct take_role words[] = {
		{ "user", "user" }, { "assistant", "assistant" },
		{ "tool", "tool" }, { NULL, "system" }
	};
	struct blocks blocks;

	message->role = take_role(line, "role", words);
	blocks = log_blocks(log, !strcmp(message->role, "user"));
	(void)take_time(line, "timestamp");
	hermes_say(&blocks, line, message);
}

static const struct log_format hermes_log = {
	.provider = "hermes",
	.begin = log_begin,
	.look = log_look,
	.say = log_say,
};

static bool is_log(struct span head)
{
	struct span line = sniff_line(head, 1);

	return sniff_has(line, "role") &&
	       sniff_mentions(line, "\"" META "\"");
}

static bool hermes_sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	return !input->bundle && !input->is_folder &&
	       (is_log(head) || sniff_signs(head, "session_id messages "
					    "session_start|last_updated "
					    "!sessionId|projectHash"));
}

static int read_hermes(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	struct table said = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	int rc;

	rc = is_log(buf_span(&source->input.head)) ?
		log_read(job, source, &hermes_log, &said, err) :
		flat_read_own(job, source, &said, err);
	table_release(&said);
	return rc;
}

const struct importer hermes_importer = {
	.name = "hermes",
	.one = "session of Hermes",
	.many = "sessions of Hermes",
	.construct = "hermes",
	.sniff = hermes_sniff,
	.tables = (const char *const[]){
		"sessions id source started_at; "
		"messages session_id role content tool_call_id", NULL
	},
	.read = read_hermes,
	.flat = &hermes_format,
	.is_of_agents = true,
};
