#include "cmd/import/claude_code/claude_code.h"

#include <stdlib.h>

#include "cmd/import/claude_code/queue.h"
#include "lib/base/array.h"
#include "lib/base/xxh.h"
#include "lib/id/hash.h"
#include "lib/time/timestamp.h"

#define KEY_BYTES 48	/* about, of a message */

struct reading {
	struct cc_skeleton *to;
	struct cc_keys keys;
	struct cc_queue queue;
	struct buf key;
	uint32_t session;	/* of the last line that named one */
	uint32_t main;		/* likewise, but for agents' within it */
	uint32_t side;		/* the last of an agent without a name */
};

static void id_of(struct span a, struct span b, uint32_t number,
		  unsigned char out[CC_ID_BYTES])
{
	struct blake2b hash;

	blake2b_init(&hash, NULL, 0, CC_ID_BYTES);
	blake2b_add(&hash, &number, sizeof(number));
	blake2b_add(&hash, &a.len, sizeof(a.len));
	blake2b_add(&hash, a.at, a.len);
	blake2b_add(&hash, b.at, b.len);
	blake2b_finish(&hash, out);
}

static int find_session(struct reading *reading, const struct jval *record,
			uint32_t *out, struct err *err)
{
	static const struct cc_session empty = {
		.first = CHAT_TIME_UNKNOWN, .last = CHAT_TIME_UNKNOWN,
		.leaf = CC_NONE, .stands = CC_NONE, .stands_aside = CC_NONE,
		.number = LINEAGE_NONE
	};
	struct cc_skeleton *to = reading->to;
	unsigned char id[CC_ID_BYTES];
	struct cc_session *session;
	uint64_t found = to->sessions.n;
	int rc;

	lineage_id(buf_span(&reading->key), id);
	if (table_get(&to->session_ids, id, &found)) {
		*out = (uint32_t)found;
		return 0;
	}
	rc = array_room(&to->sessions, err);
	if (rc >= 0)
		rc = table_put(&to->session_ids, id, found, err);
	if (rc < 0)
		return rc;
	session = &to->sessions.at[to->sessions.n++];
	*session = empty;
	rc = arena_keep(&to->arena, buf_span(&reading->key), &session->key, err);
	if (rc >= 0 && jval_get_text(record, "agentId").len &&
	    session->key.len != jval_get_text(record, "sessionId").len) {
		rc = arena_keep(&to->arena, jval_get_text(record, "agentId"),
				&session->agent, err);
		if (rc >= 0)
			rc = arena_keep(&to->arena,
					jval_get_text(record, "sessionId"),
					&session->parent, err);
	}
	*out = (uint32_t)found;
	return rc;
}

/* A message that is here already; LINK_LOST. */
static uint32_t find_line(const struct cc_skeleton *to, struct span uuid)
{
	unsigned char id[CC_ID_BYTES];
	uint64_t line;

	lineage_id(uuid, id);
	return table_get(&to->line_ids, id, &line) ?
		to->lines.at[line].message : LINK_LOST;
}

static bool is_agents(const struct cc_session *session)
{
	return session->agent.at || session->is_side;
}

/*
 * Before agents had files, and names, what they said stood in the file of the
 * session that called them, each talk a chain of its own: "<sessionId>:side-"
 * and the uuid that it begins with.
 */
static int side_session(struct reading *reading, const struct jval *record,
			struct err *err)
{
	struct cc_skeleton *to = reading->to;
	struct span named = jval_get_text(record, "parentUuid");
	uint32_t at = named.len ? find_line(to, named) : LINK_LOST;
	uint32_t session = CC_NONE;
	int rc;

	/* What follows a line that is lost goes on where the last one is. */
	if (at != LINK_LOST)
		session = to->messages.at[at].session;
	else if (named.len)
		session = reading->side;
	if (session != CC_NONE && to->sessions.at[session].is_side) {
		reading->session = reading->side = session;
		return 0;
	}
	buf_put_str(&reading->key, ":side-");
	buf_put_span(&reading->key, jval_get_text(record, "uuid"));
	rc = buf_end(&reading->key, err);
	if (rc >= 0)
		rc = find_session(reading, record, &session, err);
	if (rc < 0)
		return rc;
	reading->session = reading->side = session;
	to->sessions.at[session].is_side = true;
	return arena_keep(&to->arena, jval_get_text(record, "sessionId"),
			  &to->sessions.at[session].parent, err);
}

static bool is_side(const struct jval *record)
{
	return jval_is(jval_get(record, "isSidechain"), JVAL_TRUE) &&
	       jval_get_text(record, "uuid").len &&
	       jval_get_text(record, "sessionId").len &&
	       !jval_get_text(record, "agentId").len;
}

/*
 * The session of a line. One that names none goes with the line before it;
 * where no line does, the first one's bytes stand for a name.
 */
static int session_of(struct reading *reading, const struct value_line *line,
		      struct err *err)
{
	int rc;

	rc = cc_session_key(line->value, &reading->key, err);
	if (rc >= 0 && !reading->key.len) {
		reading->session = reading->main;
		if (reading->session != CC_NONE)
			return 0;
		rc = cc_message_key(&reading->keys, line, &reading->key, err);
	}
	if (rc >= 0 && is_side(line->value))
		return side_session(reading, line->value, err);
	if (rc >= 0)
		rc = find_session(reading, line->value, &reading->session,
				  err);
	if (rc >= 0 && (reading->main == CC_NONE ||
			!is_agents(&reading->to->sessions.at[reading->session])))
		reading->main = reading->session;
	return rc;
}

/*
 * What nobody said and what names no session goes with the file's, which is
 * known at its end: such records stand at the very begin too.
 */
static bool is_of_file(const struct jval *record)
{
	if (jval_get_text(record, "sessionId").len)
		return false;
	return cc_what_is(record) == CC_ASIDE ||
	       (!jval_get_text(record, "uuid").len &&
		!cc_is_type(record, "user") &&
		!cc_is_type(record, "assistant"));
}

static int note_session(struct reading *reading, const struct jval *record,
			struct err *err)
{
	struct cc_skeleton *to = reading->to;
	struct cc_session *session = &to->sessions.at[reading->session];
	struct span from = jval_text(jval_at(record, "forkedFrom.sessionId"));
	struct span cwd = jval_get_text(record, "cwd");
	int64_t micros = chat_time_of(jval_get(record, "timestamp")).micros;
	int rc = 0;

	if (micros != CHAT_TIME_UNKNOWN) {
		if (session->first == CHAT_TIME_UNKNOWN || session->first > micros)
			session->first = micros;
		if (session->last < micros)
			session->last = micros;
	}
	if (cwd.len && !session->cwd.at)
		rc = arena_keep(&to->arena, cwd, &session->cwd, err);
	if (rc >= 0 && from.len && !session->parent.at)
		rc = arena_keep(&to->arena, from, &session->parent, err);
	if (to->own == CC_NONE || !is_agents(session) ||
	    !span_equals(session->parent, to->sessions.at[to->own].key))
		to->own = reading->session;
	return rc;
}

/* What the session record says of its last answers. */
static int note_model(struct cc_skeleton *to,
		      const struct cc_message *message,
		      const struct jval *record, struct err *err)
{
	struct cc_session *session = &to->sessions.at[message->session];
	struct span model = jval_text(jval_at(record, "message.model"));

	if (message->kind != LINK_ANSWER || message->is_aside || !model.len ||
	    span_begins(model, "<") || span_equals(model, session->model))
		return 0;
	return arena_keep(&to->arena, model, &session->model, err);
}

/* Of a record that names nothing that comes before it. */
static uint32_t unnamed_parent(const struct cc_message *message,
			       const struct jval *parent)
{
	/* Each talk of a side chain begins so; and a talk has but one begin,
	 * unless a prompt stands in the place of the first. */
	if (parent && message->is_aside)
		return LINK_NONE;
	return parent && message->kind != LINK_WALL ? LINK_LOST : LINK_UNSAID;
}

/*
 * What a line follows: a message, or what links.h has instead. Where its
 * parentUuid is not here, or comes only later, its text is kept.
 */
static int find_parent(struct cc_skeleton *to, const struct jval *record,
		       struct cc_message *message, struct err *err)
{
	const struct jval *parent = jval_get(record, "parentUuid");
	struct span raw = jval_text(parent);
	struct span text = raw.len ? raw :
		jval_get_text(record, "logicalParentUuid");

	message->is_raw_parent = !text.len;
	message->parent = LINK_NONE;
	if (!text.len) {
		if (message->kind != LINK_ASIDE || jval_get(record, "uuid"))
			message->parent = unnamed_parent(message, parent);
		return 0;
	}
	message->parent = find_line(to, text);
	/* An agent's talk begins by itself: where it was called, its session
	 * has. */
	if (message->parent != LINK_LOST && message->session != CC_NONE &&
	    to->sessions.at[message->session].is_side &&
	    to->messages.at[message->parent].session != message->session) {
		message->parent = LINK_NONE;
		message->is_raw_parent = false;
		return 0;
	}
	if (message->parent != LINK_LOST) {
		message->is_raw_parent = span_equals(raw,
			to->messages.at[message->parent].key);
		return 0;
	}
	message->is_raw_parent = raw.len;
	return arena_keep(&to->arena, text, &message->parent_text, err);
}

static bool is_on_side(const struct cc_session *session,
		       const struct jval *record)
{
	return jval_is(jval_get(record, "isSidechain"), JVAL_TRUE) &&
		!is_agents(session);
}

/* The answer that a record comes behind, with nothing between that is no
 * part of its turn; or CC_NONE. */
static uint32_t answer_before(const struct cc_skeleton *to,
			      const struct cc_session *session,
			      const struct jval *record)
{
	struct span text = jval_get_text(record, "parentUuid");
	uint32_t at = text.len ? find_line(to, text) : LINK_LOST;

	if (at == LINK_LOST)
		at = is_on_side(session, record) ? session->stands_aside :
			session->stands;
	return at == CC_NONE ? CC_NONE : to->messages.at[at].answer;
}

/* A message has been added: where the talk stands. */
static void step_on(struct cc_skeleton *to, uint32_t at,
		    const struct jval *record)
{
	struct cc_message *message = &to->messages.at[at];
	struct cc_session *session;

	message->answer = message->kind == LINK_ANSWER ? at : CC_NONE;
	if (message->session == CC_NONE)
		return;
	session = &to->sessions.at[message->session];
	if (message->kind != LINK_ANSWER && message->kind != LINK_PROMPT)
		message->answer = answer_before(to, session, record);
	if (message->kind == LINK_ASIDE)
		return;
	/* A command that went to no model is no prompt in whose place another
	 * one stands: who resumes a session goes on before it. */
	if (cc_is_output(record) && session->stands != CC_NONE &&
	    to->messages.at[session->stands].is_command)
		to->messages.at[session->stands].kind = LINK_ANSWER;
	if (message->is_aside)
		session->stands_aside = at;
	else
		session->stands = at;
}

/*
 * A key that no line has had. That it is one from now on shows a later uuid
 * of the same text to be a double.
 */
static int skeleton_make_key(struct reading *reading,
			     const struct value_line *line, struct err *err)
{
	struct cc_skeleton *to = reading->to;
	unsigned char id[CC_ID_BYTES];
	int rc;

	do {
		rc = cc_made_key(&reading->keys, line, &reading->key, err);
		lineage_id(buf_span(&reading->key), id);
	} while (rc >= 0 && table_get(&to->line_ids, id, NULL));
	return rc < 0 ? rc : table_put(&to->line_ids, id, to->lines.n - 1,
				       err);
}

/* Everything of a message that its first line says. */
static int fill_message(struct reading *reading, const struct jval *record,
			struct cc_message *message, struct err *err)
{
	struct cc_skeleton *to = reading->to;
	int rc;

	message->session = is_of_file(record) ? CC_NONE : reading->session;
	message->is_nameless = message->session == CC_NONE &&
		!jval_get(record, "uuid") && !jval_get(record, "messageId");
	message->first = cc_time_of(record).micros;
	message->kind = (uint8_t)cc_kind_of(record);
	message->is_aside = message->session != CC_NONE &&
		is_on_side(&to->sessions.at[message->session], record);
	message->is_command = cc_is_command(record);
	message->is_forked = jval_get(record, "forkedFrom") != NULL;
	rc = arena_keep(&to->arena, buf_span(&reading->key), &message->key,
			err);
	return rc < 0 ? rc : find_parent(to, record, message, err);
}

static struct span request_of(const struct jval *record)
{
	struct span id = jval_get_text(record, "requestId");

	return id.len ? id : jval_get_text(record, "requestRef");
}

static int add_message(struct reading *reading, const struct value_line *line,
		       uint32_t *out, struct err *err)
{
	static const struct cc_message empty = {
		.owner = LINEAGE_NONE, .tokens = -1,
		.first = CHAT_TIME_UNKNOWN, .last = CHAT_TIME_UNKNOWN
	};
	struct cc_skeleton *to = reading->to;
	struct span uuid = jval_get_text(line->value, "uuid");
	int rc;

	rc = array_room(&to->messages, err);
	if (rc >= 0)
		rc = uuid.len && !cc_skeleton_has(to, uuid) ?
			cc_message_key(&reading->keys, line, &reading->key,
				       err) :
			skeleton_make_key(reading, line, err);
	if (rc < 0)
		return rc;
	*out = (uint32_t)to->messages.n;
	to->messages.at[*out] = empty;
	rc = fill_message(reading, line->value, &to->messages.at[*out], err);
	if (rc < 0)
		return rc;
	to->messages.n++;
	step_on(to, *out, line->value);
	return 0;
}

/*
 * The message that the line is a part of. Some programs give one id to many
 * answers, so lines of one stand together.
 */
static int find_message(struct reading *reading, const struct value_line *line,
			uint32_t *out, struct err *err)
{
	struct cc_skeleton *to = reading->to;
	struct span id = jval_text(jval_at(line->value, "message.id"));
	unsigned char key[CC_ID_BYTES];
	uint64_t found;
	int rc;

	if (!id.len || !cc_is_type(line->value, "assistant"))
		return add_message(reading, line, out, err);
	id_of(id, request_of(line->value), reading->session, key);
	if (table_get(&to->merged, key, &found) &&
	    answer_before(to, &to->sessions.at[reading->session],
			  line->value) == found) {
		*out = (uint32_t)found;
		return 0;
	}
	rc = add_message(reading, line, out, err);
	return rc < 0 ? rc : table_put(&to->merged, key, *out, err);
}

static int scan_message(struct reading *reading, const struct value_line *line,
			uint32_t number, struct err *err)
{
	struct cc_skeleton *to = reading->to;
	struct cc_message *message;
	int64_t micros = cc_time_of(line->value).micros;
	long long tokens = -1;
	uint32_t at;
	int rc;

	rc = find_message(reading, line, &at, err);
	if (rc < 0)
		return rc;
	message = &to->messages.at[at];
	message->is_alone = !message->lines++;
	message->words = message->is_alone ? cc_words(line->value) : 0;
	if (message->last < micros)
		message->last = micros;
	(void)jval_integer(jval_at(line->value, "message.usage.output_tokens"),
			   &tokens);
	/* Of equals the last: it is the one that says how the answer ended. */
	if (tokens >= message->tokens) {
		message->tokens = tokens;
		message->best = number;
	}
	if (!message->is_alone)
		rc = arena_keep(&to->arena, jval_get_text(line->value, "uuid"),
				&to->lines.at[number].uuid, err);
	if (rc < 0)
		return rc;
	to->lines.at[number].message = at;
	rc = cc_note_calls(to, line->value, at, err);
	if (rc < 0)
		return rc;
	return message->session == CC_NONE ? 0 :
		note_model(to, message, line->value, err);
}

/* Has a line of this uuid said that? */
static int add_said(struct cc_skeleton *to, struct span uuid, uint32_t number,
		    bool *out_is_new, struct err *err)
{
	const uint64_t *said = &to->lines.at[number].said;
	unsigned char id[CC_ID_BYTES];

	id_of(uuid, span_of((const char *)said, sizeof(*said)), 0, id);
	return table_add(&to->line_ids, id, number, out_is_new, err);
}

/*
 * A log is written again where a session is compacted or resumed: such a line
 * is a double of the one of its uuid. But two that say something else have
 * been said both, each once; and what names them means the one before it.
 */
static int find_double(struct cc_skeleton *to, struct span uuid,
		       uint32_t number, struct err *err)
{
	struct cc_line *at = &to->lines.at[number];
	unsigned char id[CC_ID_BYTES];
	uint64_t before;
	bool is_new = false;
	int rc;

	lineage_id(uuid, id);
	if (!uuid.len || !table_get(&to->line_ids, id, &before))
		return 0;
	at->is_double = !at->said || to->lines.at[before].said == at->said;
	if (at->is_double)
		return 0;
	rc = add_said(to, uuid, (uint32_t)before, NULL, err);
	if (rc == 0)
		rc = add_said(to, uuid, number, &is_new, err);
	at->is_double = !is_new;
	return rc;
}

static int scan_line(struct reading *reading, const struct value_line *line,
		     struct err *err)
{
	struct cc_skeleton *to = reading->to;
	struct span uuid = jval_get_text(line->value, "uuid");
	struct cc_line *at = &to->lines.at[to->lines.n];
	uint32_t number = (uint32_t)to->lines.n;
	unsigned char id[CC_ID_BYTES];
	enum cc_what what;
	int rc;

	at->hash = xxh64_of(line->text.at, line->text.len);
	at->said = cc_said_hash(line->value);
	at->uuid = span_of(NULL, 0);
	at->message = CC_NONE;
	at->is_double = false;
	to->lines.n++;
	what = cc_what_is(line->value);
	rc = find_double(to, uuid, number, err);
	if (rc < 0 || at->is_double)
		return rc;
	if ((what == CC_MESSAGE && !is_of_file(line->value)) ||
	    jval_get_text(line->value, "sessionId").len) {
		rc = session_of(reading, line, err);
		if (rc >= 0)
			rc = note_session(reading, line->value, err);
	}
	if (rc >= 0 && (what == CC_MESSAGE || what == CC_ASIDE))
		rc = scan_message(reading, line, number, err);
	if (rc >= 0 && at->message != CC_NONE)
		rc = cc_queue_note(&reading->queue, to, at->message,
				   line->value, err);
	lineage_id(uuid, id);
	/* What is about the session is no message that others follow. */
	if (rc >= 0 && uuid.len && to->lines.at[number].message != CC_NONE)
		rc = table_put(&to->line_ids, id, number, err);
	return rc;
}

/* Now it is known whose the file is: number what each session has. */
static void settle(struct cc_skeleton *to)
{
	struct cc_message *message;
	size_t i;

	for (i = 0; i < to->messages.n; i++) {
		message = &to->messages.at[i];
		if (message->session == CC_NONE)
			message->session = to->own;
		if (message->session != CC_NONE)
			message->index =
				to->sessions.at[message->session].count++;
	}
}

int cc_skeleton_read(struct import_input *input, struct cc_skeleton *out,
		     struct err *err)
{
	struct reading reading = { out, CC_KEYS_INIT, CC_QUEUE_INIT,
				   BUF_INIT(BUF_NO_LIMIT), CC_NONE, CC_NONE,
				   CC_NONE };
	struct cc_lines lines = CC_LINES_INIT;
	struct value_line line;
	int rc;

	rc = cc_lines_open(input, &lines, err);
	while (rc >= 0) {
		rc = cc_lines_next(&lines, &line, err);
		if (rc < 0 || line.found == FOUND_END)
			break;
		if (line.found == FOUND_BAD)
			continue;
		rc = array_room(&out->lines, err);
		if (rc >= 0)
			rc = scan_line(&reading, &line, err);
	}
	cc_find_own(out, input->path);
	settle(out);
	cc_queue_settle(&reading.queue, out);
	cc_lines_release(&lines);
	cc_queue_release(&reading.queue);
	table_release(&reading.keys.seen);
	buf_release(&reading.key);
	return rc;
}

size_t cc_skeleton_memory(const struct cc_skeleton *skeleton)
{
	return skeleton->lines.cap * sizeof(*skeleton->lines.at) +
	       skeleton->messages.cap * (sizeof(*skeleton->messages.at) +
					 KEY_BYTES) +
	       skeleton->calls.cap * (sizeof(*skeleton->calls.at) +
				      KEY_BYTES) +
	       table_memory(&skeleton->line_ids) +
	       table_memory(&skeleton->merged);
}
