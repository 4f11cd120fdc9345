#include "cmd/import/claude_code/claude_code.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"
#include "lib/id/hash.h"
#include "lib/time/timestamp.h"

#define KEY_BYTES 48	/* about, of a message */

struct reading {
	struct cc_skeleton *to;
	struct cc_keys keys;
	struct buf key;
	uint32_t session;	/* of the last line that named one */
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
		.leaf = CC_NONE, .number = LINEAGE_NONE
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
		if (reading->session != CC_NONE)
			return 0;
		rc = cc_message_key(&reading->keys, line, &reading->key, err);
	}
	if (rc >= 0)
		rc = find_session(reading, line->value, &reading->session,
				  err);
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

static int64_t micros_of(struct chat_time time)
{
	return time.flags & TIMESTAMP_UNUSUAL ? CHAT_TIME_UNKNOWN :
		time.micros;
}

static int note_session(struct reading *reading, const struct jval *record,
			struct err *err)
{
	struct cc_skeleton *to = reading->to;
	struct cc_session *session = &to->sessions.at[reading->session];
	struct span from = jval_text(jval_at(record, "forkedFrom.sessionId"));
	struct span cwd = jval_get_text(record, "cwd");
	int64_t micros = micros_of(chat_time_of(jval_get(record,
							 "timestamp")));
	int rc = 0;

	if (micros != CHAT_TIME_UNKNOWN) {
		if (session->first == CHAT_TIME_UNKNOWN ||
		    session->first > micros)
			session->first = micros;
		if (session->last < micros)
			session->last = micros;
	}
	if (cwd.len && !session->cwd.at)
		rc = arena_keep(&to->arena, cwd, &session->cwd, err);
	if (rc >= 0 && from.len && !session->parent.at)
		rc = arena_keep(&to->arena, from, &session->parent, err);
	to->own = reading->session;
	return rc;
}

/* What the session record says of its last answers. */
static int note_message(struct cc_skeleton *to, struct cc_session *session,
			uint32_t message, const struct jval *record,
			struct err *err)
{
	struct span model = jval_text(jval_at(record, "message.model"));
	bool is_aside = jval_is(jval_get(record, "isSidechain"), JVAL_TRUE) &&
		!session->agent.at;

	if (!cc_is_type(record, "user") && !cc_is_type(record, "assistant"))
		return 0;
	/* Other chains run beside an answer: their prompts end none. */
	if (cc_is_type(record, "user") && !is_aside && !cc_is_result(record) &&
	    !jval_is(jval_get(record, "isMeta"), JVAL_TRUE))
		session->prompts++;
	if (!is_aside || !session->has_main)
		session->leaf = message;
	session->has_main |= !is_aside;
	if (!model.len || is_aside || span_begins(model, "<") ||
	    span_equals(model, session->model))
		return 0;
	return arena_keep(&to->arena, model, &session->model, err);
}

/*
 * What a line follows. out_text: its parentUuid where that is not here, as
 * the message before the begin of a cut file.
 */
static int find_parent(struct cc_skeleton *to, const struct jval *record,
		       struct cc_message *message, uint32_t *out,
		       struct err *err)
{
	struct span raw = jval_get_text(record, "parentUuid");
	struct span text = raw.len ? raw :
		jval_get_text(record, "logicalParentUuid");
	unsigned char id[CC_ID_BYTES];
	uint64_t line;

	*out = CC_NONE;
	if (message)
		message->is_raw_parent = !text.len;
	if (!text.len)
		return 0;
	lineage_id(text, id);
	if (table_get(&to->line_ids, id, &line)) {
		*out = to->lines.at[line].leads_to;
		if (message && *out != CC_NONE)
			message->is_raw_parent = span_equals(raw,
					to->messages.at[*out].key);
		return 0;
	}
	if (!message)
		return 0;
	message->is_raw_parent = raw.len;
	return arena_keep(&to->arena, text, &message->parent_text, err);
}

/*
 * The results of calls that ran side by side all follow the answer that
 * called; what comes next follows one of them. One behind the other they are
 * what the model saw, so that the way back from a leaf misses none.
 */
static void hang(struct cc_skeleton *to, uint32_t at, bool is_result)
{
	struct cc_message *message = &to->messages.at[at];
	struct cc_message *parent;
	uint32_t answer;

	if (message->parent == CC_NONE)
		return;
	parent = &to->messages.at[message->parent];
	answer = parent->is_answer && is_result ? message->parent :
		parent->asked_by;
	if (answer == CC_NONE || to->messages.at[answer].tail == CC_NONE) {
		if (!is_result || answer == CC_NONE)
			return;
	} else if (to->messages.at[answer].tail != message->parent) {
		message->parent = to->messages.at[answer].tail;
		message->is_raw_parent = false;
	}
	if (is_result) {
		message->asked_by = answer;
		to->messages.at[answer].tail = at;
	}
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
		rc = cc_message_key(&reading->keys, line, &reading->key, err);
		lineage_id(buf_span(&reading->key), id);
	} while (rc >= 0 && table_get(&to->line_ids, id, NULL));
	return rc < 0 ? rc : table_put(&to->line_ids, id, to->lines.n - 1,
				       err);
}

static int add_message(struct reading *reading, const struct value_line *line,
		       uint32_t *out, struct err *err)
{
	static const struct cc_message empty = {
		.parent = CC_NONE, .asked_by = CC_NONE, .tail = CC_NONE,
		.owner = LINEAGE_NONE, .tokens = -1,
		.first = CHAT_TIME_UNKNOWN, .last = CHAT_TIME_UNKNOWN
	};
	struct cc_skeleton *to = reading->to;
	const struct jval *record = line->value;
	struct cc_message *message;
	int rc;

	rc = array_room(&to->messages, err);
	if (rc >= 0)
		rc = jval_get_text(record, "uuid").len ?
			cc_message_key(&reading->keys, line, &reading->key,
				       err) :
			skeleton_make_key(reading, line, err);
	if (rc < 0)
		return rc;
	*out = (uint32_t)to->messages.n;
	message = &to->messages.at[to->messages.n++];
	*message = empty;
	message->session = is_of_file(record) ? CC_NONE : reading->session;
	message->is_nameless = message->session == CC_NONE &&
		!jval_get(record, "uuid") && !jval_get(record, "messageId");
	message->first = micros_of(cc_time_of(record));
	message->is_answer = cc_is_type(record, "assistant");
	message->is_forked = jval_get(record, "forkedFrom") != NULL;
	rc = arena_keep(&to->arena, buf_span(&reading->key), &message->key, err);
	if (rc >= 0)
		rc = find_parent(to, record, message, &message->parent, err);
	if (rc >= 0 && cc_what_is(record) != CC_ASIDE)
		hang(to, *out, cc_is_result(record));
	return rc;
}

/*
 * Which request a line answers: lines of one answer name the same. Where none
 * is named, it is the one that the last prompt was the begin of.
 */
static struct span request_of(const struct cc_session *session,
			      const struct jval *record)
{
	struct span id = jval_get_text(record, "requestId");

	if (!id.len)
		id = jval_get_text(record, "requestRef");
	return id.len ? id : span_of((const char *)&session->prompts,
				     sizeof(session->prompts));
}

/* The message that the line is a part of. */
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
	id_of(id, request_of(&to->sessions.at[reading->session], line->value),
	      reading->session, key);
	if (table_get(&to->merged, key, &found)) {
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
	int64_t micros = micros_of(cc_time_of(line->value));
	long long tokens = -1;
	uint32_t at;
	int rc;

	rc = find_message(reading, line, &at, err);
	if (rc < 0)
		return rc;
	message = &to->messages.at[at];
	message->is_alone = !message->lines++;
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
	/* Nothing leads back through what nobody said. */
	to->lines.at[number].leads_to = cc_what_is(line->value) == CC_ASIDE ?
		message->parent : at;
	if (message->session == CC_NONE)
		return 0;
	return note_message(to, &to->sessions.at[message->session], at,
			    line->value, err);
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
	int rc = 0;

	at->hash = xxh64_of(line->text.at, line->text.len);
	at->uuid = span_of(NULL, 0);
	at->message = CC_NONE;
	at->leads_to = CC_NONE;
	at->is_double = false;
	to->lines.n++;
	what = cc_what_is(line->value);
	lineage_id(uuid, id);
	if (uuid.len && table_get(&to->line_ids, id, NULL)) {
		at->is_double = true;
		return 0;
	}
	if ((what == CC_MESSAGE && !is_of_file(line->value)) ||
	    jval_get_text(line->value, "sessionId").len) {
		rc = session_of(reading, line, err);
		if (rc >= 0)
			rc = note_session(reading, line->value, err);
	}
	if (rc >= 0 && (what == CC_MESSAGE || what == CC_ASIDE))
		rc = scan_message(reading, line, number, err);
	else if (rc >= 0)
		rc = find_parent(to, line->value, NULL,
				 &to->lines.at[number].leads_to, err);
	if (rc >= 0 && uuid.len)
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
	struct reading reading = { out, CC_KEYS_INIT, BUF_INIT(BUF_NO_LIMIT),
				   CC_NONE };
	struct cc_lines lines = { NULL, NULL, NULL };
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
	settle(out);
	cc_lines_release(&lines);
	table_release(&reading.keys.seen);
	buf_release(&reading.key);
	return rc;
}

static int claim_message(const struct cc_skeleton *skeleton,
			 const struct cc_message *message, struct span id,
			 struct lineage *lineage, struct err *err)
{
	struct lineage_claim claim = {
		.micros = message->first,
		.is_own = message->session == skeleton->own,
		.is_forked = message->is_forked
	};

	if (message->session == CC_NONE || message->is_nameless)
		return 0;
	claim.session = skeleton->sessions.at[message->session].number;
	return lineage_add(lineage, id, &claim, err);
}

int cc_skeleton_claim(struct cc_skeleton *skeleton, struct lineage *lineage,
		      struct err *err)
{
	const struct cc_line *line;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < skeleton->sessions.n; i++)
		rc = lineage_session(lineage, skeleton->sessions.at[i].key,
				     skeleton->sessions.at[i].last,
				     &skeleton->sessions.at[i].number, err);
	for (i = 0; rc >= 0 && i < skeleton->messages.n; i++)
		rc = claim_message(skeleton, &skeleton->messages.at[i],
				   skeleton->messages.at[i].key, lineage, err);
	/* Summaries name their leaf by any line of it. */
	for (i = 0; rc >= 0 && i < skeleton->lines.n; i++) {
		line = &skeleton->lines.at[i];
		if (line->uuid.len)
			rc = claim_message(skeleton,
					   &skeleton->messages.at[line->message],
					   line->uuid, lineage, err);
	}
	return rc;
}

/* A line that names another session than the file's was copied from there:
 * it counts only where that session's own file is not known. */
static bool is_copy(const struct cc_skeleton *skeleton,
		    const struct cc_message *message,
		    const struct lineage_owner *owner)
{
	if (owner->session != skeleton->sessions.at[message->session].number)
		return true;
	return message->session != skeleton->own &&
	       (owner->is_own || owner->is_known);
}

int cc_skeleton_judge(struct cc_skeleton *skeleton, struct lineage *lineage,
		      struct err *err)
{
	struct cc_message *message;
	struct cc_session *session;
	struct lineage_owner owner;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < skeleton->messages.n; i++) {
		message = &skeleton->messages.at[i];
		if (message->session == CC_NONE)
			continue;
		session = &skeleton->sessions.at[message->session];
		if (message->is_nameless) {
			session->own++;
			continue;
		}
		owner = lineage_owner(lineage, message->key, session->number);
		if (owner.session == LINEAGE_NONE ||
		    !is_copy(skeleton, message, &owner)) {
			session->own++;
			continue;
		}
		message->owner = owner.session;
		if (owner.session != session->number && !session->parent.at)
			rc = arena_keep(&skeleton->arena,
					lineage_key(lineage, owner.session),
					&session->parent, err);
	}
	return rc;
}

bool cc_skeleton_has(const struct cc_skeleton *skeleton, struct span uuid)
{
	unsigned char id[CC_ID_BYTES];

	lineage_id(uuid, id);
	return table_get(&skeleton->line_ids, id, NULL);
}

size_t cc_skeleton_memory(const struct cc_skeleton *skeleton)
{
	return skeleton->lines.cap * sizeof(*skeleton->lines.at) +
	       skeleton->messages.cap * (sizeof(*skeleton->messages.at) +
					 KEY_BYTES) +
	       table_memory(&skeleton->line_ids) +
	       table_memory(&skeleton->merged);
}

void cc_skeleton_release(struct cc_skeleton *skeleton)
{
	arena_release(&skeleton->arena);
	free(skeleton->lines.at);
	free(skeleton->messages.at);
	free(skeleton->sessions.at);
	table_release(&skeleton->session_ids);
	table_release(&skeleton->line_ids);
	table_release(&skeleton->merged);
}
