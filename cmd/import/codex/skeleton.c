#include "cmd/import/codex/codex.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/time/timestamp.h"

/* Ids of turns that are shorter are not unique beyond their session. */
#define TURN_ID_MIN 16

static uint64_t hash_in(struct span text, uint32_t turn)
{
	return xxh64_of(text.at, text.len) * 31 + turn;
}

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
	int rc = 0;

	if (!id.len)
		id = jval_get_text(payload, "session_id");
	if (!from.len)
		from = jval_text(jval_at(payload, "source.subagent."
					 "thread_spawn.parent_thread_id"));
	if (!to->session.at && id.len)
		rc = arena_keep(&to->arena, id, &to->session, err);
	else if (id.len && !to->parent.at && !span_equals(id, to->session))
		from = id;
	if (rc >= 0 && from.len && !to->parent.at)
		rc = arena_keep(&to->arena, from, &to->parent, err);
	return rc;
}

static int scan_user_text(struct reading *reading, struct codex_line *line,
			  const struct jval *content, struct err *err)
{
	buf_reset(&reading->text);
	codex_put_text(content, &reading->text);
	line->text = hash_in(buf_span(&reading->text), reading->turn);
	line->is_injected = codex_is_injected(buf_span(&reading->text));
	return buf_end(&reading->text, err);
}

static int scan_item(struct reading *reading, struct codex_line *line,
		     const struct codex_record *record, struct err *err)
{
	const struct jval *role = jval_get(record->payload, "role");
	struct codex_turn *turn = &reading->to->turns.at[reading->turn];

	reading->to->has_items = true;
	if (span_equals(record->type, span_str("reasoning"))) {
		buf_reset(&reading->text);
		codex_put_text(jval_get(record->payload, "summary"),
			       &reading->text);
		codex_put_text(jval_get(record->payload, "content"),
			       &reading->text);
		turn->has_thought |= reading->text.len > 0;
		return buf_end(&reading->text, err);
	}
	if (!span_equals(record->type, span_str("message")) ||
	    !jval_is_text(role, "user"))
		return 0;
	line->is_user = true;
	return scan_user_text(reading, line,
			      jval_get(record->payload, "content"), err);
}

static int scan_record(struct reading *reading, struct codex_line *line,
		       const struct codex_record *record, struct err *err)
{
	struct codex_skeleton *to = reading->to;
	struct codex_turn *turn = &to->turns.at[reading->turn];
	long long number = 0;
	int rc = 0;

	switch (record->what) {
	case CODEX_META:
		return scan_meta(to, record->payload, err);
	case CODEX_ITEM:
		return scan_item(reading, line, record, err);
	case CODEX_USER_EVENT:
		line->is_user = true;
		turn->has_events = true;
		rc = scan_user_text(reading, line,
				    jval_get(record->payload, "message"), err);
		line->is_injected = false;
		return rc < 0 ? rc : table_put(&to->texts, &line->text, 0,
					       err);
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
	static const struct codex_line empty = { .parent = CODEX_NONE };
	struct codex_skeleton *to = reading->to;
	struct codex_record record;
	struct codex_line *line;
	struct chat_time time;
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
	id = jval_get_text(record.payload, "turn_id");
	if (rc >= 0 && record.what == CODEX_TURN && id.len)
		rc = find_turn(to, id, &reading->turn, err);
	line->turn = reading->turn;
	time = codex_time_of(&record);
	if (time.micros != CHAT_TIME_UNKNOWN &&
	    !(time.flags & TIMESTAMP_UNUSUAL)) {
		if (to->first == CHAT_TIME_UNKNOWN)
			to->first = time.micros;
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
	struct codex_lines lines = { NULL, NULL };
	struct value_line line;
	struct err why = ERR_INIT;
	int rc;

	rc = find_turn(out, span_str(""), &reading.turn, err);
	if (rc >= 0)
		rc = codex_lines_open(input, &lines, err);
	while (rc >= 0) {
		rc = value_lines_next(lines.lines, &line, &why);
		if (rc < 0 || line.found == FOUND_END)
			break;
		if (line.found == FOUND_ONE)
			rc = scan_line(&reading, &line, &why);
	}
	codex_lines_release(&lines);
	buf_release(&reading.text);
	if (!out->session.at)
		out->session = out->unnamed;
	/* The second reading tells what is wrong with compressed data. */
	if (rc == ERR_CORRUPT || rc == ERR_LIMIT)
		return 0;
	return rc < 0 && why.code ? err_set(err, (enum err_code)rc, "%s",
					    why.text) : rc;
}

static bool is_shareable(const struct codex_turn *turn)
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
		if (!is_shareable(&skeleton->turns.at[i]))
			continue;
		claim.micros = skeleton->turns.at[i].first;
		rc = lineage_add(lineage, skeleton->turns.at[i].id, &claim, err);
	}
	return rc;
}

/*
 * The leading turns of a fork or subagent that another session has are
 * copies, and so is what stands before them.
 */
static void judge_turns(struct codex_skeleton *skeleton,
			const struct lineage *lineage)
{
	struct lineage_owner owner;
	struct codex_turn *turn;
	size_t i;

	if (!skeleton->parent.at)
		return;
	for (i = 1; i < skeleton->turns.n; i++) {
		turn = &skeleton->turns.at[i];
		if (!is_shareable(turn))
			return;
		owner = lineage_owner(lineage, turn->id, skeleton->number);
		if (owner.session == LINEAGE_NONE ||
		    owner.session == skeleton->number)
			return;
		turn->is_own = false;
		turn->owner = owner.session;
		skeleton->turns.at[0].is_own = false;
		skeleton->turns.at[0].owner = owner.session;
	}
}

/* Does a person's text stand in the items of its turn? */
static void match_events(struct codex_skeleton *skeleton)
{
	struct codex_line *line;
	size_t i;

	for (i = 0; i < skeleton->lines.n; i++) {
		line = &skeleton->lines.at[i];
		if (line->what == CODEX_ITEM && line->is_user &&
		    table_get(&skeleton->texts, &line->text, NULL))
			skeleton->turns.at[line->turn].has_match = true;
	}
}

static void judge_line(struct codex_skeleton *skeleton,
		       struct codex_line *line)
{
	const struct codex_turn *turn = &skeleton->turns.at[line->turn];

	switch (line->what) {
	case CODEX_ITEM:
		line->is_message = true;
		if (line->is_user && turn->has_match)
			line->is_injected = !table_get(&skeleton->texts,
						       &line->text, NULL);
		break;
	case CODEX_USER_EVENT:
	case CODEX_AGENT_EVENT:
		line->is_message = !skeleton->has_items;
		break;
	case CODEX_THOUGHT_EVENT:
		line->is_message = !turn->has_thought;
		break;
	case CODEX_COMPACTED:
	case CODEX_OTHER:
		line->is_message = true;
		break;
	default:
		break;
	}
	line->is_copy = !turn->is_own;
}

/* The way to where the conversation stands. */
struct walk {
	uint32_t tail;
	uint32_t *before;	/* the messages before each turn in which a
				   person spoke */
	size_t before_n;
	uint32_t turn;		/* the last such one */
	uint32_t index;
};

static void take_back(struct walk *walk, size_t turns)
{
	for (; turns && walk->before_n; turns--)
		walk->tail = walk->before[--walk->before_n];
	walk->turn = CODEX_NONE;
}

/* Turns without a name are told by the person's words. */
static void note_turn(struct walk *walk, const struct codex_line *line,
		      const struct codex_turn *turn)
{
	if (!line->is_user || line->is_injected ||
	    (turn->id.len && walk->turn == line->turn))
		return;
	walk->before[walk->before_n++] = turn->id.len ? turn->before :
		walk->tail;
	walk->turn = line->turn;
}

/* Events have keys of their own: should an item turn up that says the same,
 * the others keep theirs. */
static bool is_event(const struct codex_line *line)
{
	return line->what == CODEX_USER_EVENT ||
	       line->what == CODEX_AGENT_EVENT ||
	       line->what == CODEX_THOUGHT_EVENT;
}

static void step(struct codex_skeleton *skeleton, struct walk *walk,
		 uint32_t at)
{
	struct codex_line *line = &skeleton->lines.at[at];
	struct codex_turn *turn = &skeleton->turns.at[line->turn];

	if (line->what == CODEX_ROLLBACK)
		take_back(walk, line->turns);
	if (!line->is_message)
		return;
	if (!turn->has_begun) {
		turn->has_begun = true;
		turn->before = walk->tail;
	}
	note_turn(walk, line, turn);
	line->nth = is_event(line) ? turn->events++ : turn->count++;
	line->parent = walk->tail;
	line->index = walk->index++;
	walk->tail = at;
	skeleton->own += !line->is_copy;
}

int codex_skeleton_judge(struct codex_skeleton *skeleton,
			 const struct lineage *lineage, struct err *err)
{
	struct walk walk = { CODEX_NONE, NULL, 0, CODEX_NONE, 0 };
	size_t i;

	walk.before = calloc(skeleton->lines.n + 1, sizeof(*walk.before));
	if (!walk.before)
		return err_set(err, ERR_NOMEM, "out of memory");
	judge_turns(skeleton, lineage);
	match_events(skeleton);
	for (i = 0; i < skeleton->lines.n; i++) {
		judge_line(skeleton, &skeleton->lines.at[i]);
		step(skeleton, &walk, (uint32_t)i);
	}
	skeleton->leaf = walk.tail;
	free(walk.before);
	return 0;
}

void codex_skeleton_release(struct codex_skeleton *skeleton)
{
	arena_release(&skeleton->arena);
	free(skeleton->lines.at);
	free(skeleton->turns.at);
	table_release(&skeleton->turn_ids);
	table_release(&skeleton->texts);
}

int codex_key(const struct codex_skeleton *skeleton, uint32_t at,
	      struct buf *out, struct err *err)
{
	const struct codex_line *line = &skeleton->lines.at[at];
	struct span id = skeleton->turns.at[line->turn].id;

	buf_reset(out);
	buf_put_span(out, id.len ? id : span_str("start"));
	buf_putf(out, ".%s%u", is_event(line) ? "event-" : "",
		 (unsigned)line->nth);
	return buf_end(out, err);
}

struct span codex_id_of(struct span key)
{
	size_t len = key.len;

	while (len && key.at[len - 1] != '.')
		len--;
	return span_of(key.at, len ? len - 1 : 0);
}
