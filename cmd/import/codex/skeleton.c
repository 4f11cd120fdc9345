#include "cmd/import/codex/codex.h"

#include <stdlib.h>

#include "cmd/import/beside/prompts.h"
#include "lib/base/array.h"
#include "lib/base/xxh.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/time/timestamp.h"

/* Ids of turns that are shorter are not unique beyond their session. */
#define TURN_ID_MIN 16

/* Names of turns may be anything, and a table's keys are hashes: each turn
 * that has the hash is compared. */
static int find_turn(struct codex_skeleton *to, struct span id, uint32_t *out,
		     struct err *err)
{
	static const struct codex_turn empty = {
		.before = CODEX_NONE, .is_own = true, .owner = LINEAGE_NONE,
		.first = CHAT_TIME_UNKNOWN
	};
	uint64_t key = xxh64_of(id.at, id.len);
	uint64_t found;
	int rc;

	while (table_get(&to->turn_ids, &key, &found)) {
		if (span_equals(to->turns.at[found].id, id)) {
			*out = (uint32_t)found;
			return 0;
		}
		key++;
	}
	rc = array_room(&to->turns, err);
	if (rc >= 0)
		rc = table_put(&to->turn_ids, &key, to->turns.n, err);
	if (rc < 0)
		return rc;
	*out = (uint32_t)to->turns.n;
	to->turns.at[to->turns.n] = empty;
	rc = arena_keep(&to->arena, id, &to->turns.at[to->turns.n].id, err);
	to->turns.n++;
	return rc;
}

struct reading {
	struct codex_skeleton *to;
	uint32_t turn;
	struct buf text;
};

/* The session's own line is the first one; the next are its ancestors'. */
static int scan_meta(struct codex_skeleton *to, const struct jval *payload,
		     struct err *err)
{
	struct span id = jval_get_text(payload, "id");
	struct span from = jval_get_text(payload, "forked_from_id");
	struct chat_time started;
	int rc = 0;

	if (!id.len)
		id = jval_get_text(payload, "session_id");
	if (!from.len)
		from = jval_text(jval_at(payload, "source.subagent."
					 "thread_spawn.parent_thread_id"));
	if (!from.len)
		from = jval_get_text(payload, "parent_thread_id");
	if (!to->session.at && id.len) {
		started = chat_time_of(jval_get(payload, "timestamp"));
		if (started.micros != CHAT_TIME_UNKNOWN &&
		    !(started.flags & TIMESTAMP_UNUSUAL))
			to->first = started.micros;
		rc = arena_keep(&to->arena, id, &to->session, err);
	}
	else if (id.len && !to->parent.at && !span_equals(id, to->session))
		from = id;
	if (rc >= 0 && from.len && !to->parent.at)
		rc = arena_keep(&to->arena, from, &to->parent, err);
	return rc;
}

/* What names a message: an item's own id; that of the call for what came of
 * it, as the screen has no other. Not what could be taken for a place. */
static int keep_name(struct codex_skeleton *to, struct codex_line *line,
		     struct span name, struct err *err)
{
	size_t i;
	bool has_letter = false;

	for (i = 0; i < name.len; i++) {
		if (name.at[i] == '.')
			return 0;
		has_letter |= name.at[i] > '9';
	}
	return has_letter ? arena_keep(&to->arena, name, &line->name, err) :
		0;
}

static int scan_item(struct reading *reading, struct codex_line *line,
		     const struct codex_record *record, struct err *err)
{
	const struct jval *payload = record->payload;
	struct codex_skeleton *to = reading->to;
	struct span id = jval_get_text(payload, "id");
	int rc = 0;

	to->last_item = (uint32_t)(to->lines.n - 1);
	to->has_items = true;
	if (span_equals(record->type, span_str("message")) &&
	    jval_is_text(jval_get(payload, "role"), "user")) {
		line->is_user = true;
		line->author = (uint8_t)codex_author_of(payload);
		buf_reset(&reading->text);
		codex_put_text(jval_get(payload, "content"), &reading->text);
		rc = buf_end(&reading->text, err);
		if (rc == 0)
			rc = codex_judge_words(buf_span(&reading->text),
					       &line->is_injected, err);
	}
	if (id.len && span_ends(record->type, "_output"))
		id = jval_get_text(payload, "call_id");
	if (rc == 0)
		rc = keep_name(to, line, id, err);
	return rc < 0 ? rc : codex_twins_item(to, to->last_item, record, err);
}

/* How far an item of a turn had come. */
static uint8_t stage_of(struct span type)
{
	if (span_equals(type, span_str("item_completed")))
		return 4;
	if (span_equals(type, span_str("item_updated")))
		return 2;
	return span_equals(type, span_str("item_started")) ? 1 : 3;
}

static int scan_turn_item(struct reading *reading, struct codex_line *line,
			  const struct codex_record *record, struct err *err)
{
	struct codex_skeleton *to = reading->to;
	struct span id = codex_item_id(record);
	uint64_t last = 0;

	line->stage = stage_of(record->type);
	if (!id.len)
		return 0;
	line->id = codex_hash(id, reading->turn);
	(void)table_get(&to->stages, &line->id, &last);
	if (last < line->stage &&
	    table_put(&to->stages, &line->id, line->stage, err) < 0)
		return ERR_NOMEM;
	return line->stage == 3 ? 0 : keep_name(to, line, id, err);
}

/* What is for the screen. */
static int scan_event(struct reading *reading, struct codex_line *line,
		      const struct codex_record *record, struct err *err)
{
	int rc;

	line->kind = (uint8_t)codex_kind_of(record);
	line->is_user = line->kind == CODEX_SAID;
	line->has_more = line->is_user && codex_item_has_more(record);
	buf_reset(&reading->text);
	codex_item_words(record, &reading->text);
	line->has_words = reading->text.len > 0;
	line->is_user |= line->kind == CODEX_DONE && line->has_words;
	line->text = codex_hash(buf_span(&reading->text),
				record->what == CODEX_WORDS ? 0 :
				reading->turn);
	rc = buf_end(&reading->text, err);
	if (rc == 0 && record->what != CODEX_WORDS)
		rc = codex_twins_words(reading->to, buf_span(&reading->text),
				       err);
	return rc < 0 || record->what != CODEX_TURN_ITEM ? rc :
		scan_turn_item(reading, line, record, err);
}

static bool is_end_of_turn(struct span type)
{
	return span_equals(type, span_str("task_complete")) ||
	       span_equals(type, span_str("turn_complete")) ||
	       span_equals(type, span_str("turn_aborted"));
}

/* Of another session: that is where it comes from. */
static int scan_reference(struct codex_skeleton *to,
			  const struct jval *payload, struct err *err)
{
	struct span thread = jval_get_text(payload, "thread_id");

	if (!thread.len || span_equals(thread, to->session)) {
		to->is_segment = true;
		return 0;
	}
	return to->parent.at ? 0 : arena_keep(&to->arena, thread, &to->parent,
					      err);
}

static int scan_record(struct reading *reading, struct codex_line *line,
		       const struct codex_record *record, struct err *err)
{
	struct codex_skeleton *to = reading->to;
	long long number = 0;

	switch (record->what) {
	case CODEX_META:
		return scan_meta(to, record->payload, err);
	case CODEX_REFERENCE:
		return scan_reference(to, record->payload, err);
	case CODEX_ITEM:
		return scan_item(reading, line, record, err);
	case CODEX_WORDS:
		if (is_end_of_turn(record->type))
			to->turns.at[reading->turn].has_ended = true;
		/* fallthrough */
	case CODEX_USER_EVENT:
	case CODEX_AGENT_EVENT:
	case CODEX_THOUGHT_EVENT:
	case CODEX_TURN_ITEM:
		return scan_event(reading, line, record, err);
	case CODEX_ROLLBACK:
		(void)jval_integer(jval_get(record->payload, "num_turns"),
				   &number);
		line->turns = (uint8_t)(number < 0 ? 0 : number > 255 ? 255 :
					number);
		return 0;
	default:
		return 0;
	}
}

/* A session that does not say its id goes by its first line's bytes. */
static int name_by(struct codex_skeleton *to, struct span text,
		   struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	char name[HEX_TEXT(16) + 1];

	sha256_of(text.at, text.len, digest);
	hex_text(digest, 16, name);
	return arena_keep(&to->arena, span_str(name), &to->unnamed, err);
}

static int scan_line(struct reading *reading, const struct value_line *from,
		     struct err *err)
{
	static const struct codex_line empty = {
		.parent = CODEX_NONE, .twin = CODEX_NONE,
		.ordinal = CODEX_NONE
	};
	struct codex_skeleton *to = reading->to;
	struct codex_record record;
	struct codex_line *line;
	struct chat_time time;
	long long ordinal;
	struct span id;
	int rc;

	rc = array_room(&to->lines, err);
	if (rc < 0)
		return rc;
	line = &to->lines.at[to->lines.n++];
	*line = empty;
	line->hash = xxh64_of(from->text.at, from->text.len);
	if (to->lines.n == 1)
		rc = name_by(to, from->text, err);
	codex_record_of(from->value, &record);
	line->what = (uint8_t)record.what;
	if (jval_integer(jval_get(from->value, "ordinal"), &ordinal) &&
	    ordinal >= 0 && ordinal < CODEX_NONE)
		line->ordinal = (uint32_t)ordinal;
	id = jval_get_text(record.payload, "turn_id");
	if (rc >= 0 && record.what == CODEX_TURN && id.len)
		rc = find_turn(to, id, &reading->turn, err);
	line->turn = reading->turn;
	time = codex_time_of(&record);
	if (time.micros != CHAT_TIME_UNKNOWN) {
		if (to->first == CHAT_TIME_UNKNOWN)
			to->first = time.micros;
		if (to->begun == CHAT_TIME_UNKNOWN)
			to->begun = time.micros;
		if (to->last < time.micros)
			to->last = time.micros;
		if (to->turns.at[reading->turn].first == CHAT_TIME_UNKNOWN)
			to->turns.at[reading->turn].first = time.micros;
	}
	return rc < 0 ? rc : scan_record(reading, line, &record, err);
}

int codex_skeleton_read(struct import_input *input, struct codex_skeleton *out,
			struct err *err)
{
	struct reading reading = { out, 0, BUF_INIT(BUF_NO_LIMIT) };
	struct value_lines *lines = NULL;
	struct value_line line;
	struct err why = ERR_INIT;
	int rc;

	rc = find_turn(out, span_str(""), &reading.turn, err);
	if (rc >= 0)
		rc = value_lines_new(input_feed(input), &lines, err);
	while (rc >= 0) {
		rc = value_lines_next(lines, &line, &why);
		if (rc < 0 || line.found == FOUND_END)
			break;
		if (line.found == FOUND_ONE)
			rc = scan_line(&reading, &line, &why);
	}
	value_lines_free(lines);
	buf_release(&reading.text);
	if (!out->session.at)
		out->session = out->unnamed;
	return rc < 0 && why.code ? err_set(err, (enum err_code)rc, "%s",
					    why.text) : rc;
}

bool codex_turn_is_shareable(const struct codex_turn *turn)
{
	return turn->id.len >= TURN_ID_MIN;
}

int codex_skeleton_claim(struct codex_skeleton *skeleton,
			 struct lineage *lineage, struct err *err)
{
	struct lineage_claim claim = { .is_own = true };
	size_t i;
	int rc = 0;

	if (!skeleton->session.at)
		return 0;
	rc = lineage_session(lineage, skeleton->session, skeleton->last,
			     &skeleton->number, err);
	claim.session = skeleton->number;
	claim.is_forked = skeleton->parent.at != NULL;
	for (i = 0; rc >= 0 && i < skeleton->turns.n; i++) {
		if (!codex_turn_is_shareable(&skeleton->turns.at[i]))
			continue;
		claim.micros = skeleton->turns.at[i].first;
		rc = lineage_add(lineage, skeleton->turns.at[i].id, &claim, err);
	}
	return rc;
}

void codex_skeleton_release(struct codex_skeleton *skeleton)
{
	arena_release(&skeleton->arena);
	free(skeleton->lines.at);
	free(skeleton->turns.at);
	table_release(&skeleton->turn_ids);
	free(skeleton->said.at);
	free(skeleton->sayings.at);
	table_release(&skeleton->said_by);
	table_release(&skeleton->words);
	table_release(&skeleton->stages);
	table_release(&skeleton->names);
}

struct span codex_id_of(struct span key)
{
	size_t len = key.len;

	if (span_begins(key, PROMPT_KEY))
		return span_of(NULL, 0);
	while (len && key.at[len - 1] != '.')
		len--;
	return span_of(key.at, len ? len - 1 : 0);
}
