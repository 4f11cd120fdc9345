#include "cmd/import/cursor/cursor.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/cursor/folder.h"
#include "cmd/import/cursor/lists.h"
#include "cmd/import/cursor/prompts.h"
#include "cmd/import/identity/lineage.h"
#include "cmd/import/input/from_database.h"

/*
 * state.vscdb: of all projects, cursorDiskKV has the chats
 * ("composerData:<chat>") and their bubbles ("bubbleId:<chat>:<bubble>")
 * among millions of other rows; so nothing but ranges of these keys and single
 * keys is ever asked for. ItemTable has settings, and tokens: of it single
 * keys alone.
 */
#define CHAT "composerData:"
#define BUBBLE "bubbleId:"
/* Behind all keys that have ':' in that place. */
#define BEHIND ';'

struct state {
	struct cursor_run run;
	struct cursor_lists lists;
	struct database *db;
	struct database_query *one;	/* the value of a key */
	struct table seen;		/* chats that were put */
	struct lineage *lineage;
	struct buf key;
};

/* --- bubbles --------------------------------------------------------------- */

static void put_bubble_key(struct buf *out, struct span chat,
			   struct span bubble)
{
	buf_reset(out);
	buf_put_str(out, BUBBLE);
	buf_put_span(out, chat);
	buf_put_char(out, ':');
	buf_put_span(out, bubble);
}

/* A message that is damaged, or longer than anything costs itself alone. */
static bool is_broken(int rc)
{
	return rc == ERR_CORRUPT || rc == ERR_LIMIT;
}

static int tell_broken(struct state *state, const struct err *why,
		       struct err *err)
{
	return import_malformed(state->run.job, state->run.source, why->text,
				0, buf_span(&state->key), err);
}

static int state_get(void *arg, struct span chat, struct span key,
		     struct buf *out, bool *out_is_there, struct err *err)
{
	struct state *state = arg;
	struct database_value value;
	struct err why = ERR_INIT;
	bool is_row = false;
	int rc;

	*out_is_there = false;
	buf_reset(out);
	put_bubble_key(&state->key, chat, key);
	rc = buf_end(&state->key, err);
	if (rc < 0)
		return rc;
	database_query_reset(state->one);
	rc = database_bind_text(state->one, 1, buf_span(&state->key), &why);
	if (rc == 0)
		rc = database_step(state->one, &is_row, &why);
	if (rc == 0 && is_row) {
		value = database_column(state->one, 0);
		*out_is_there = value.type != DATABASE_NULL;
		buf_put_span(out, value.bytes);
		rc = buf_end(out, &why);
	}
	database_query_reset(state->one);
	return is_broken(rc) ? tell_broken(state, &why, err) :
		cursor_theirs(&state->run, err_copy(err, rc, &why));
}

struct bubble_keys {
	struct cursor_run *run;
	size_t before;		/* bytes of the key that stand before its own */
	int (*key)(void *to, struct span key, struct err *err);
	void *to;
};

static int state_visit(void *arg, const struct database_pair *pair,
		       struct err *err)
{
	const struct bubble_keys *keys = arg;

	return cursor_ours(keys->run, keys->key(
		keys->to, span_of(pair->key.at + keys->before,
				  pair->key.len - keys->before), err));
}

static int state_each(void *arg, struct span chat,
		      int (*key)(void *to, struct span key, struct err *err),
		      void *to, struct err *err)
{
	struct state *state = arg;
	struct bubble_keys keys = { &state->run, 0, key, to };
	const struct pairs_visitor visitor = { state_visit, &keys, 0 };
	struct buf prefix = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	put_bubble_key(&prefix, chat, span_of(NULL, 0));
	keys.before = prefix.len;
	rc = buf_end(&prefix, err);
	if (rc == 0)
		rc = cursor_theirs(&state->run, pairs_each(
			state->db, &cursor_chats, buf_text(&prefix), &visitor,
			err));
	buf_release(&prefix);
	return rc;
}

/* --- chats ----------------------------------------------------------------- */

static int state_put(struct state *state, struct span key,
		     const struct jval *composer, struct err *err)
{
	const struct cursor_bubbles bubbles = { state_get, state_each, state };
	struct cursor_talk talk = { .key = key, .composer = composer,
				    .bubbles = &bubbles };
	unsigned char id[CURSOR_ID_BYTES];
	uint32_t session;
	int rc;

	cursor_id(key, id);
	rc = table_include(&state->seen, id, NULL, err);
	if (rc == 0)
		rc = cursor_lists_find(&state->lists, key, composer,
				       &talk.header, err);
	if (rc == 0)
		rc = cursor_put_talk(&state->run, &talk, err);
	if (rc == 0 && state->lineage && state->run.index)
		rc = lineage_session(state->lineage, key, INT64_MIN, &session,
				     err);
	return rc;
}

static int parse_chat(struct state *state, const struct database_pair *pair,
		      struct span key, struct jdoc **out, struct err *err)
{
	int rc;

	buf_reset(&state->key);
	buf_put_str(&state->key, "chat ");
	buf_put_span(&state->key, key);
	rc = buf_end(&state->key, err);
	return rc < 0 ? rc : cursor_parse(&state->run, buf_text(&state->key),
					  pair->value, out, err);
}

static int put_chat_of(void *arg, const struct database_pair *pair,
		       struct err *err)
{
	struct state *state = arg;
	struct span key = span_of(pair->key.at + strlen(CHAT),
				  pair->key.len - strlen(CHAT));
	struct cursor_run *run = &state->run;
	struct jdoc *doc = NULL;
	int rc = 0;

	run->source->input.bytes_read += pair->value.len;
	if (pair->is_broken || pair->size)
		rc = import_malformed(run->job, run->source, pair->size ?
				      "a chat that is too long" :
				      "a chat that cannot be read", 0,
				      pair->key, err);
	else if (!pair->value.at)
		rc = import_leave_out(run->source, "a chat that was emptied",
				      NULL, err);
	else
		rc = parse_chat(state, pair, key, &doc, err);
	if (rc == 0 && doc && !jval_is(jdoc_root(doc), JVAL_OBJECT))
		rc = import_malformed(run->job, run->source,
				      "a chat that is no object", 0,
				      pair->value, err);
	else if (rc == 0 && doc && key.len)
		rc = state_put(state, key, jdoc_root(doc), err);
	jdoc_free(doc);
	return cursor_ours(run, rc);
}

/* The chat in a bubble's key; absent: it is no such key. */
static struct span chat_in(struct span key)
{
	const char *end;

	if (!span_begins(key, BUBBLE))
		return span_of(NULL, 0);
	key = span_of(key.at + strlen(BUBBLE), key.len - strlen(BUBBLE));
	end = key.len ? memchr(key.at, ':', key.len) : NULL;
	return end ? span_of(key.at, (size_t)(end - key.at)) :
		span_of(NULL, 0);
}

/* Bubbles whose chat is gone, or broken: from the first of each chat to the
 * first of the next. */
static int next_chat(struct state *state, struct database_query *next,
		     struct buf *from, bool *out_is_there, struct err *err)
{
	struct span key = span_of(NULL, 0);
	int rc;

	database_query_reset(next);
	rc = database_bind_text(next, 1, buf_span(from), err);
	if (rc == 0)
		rc = database_step(next, out_is_there, err);
	(void)cursor_theirs(&state->run, rc);
	if (rc == 0 && *out_is_there)
		key = database_column(next, 0).bytes;
	if (rc == 0 && *out_is_there)
		*out_is_there = span_begins(key, BUBBLE);
	if (rc == 0 && *out_is_there) {
		buf_reset(&state->key);
		buf_put_span(&state->key, key);
		rc = buf_end(&state->key, err);
	}
	database_query_reset(next);
	return rc;
}

static int put_left(struct state *state, struct span chat, struct err *err)
{
	unsigned char id[CURSOR_ID_BYTES];
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	cursor_id(chat, id);
	if (!chat.len || table_get(&state->seen, id, NULL))
		return 0;
	buf_put_span(&key, chat);
	rc = buf_end(&key, err);
	if (rc == 0)
		rc = import_skip(state->run.source, "a chat of which only its "
				 "messages are there", NULL, err);
	if (rc == 0)
		rc = state_put(state, buf_span(&key), NULL, err);
	buf_release(&key);
	return rc;
}

static int put_all_left(struct state *state, struct err *err)
{
	struct database_query *next = NULL;
	struct buf from = BUF_INIT(BUF_NO_LIMIT);
	struct buf chat = BUF_INIT(BUF_NO_LIMIT);
	bool is_there = true;
	int rc = cursor_theirs(&state->run, database_query(
		state->db, "SELECT key FROM cursorDiskKV WHERE key>?1 "
		"ORDER BY key LIMIT 1", &next, err));

	buf_put_str(&from, BUBBLE);
	while (rc == 0 && is_there &&
	       (rc = next_chat(state, next, &from, &is_there, err)) == 0 &&
	       is_there) {
		buf_reset(&chat);
		buf_put_span(&chat, chat_in(buf_span(&state->key)));
		buf_reset(&from);
		buf_putf(&from, BUBBLE "%s%c", buf_text(&chat), BEHIND);
		/* One that is of no chat: behind this key alone. */
		if (!chat.len) {
			buf_reset(&from);
			buf_put_span(&from, buf_span(&state->key));
		}
		rc = buf_end(&from, err);
		if (rc == 0)
			rc = put_left(state, buf_span(&chat), err);
	}
	database_query_free(next);
	buf_release(&from);
	buf_release(&chat);
	return rc;
}

static int read_chats(struct state *state, struct err *err)
{
	const struct pairs_visitor visitor = { put_chat_of, state,
					       CURSOR_VALUE_MAX };
	struct import_source *source = state->run.source;
	uint64_t unseen;
	int rc;

	if (!pairs_are_there(state->db, &cursor_chats))
		return 0;
	rc = cursor_theirs(&state->run, database_query(
		state->db, "SELECT value FROM cursorDiskKV WHERE key=?1",
		&state->one, err));
	if (rc == 0)
		rc = cursor_lists_read(&state->lists, err);
	if (rc == 0)
		rc = cursor_theirs(&state->run, pairs_each(
			state->db, &cursor_chats, CHAT, &visitor, err));
	if (rc == 0)
		rc = put_all_left(state, err);
	if (rc == 0 && state->seen.count)
		rc = cursor_said_end(&state->run, err);
	unseen = cursor_lists_unseen(&state->lists);
	for (; rc == 0 && unseen; unseen--)
		rc = import_skip(source, "a chat that is listed, and of which "
				 "nothing else is there", NULL, err);
	if (rc == 0 && state->run.beside)
		rc = import_note(source, err, "messages that no list of their "
				 "chat names, kept beside it: %llu",
				 (unsigned long long)state->run.beside);
	return rc;
}

/* --- what stands among the settings ---------------------------------------- */

/* Chats that the list of a project holds with all their words. */
static int put_listed(struct state *state, const struct jval *root,
		      struct span folder, struct err *err)
{
	const struct jval *all = jval_get(root, "allComposers");
	const struct jval *entry = jval_is(all, JVAL_ARRAY) ?
		jval_first(all) : NULL;
	struct cursor_talk talk = { .header = { .cwd = folder } };
	int rc = 0;

	for (; rc == 0 && entry; entry = entry->next) {
		talk.key = jval_get_text(entry, "composerId");
		talk.composer = entry;
		if (talk.key.len && jval_count(jval_get(entry,
							"conversation")))
			rc = cursor_put_talk(&state->run, &talk, err);
	}
	return rc;
}

/* What is known to be chats, and cannot be read. */
static const struct {
	const char *key;
	const char *reason;
} closed[] = {
	{ "interactive.sessions", "chats in a form of VS Code's first panel "
	  "that is not known here" },
	{ "memento/icube-ai-agent-storage", "a list of Trae's chats, whose "
	  "words lie in a database that it encrypts" },
};

static int tell_closed(struct state *state, struct err *err)
{
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sizeof(closed) / sizeof(*closed); i++) {
		rc = cursor_get_item(&state->run, state->db, closed[i].key,
				     &value, &doc, err);
		if (rc == 0 && doc && jval_count(jdoc_root(doc)))
			rc = import_skip(state->run.source, closed[i].reason,
					 NULL, err);
		jdoc_free(doc);
	}
	buf_release(&value);
	return rc;
}

static int read_tabs(struct state *state, const struct jval *root,
		     struct span cwd, struct err *err)
{
	return cursor_put_tabs(&state->run, root, cwd, err);
}

static int read_prompts(struct state *state, const struct jval *root,
			struct span cwd, struct err *err)
{
	return cursor_put_prompts(&state->run, root, cwd, err);
}

/* In this order: what chats say no list of prompts says again. */
static const struct {
	const char *key;
	int (*read)(struct state *state, const struct jval *root,
		    struct span cwd, struct err *err);
} items[] = {
	{ "workbench.panel.aichat.view.aichat.chatdata", read_tabs },
	{ "composer.composerData", put_listed },
	{ "aiService.prompts", read_prompts },
	{ "icube-ai-agent-storage-input-history", read_prompts },
};

static int read_items(struct state *state, struct err *err)
{
	struct cursor_run *run = &state->run;
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct span cwd = { NULL, 0 };
	struct jdoc *doc = NULL;
	size_t i;
	int rc;

	cursor_put_folder(beside_get(run->source, "workspace"), &folder);
	rc = buf_end(&folder, err);
	if (folder.len)
		cwd = buf_span(&folder);
	for (i = 0; rc == 0 && i < sizeof(items) / sizeof(*items); i++) {
		rc = cursor_get_item(run, state->db, items[i].key, &value,
				     &doc, err);
		if (rc == 0 && doc)
			rc = items[i].read(state, jdoc_root(doc), cwd, err);
		jdoc_free(doc);
	}
	buf_release(&folder);
	buf_release(&value);
	return rc < 0 ? rc : tell_closed(state, err);
}

/* --- the source ------------------------------------------------------------ */

static int find_program(const struct import_source *source,
			const char **out, struct err *err)
{
	struct buf place = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	int rc = beside_place(&source->input, &place, &why);

	*out = cursor_program(buf_span(&place));
	buf_release(&place);
	return rc == ERR_NOMEM ? err_copy(err, rc, &why) : 0;
}

static int identify_state(struct import_job *job, struct import_source *source,
			  struct err *err)
{
	const char *program = "";
	int rc = find_program(source, &program, err);

	return rc < 0 ? rc : import_name(job, source, span_str(program), err);
}

static int read_all(struct state *state, struct err *err)
{
	int rc = 0;

	/* The transcripts beside are Cursor's. */
	if (!strcmp(state->run.provider, CURSOR_PROVIDER))
		rc = lineage_get(state->run.job, CURSOR_PROVIDER,
				 &state->lineage, err);
	if (rc == 0)
		rc = cursor_said_begin(&state->run, err);
	if (rc == 0)
		rc = read_chats(state, err);
	return rc < 0 ? rc : read_items(state, err);
}

static int read_state(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct state state = {
		.seen = TABLE_INIT(CURSOR_ID_BYTES, TABLE_NO_LIMIT),
		.key = BUF_INIT(BUF_NO_LIMIT),
	};
	const char *program = "";
	struct err why = ERR_INIT;
	int rc = find_program(source, &program, err);

	if (rc < 0)
		return rc;
	rc = input_database(&source->input, &state.db, &why);
	if (rc < 0)
		return database_tell(job, source, rc, &why, err);
	cursor_run_begin(&state.run, job, source, program);
	cursor_lists_begin(&state.lists, &state.run, state.db);
	rc = read_all(&state, &why);
	rc = state.run.is_theirs ?
		database_tell(job, source, rc, &why, err) :
		err_copy(err, rc, &why);
	database_query_free(state.one);
	cursor_lists_release(&state.lists);
	cursor_run_release(&state.run);
	table_release(&state.seen);
	buf_release(&state.key);
	return rc;
}

const struct importer cursor_importer = {
	.name = "cursor",
	.one = "database of Cursor",
	.many = "databases of Cursor",
	.construct = "cursor",
	.tables = (const char *const[]){ "ItemTable key value", NULL },
	.place = cursor_place,
	.beside = cursor_beside,
	.identify = identify_state,
	.read = read_state,
	.is_of_agents = true,
};
