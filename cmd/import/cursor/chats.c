#include "cmd/import/cursor/chats.h"

#include "cmd/import/cursor/prompts.h"
#include "cmd/import/identity/lineage.h"
#include "cmd/import/input/known_parts.h"

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

static int tell_broken(struct cursor_state *state, const struct err *why,
		       struct err *err)
{
	return import_malformed(state->run.job, state->run.source, why->text,
				0, buf_span(&state->key), err);
}

static int state_get(void *arg, struct span chat, struct span key,
		     struct buf *out, bool *out_is_there, struct err *err)
{
	struct cursor_state *state = arg;
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
	struct cursor_state *state = arg;
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

static int state_put(struct cursor_state *state, struct span key,
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

static int parse_chat(struct cursor_state *state, const struct database_pair *pair,
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

static struct span chat_key(struct span key)
{
	return span_of(key.at + strlen(CHAT), key.len - strlen(CHAT));
}

static int put_pair(struct cursor_state *state, const struct database_pair *pair,
		    struct err *err)
{
	struct cursor_run *run = &state->run;
	struct span key = chat_key(pair->key);
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
	return rc;
}

static int put_chat_of(void *arg, const struct database_pair *pair,
		       struct err *err)
{
	struct cursor_state *state = arg;

	return cursor_ours(&state->run, put_pair(state, pair, err));
}

/* --- chats that are known -------------------------------------------------- */

/* It is there, as it was: nobody else has to have it. */
static int pass_over(struct cursor_state *state, struct span key, struct err *err)
{
	unsigned char id[CURSOR_ID_BYTES];
	uint32_t session;
	int rc;

	state->has_known = true;
	cursor_lists_see(&state->lists, key);
	cursor_id(key, id);
	rc = table_include(&state->seen, id, NULL, err);
	return rc == 0 && state->lineage ?
		lineage_session(state->lineage, key, INT64_MIN, &session,
				err) : rc;
}

static int get_chat(struct cursor_state *state, struct database_pair *pair,
		    struct err *err)
{
	struct err why = ERR_INIT;
	int rc = pairs_get(state->db, &cursor_chats, pair->key,
			   CURSOR_VALUE_MAX, &state->value, &why);

	pair->size = rc == ERR_LIMIT;
	pair->is_broken = rc == ERR_CORRUPT;
	if (rc == 0)
		pair->value = span_of(buf_text(&state->value),
				      state->value.len);
	return rc == ERR_LIMIT || rc == ERR_CORRUPT || rc == ERR_NOT_FOUND ?
	       0 : cursor_theirs(&state->run, err_copy(err, rc, &why));
}

/* What was left out of it, or is broken, is told each time. */
static int put_anew(struct cursor_state *state, const struct database_pair *given,
		    const struct known_part *part, struct err *err)
{
	struct import_source *source = state->run.source;
	struct database_pair pair = *given;
	uint64_t before = source->imported;
	uint64_t told = source->read - source->imported;
	size_t bad = source->malformed.n;
	int rc = get_chat(state, &pair, err);

	if (rc == 0)
		rc = put_pair(state, &pair, err);
	if (rc < 0 || !part->print || bad != source->malformed.n ||
	    told != source->read - source->imported || state->run.has_lost)
		return rc;
	return known_parts_note(state->run.job, source, part,
				source->imported - before, err);
}

static int put_if_new(void *arg, const struct database_pair *pair,
		      struct err *err)
{
	struct cursor_state *state = arg;
	struct known_part part = { .key = chat_key(pair->key) };
	bool is_known = false;
	int rc = cursor_print(&state->prints, part.key, &part.print, err);

	if (rc == 0 && part.print)
		rc = known_parts_look(state->run.job, state->run.source,
				      &part, &is_known, err);
	if (rc == 0)
		rc = is_known ? pass_over(state, part.key, err) :
			put_anew(state, pair, &part, err);
	return cursor_ours(&state->run, rc);
}

static int put_all_chats(struct cursor_state *state, struct err *err)
{
	struct import_source *source = state->run.source;
	bool is_asked = known_parts_are_asked(state->run.job, source);
	const struct pairs_visitor visitor = {
		is_asked ? put_if_new : put_chat_of, state,
		is_asked ? 0 : CURSOR_VALUE_MAX
	};
	int rc = is_asked ? cursor_prints_begin(&state->prints, &state->lists,
						err) : 0;

	if (rc == 0)
		rc = cursor_theirs(&state->run, pairs_each(
			state->db, &cursor_chats, CHAT, &visitor, err));
	return rc;
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
static int next_chat(struct cursor_state *state, struct database_query *next,
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

static int put_left(struct cursor_state *state, struct span chat, struct err *err)
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

static int put_all_left(struct cursor_state *state, struct err *err)
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

/* What is damaged in one place may be whole in the others. */
static int go_on(struct cursor_state *state,
		 int (*step)(struct cursor_state *state, struct err *err),
		 struct err *err)
{
	struct cursor_run *run = &state->run;
	struct err why = ERR_INIT;
	int rc = step(state, &why);

	if (rc != ERR_CORRUPT || !run->is_theirs)
		return err_copy(err, rc, &why);
	run->is_theirs = false;
	return import_malformed(run->job, run->source, why.text, 0,
				span_of(NULL, 0), err);
}

static int read_lists(struct cursor_state *state, struct err *err)
{
	return cursor_lists_read(&state->lists, err);
}

static int tell_rest(struct cursor_state *state, struct err *err)
{
	uint64_t unseen = cursor_lists_unseen(&state->lists);
	struct import_source *source = state->run.source;
	int rc = 0;

	for (; rc == 0 && unseen; unseen--)
		rc = import_skip(source, "a chat that is listed, and of which "
				 "nothing else is there", NULL, err);
	if (rc == 0 && state->run.beside)
		rc = import_note(source, err, "messages that no list of their "
				 "chat names, kept beside it: %llu",
				 (unsigned long long)state->run.beside);
	return rc;
}

int cursor_read_chats(struct cursor_state *state, struct err *err)
{
	int rc;

	if (!pairs_are_there(state->db, &cursor_chats))
		return 0;
	rc = cursor_theirs(&state->run, database_query(
		state->db, "SELECT value FROM cursorDiskKV WHERE key=?1",
		&state->one, err));
	if (rc == 0)
		rc = go_on(state, read_lists, err);
	if (rc == 0)
		rc = go_on(state, put_all_chats, err);
	if (rc == 0)
		rc = go_on(state, put_all_left, err);
	if (rc == 0 && state->seen.count && !state->has_known)
		rc = cursor_said_end(&state->run, err);
	return rc < 0 ? rc : tell_rest(state, err);
}
