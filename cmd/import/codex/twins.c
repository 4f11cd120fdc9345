#include "cmd/import/codex/codex.h"

#include "lib/base/array.h"
#include "lib/base/xxh.h"

/* Who takes what is said. */
enum taker { TAKER_ITEM, TAKER_EVENT };

uint64_t codex_hash(struct span text, uint32_t turn)
{
	text = span_trim(text, SPAN_BLANKS);
	return xxh64_of(text.at, text.len) * 31 + turn;
}

uint64_t codex_hash_by(uint64_t hash, enum codex_by by)
{
	return hash * 31 + by;
}

/* What was said so before, or is now for the first time. */
static int find_saying(struct codex_skeleton *skeleton, uint64_t hash,
		       struct codex_saying **out, struct err *err)
{
	static const struct codex_saying none = {
		CODEX_NONE, { CODEX_NONE, CODEX_NONE }
	};
	uint64_t at = skeleton->sayings.n;
	bool is_new;
	int rc = array_room(&skeleton->sayings, err);

	if (rc == 0)
		rc = table_add(&skeleton->said_by, &hash, at, &is_new, err);
	if (rc < 0)
		return rc;
	(void)table_get(&skeleton->said_by, &hash, &at);
	if (is_new)
		skeleton->sayings.at[skeleton->sayings.n++] = none;
	*out = &skeleton->sayings.at[at];
	return 0;
}

int codex_twins_note(struct codex_skeleton *skeleton, uint64_t hash,
		     uint32_t line, struct err *err)
{
	const struct codex_said said = { line, CODEX_NONE };
	uint32_t at = (uint32_t)skeleton->said.n;
	struct codex_saying *saying = NULL;
	size_t i;
	int rc = array_room(&skeleton->said, err);

	if (rc == 0)
		rc = find_saying(skeleton, hash, &saying, err);
	/* A text alone is the whole of its line too. */
	if (rc < 0 || (saying->last != CODEX_NONE &&
		       skeleton->said.at[saying->last].line == line))
		return rc;
	skeleton->said.at[skeleton->said.n++] = said;
	if (saying->last != CODEX_NONE)
		skeleton->said.at[saying->last].next = at;
	saying->last = at;
	for (i = 0; i < CODEX_TAKERS; i++) {
		if (saying->left[i] == CODEX_NONE)
			saying->left[i] = at;
	}
	return 0;
}

int codex_twins_words(struct codex_skeleton *skeleton, struct span text,
		      struct err *err)
{
	uint64_t hash = codex_hash(text, 0);

	return span_trim(text, SPAN_BLANKS).len ?
		table_put(&skeleton->words, &hash, 0, err) : 0;
}

bool codex_twins_say(const struct codex_skeleton *skeleton, struct span text)
{
	uint64_t hash = codex_hash(text, 0);

	return !span_trim(text, SPAN_BLANKS).len ||
	       table_get(&skeleton->words, &hash, NULL);
}

struct noting {
	struct codex_skeleton *skeleton;
	uint32_t line;
	enum codex_by by;
	struct err *err;
};

static int note_found(const struct noting *noting, struct span text,
		      enum codex_by by)
{
	uint32_t turn = noting->skeleton->lines.at[noting->line].turn;

	return codex_twins_note(noting->skeleton,
				codex_hash_by(codex_hash(text, turn), by),
				noting->line, noting->err);
}

static int note_text(const struct noting *noting, struct span text)
{
	int rc = codex_twins_words(noting->skeleton, text, noting->err);

	return rc < 0 || !span_trim(text, SPAN_BLANKS).len ? rc :
		note_found(noting, text, noting->by);
}

/* A plan stands in the answer, which the screen shows without it. */
static int note_plan(const struct noting *noting, struct span text)
{
	static const char open[] = "<proposed_plan>";
	static const char close[] = "</proposed_plan>";
	size_t from = span_find(text, open, 0);
	size_t to = from == SPAN_NOWHERE ? from : span_find(text, close, from);
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (to == SPAN_NOWHERE)
		return 0;
	buf_put(&rest, text.at, from);
	rc = note_text(noting, span_of(text.at + from + strlen(open),
				       to - from - strlen(open)));
	to += strlen(close);
	buf_put(&rest, text.at + to, text.len - to);
	if (rc == 0)
		rc = buf_end(&rest, noting->err);
	if (rc == 0)
		rc = note_text(noting, buf_span(&rest));
	buf_release(&rest);
	return rc;
}

static int note_pieces(const struct noting *noting,
		       const struct jval *content)
{
	const struct jval *piece = jval_is(content, JVAL_ARRAY) ?
		jval_first(content) : content;
	struct span text;
	int rc = 0;

	for (; rc == 0 && piece; piece = piece->next) {
		text = jval_is(piece, JVAL_STRING) ? jval_text(piece) :
			jval_get_text(piece, "text");
		rc = note_text(noting, text);
		if (rc == 0 && noting->by == CODEX_BY_TYPED)
			rc = note_text(noting, codex_shell_command(text));
		if (rc == 0 && noting->by == CODEX_BY_ANSWER)
			rc = note_plan(noting, text);
		if (piece == content)
			break;
	}
	return rc;
}

/* All of its text: as it is read, and as somebody typed it. Of pictures alone
 * there is none, which is what they are found by. */
static int note_whole(const struct noting *noting, const struct jval *first,
		      const struct jval *second)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	codex_put_text(first, &text);
	codex_put_text(second, &text);
	rc = buf_end(&text, noting->err);
	if (rc == 0)
		rc = note_text(noting, buf_span(&text));
	buf_reset(&text);
	codex_put_typed(first, &text);
	if (rc == 0)
		rc = buf_end(&text, noting->err);
	if (rc == 0)
		rc = note_text(noting, buf_span(&text));
	if (rc == 0 && !text.len && jval_count(first))
		rc = note_found(noting, buf_span(&text), noting->by);
	buf_release(&text);
	return rc;
}

static int note_texts(struct noting *noting,
		      const struct codex_record *record)
{
	const struct jval *first = jval_get(record->payload, "content");
	const struct jval *second = NULL;
	int rc;

	if (span_equals(record->type, span_str("reasoning"))) {
		second = first;
		first = jval_get(record->payload, "summary");
		noting->by = CODEX_BY_THOUGHT;
	} else if (span_equals(record->type, span_str("message"))) {
		noting->by = jval_is_text(jval_get(record->payload, "role"),
					  "assistant") ?
			CODEX_BY_ANSWER : CODEX_BY_TYPED;
	} else {
		return 0;
	}
	rc = note_pieces(noting, first);
	if (rc == 0)
		rc = note_pieces(noting, second);
	return rc < 0 ? rc : note_whole(noting, first, second);
}

int codex_twins_item(struct codex_skeleton *skeleton, uint32_t line,
		     const struct codex_record *record, struct err *err)
{
	struct noting noting = { skeleton, line, CODEX_BY_ID, err };
	struct span id = jval_get_text(record->payload, "id");
	struct span call = jval_get_text(record->payload, "call_id");
	int rc = 0;

	if (id.len)
		rc = note_found(&noting, id, CODEX_BY_ID);
	if (rc == 0 && call.len && span_ends(record->type, "_output"))
		rc = note_found(&noting, call, CODEX_BY_OUTPUT);
	return rc < 0 ? rc : note_texts(&noting, record);
}

/* The first line of that hash that nobody has taken so, and take it. One that
 * an item of the kind has taken by its id is taken. */
static uint32_t take_twin(struct codex_skeleton *skeleton, uint64_t hash,
			  enum codex_kind kind, enum taker taker)
{
	struct codex_saying *saying;
	const struct codex_said *said;
	uint64_t at;

	if (!table_get(&skeleton->said_by, &hash, &at))
		return CODEX_NONE;
	saying = &skeleton->sayings.at[at];
	while (saying->left[taker] != CODEX_NONE) {
		said = &skeleton->said.at[saying->left[taker]];
		saying->left[taker] = said->next;
		if (taker != TAKER_ITEM ||
		    !(skeleton->lines.at[said->line].paired & 1u << kind))
			return said->line;
	}
	return CODEX_NONE;
}

static enum codex_by by_of(enum codex_kind kind)
{
	switch (kind) {
	case CODEX_SAID:
	case CODEX_HOOKED:
		return CODEX_BY_TYPED;
	case CODEX_THOUGHT:
		return CODEX_BY_THOUGHT;
	case CODEX_DONE:
		return CODEX_BY_OUTPUT;
	default:
		return CODEX_BY_ANSWER;
	}
}

bool codex_twins_have(const struct codex_skeleton *skeleton,
		      const struct codex_line *line, struct span text)
{
	uint64_t hash = codex_hash_by(codex_hash(text, line->turn),
				      by_of(line->kind));

	return !span_trim(text, SPAN_BLANKS).len ||
	       table_get(&skeleton->said_by, &hash, NULL);
}

/* By its id: what came of it comes before the call; then by its text. */
static uint32_t find_twin(struct codex_skeleton *skeleton,
			  const struct codex_line *line, enum taker taker)
{
	enum codex_by by = by_of(line->kind);
	uint32_t twin = CODEX_NONE;

	if (line->id && line->kind == CODEX_DONE)
		twin = take_twin(skeleton, codex_hash_by(line->id, by),
				 line->kind, taker);
	if (line->id && twin == CODEX_NONE)
		twin = take_twin(skeleton, codex_hash_by(line->id,
							 CODEX_BY_ID),
				 line->kind, taker);
	/* Of what is done, what a person had the shell do has words. */
	if (line->kind == CODEX_DONE)
		by = CODEX_BY_TYPED;
	if (twin == CODEX_NONE && line->kind != CODEX_KIND_NONE &&
	    (line->has_words || line->has_more))
		twin = take_twin(skeleton, codex_hash_by(line->text, by),
				 line->kind, taker);
	return twin;
}

static void join(struct codex_skeleton *skeleton, struct codex_line *line,
		 uint32_t at)
{
	struct codex_line *twin = &skeleton->lines.at[at];

	line->twin = at;
	if (line->what == CODEX_TURN_ITEM)
		twin->paired |= (uint8_t)(1u << line->kind);
	if (line->is_user) {
		twin->is_typed = true;
		skeleton->turns.at[twin->turn].has_match = true;
	} else if (line->kind == CODEX_HOOKED) {
		twin->author = CODEX_PROGRAM;
	}
}

static void find_items(struct codex_skeleton *skeleton)
{
	struct codex_line *line;
	uint64_t last = 0;
	uint32_t twin;
	size_t i;

	for (i = 0; i < skeleton->lines.n; i++) {
		line = &skeleton->lines.at[i];
		if (line->what != CODEX_TURN_ITEM)
			continue;
		line->is_old = line->id &&
			table_get(&skeleton->stages, &line->id, &last) &&
			line->stage < last;
		twin = line->is_old ? CODEX_NONE :
			find_twin(skeleton, line, TAKER_ITEM);
		if (twin != CODEX_NONE)
			join(skeleton, line, twin);
	}
}

/* Older events repeat an item that has no twin; no other item does. */
static int note_items(struct codex_skeleton *skeleton, struct err *err)
{
	const struct codex_line *line;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < skeleton->lines.n; i++) {
		line = &skeleton->lines.at[i];
		if (line->what == CODEX_TURN_ITEM && !line->is_old &&
		    line->twin == CODEX_NONE && line->has_words)
			rc = codex_twins_note(skeleton, codex_hash_by(
				line->text, by_of(line->kind)), (uint32_t)i,
				err);
	}
	return rc;
}

int codex_twins_find(struct codex_skeleton *skeleton, struct err *err)
{
	struct codex_line *line;
	uint32_t twin;
	size_t i;
	int rc;

	find_items(skeleton);
	rc = note_items(skeleton, err);
	for (i = 0; rc == 0 && i < skeleton->lines.n; i++) {
		line = &skeleton->lines.at[i];
		if (line->what != CODEX_USER_EVENT &&
		    line->what != CODEX_AGENT_EVENT &&
		    line->what != CODEX_THOUGHT_EVENT)
			continue;
		twin = find_twin(skeleton, line, TAKER_EVENT);
		if (twin != CODEX_NONE)
			join(skeleton, line, twin);
	}
	return rc;
}
