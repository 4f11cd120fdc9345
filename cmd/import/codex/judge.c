#include "cmd/import/codex/codex.h"

#include <stdlib.h>

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
		if (!codex_turn_is_shareable(turn))
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

/*
 * Who put it there is said by its twin, then by itself, then by others of its
 * turn that have one, then by its looks. Releases that named no turns wrote no
 * event for what a person typed while the model worked: the twins of others
 * say nothing there.
 */
static void judge_user(const struct codex_turn *turn, struct codex_line *line)
{
	if (line->is_typed)
		line->is_injected = false;
	else if (line->author != CODEX_UNTOLD)
		line->is_injected = line->author == CODEX_PROGRAM;
	else if (turn->has_match && turn->id.len)
		line->is_injected = true;
}

/*
 * An older event is followed by the item that says the same, or comes behind
 * it: only when that is past it is known to stand alone. Of a copied turn that
 * was cut there, the session that has it knows more.
 */
static bool stands_alone(const struct codex_skeleton *skeleton, uint32_t at)
{
	const struct codex_turn *turn =
		&skeleton->turns.at[skeleton->lines.at[at].turn];

	return !skeleton->has_items ||
	       (turn->is_own && (at < skeleton->last_item ||
				 turn->has_ended));
}

/* Should its twin still come, it takes the same name: nothing stands twice. */
static bool has_name_of_twin(const struct codex_line *line)
{
	return line->name.len &&
	       (line->kind == CODEX_ANSWERED || line->kind == CODEX_THOUGHT ||
		line->kind == CODEX_KIND_NONE ||
		(line->kind == CODEX_DONE && !line->is_user));
}

/* last: the message before it, which takes what more it knows. */
static void judge_event(const struct codex_skeleton *skeleton,
			struct codex_line *line, uint32_t last, uint32_t at)
{
	bool is_item = line->what == CODEX_TURN_ITEM;

	if (line->twin == CODEX_NONE) {
		line->is_message = has_name_of_twin(line) ||
			stands_alone(skeleton, at);
		return;
	}
	line->is_joined = (is_item || line->has_more) &&
		(line->twin > at || line->twin == last);
	line->is_late = !line->is_joined &&
		(line->has_more || line->kind == CODEX_DONE);
	line->is_message = line->is_late;
}

static void judge_line(struct codex_skeleton *skeleton, uint32_t last,
		       uint32_t at)
{
	struct codex_line *line = &skeleton->lines.at[at];
	const struct codex_turn *turn = &skeleton->turns.at[line->turn];

	line->is_copy = !turn->is_own;
	switch (line->what) {
	case CODEX_ITEM:
		line->is_message = true;
		if (line->is_user)
			judge_user(turn, line);
		break;
	case CODEX_TURN_ITEM:
		if (line->is_old || (line->kind == CODEX_KIND_NONE &&
				     !line->has_words &&
				     line->twin == CODEX_NONE))
			break;
		/* fallthrough */
	case CODEX_USER_EVENT:
	case CODEX_AGENT_EVENT:
	case CODEX_THOUGHT_EVENT:
		judge_event(skeleton, line, last, at);
		break;
	case CODEX_WORDS:
		line->is_message = line->has_words &&
			!table_get(&skeleton->words, &line->text, NULL);
		break;
	case CODEX_COMPACTED:
	case CODEX_OTHER:
		line->is_message = true;
		break;
	default:
		break;
	}
	if (line->is_joined)
		skeleton->lines.at[line->twin].is_awaited |= line->twin > at;
}

/* The way to where the conversation stands. */
struct walk {
	uint32_t tail;
	uint32_t *before;	/* the messages before each turn in which a
				   person spoke */
	size_t before_n;
	uint32_t turn;		/* the last such one */
	uint32_t last;		/* message, on the way or not */
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

/* What is for the screen has places of its own: should an item turn up that
 * says the same, the others keep theirs. */
static bool is_event(const struct codex_line *line)
{
	return line->what == CODEX_USER_EVENT ||
	       line->what == CODEX_AGENT_EVENT ||
	       line->what == CODEX_THOUGHT_EVENT ||
	       line->what == CODEX_TURN_ITEM || line->what == CODEX_WORDS;
}

/* An item of a turn has the name that the item for the model will have. */
static int name_message(struct codex_skeleton *skeleton,
			struct codex_line *line, struct err *err)
{
	uint64_t hash = codex_hash(line->name, line->turn) * 2 +
			line->is_late;

	return line->name.len ? table_include(&skeleton->names, &hash,
					      &line->is_named, err) : 0;
}

static int step(struct codex_skeleton *skeleton, struct walk *walk,
		uint32_t at, struct err *err)
{
	struct codex_line *line = &skeleton->lines.at[at];
	struct codex_turn *turn = &skeleton->turns.at[line->turn];

	judge_line(skeleton, walk->last, at);
	if (line->what == CODEX_ROLLBACK)
		take_back(walk, line->turns);
	/* Counted whatever it is: what follows may make it a twin. */
	if (is_event(line))
		line->nth = turn->events++;
	if (!line->is_message)
		return 0;
	if (!turn->has_begun) {
		turn->has_begun = true;
		turn->before = walk->tail;
	}
	note_turn(walk, line, turn);
	if (!is_event(line))
		line->nth = turn->count++;
	line->parent = walk->tail;
	line->index = walk->index++;
	walk->tail = at;
	walk->last = at;
	skeleton->own += !line->is_copy;
	return name_message(skeleton, line, err);
}

int codex_skeleton_judge(struct codex_skeleton *skeleton,
			 const struct lineage *lineage, struct err *err)
{
	struct walk walk = { CODEX_NONE, NULL, 0, CODEX_NONE, CODEX_NONE, 0 };
	size_t i;
	int rc;

	walk.before = calloc(skeleton->lines.n + 1, sizeof(*walk.before));
	if (!walk.before)
		return err_set(err, ERR_NOMEM, "out of memory");
	judge_turns(skeleton, lineage);
	rc = codex_twins_find(skeleton, err);
	for (i = 0; rc == 0 && i < skeleton->lines.n; i++)
		rc = step(skeleton, &walk, (uint32_t)i, err);
	skeleton->leaf = walk.tail;
	free(walk.before);
	return rc;
}

int codex_key(const struct codex_skeleton *skeleton, uint32_t at,
	      struct buf *out, struct err *err)
{
	const struct codex_line *line = &skeleton->lines.at[at];
	struct span id = skeleton->turns.at[line->turn].id;

	buf_reset(out);
	buf_put_span(out, id.len ? id : span_str("start"));
	buf_put_char(out, '.');
	/* A turn may have begun in the file before: places there are taken. */
	if (line->is_named)
		buf_put_span(out, line->name);
	else if (skeleton->is_segment && line->ordinal != CODEX_NONE)
		buf_putf(out, "at-%u", (unsigned)line->ordinal);
	else
		buf_putf(out, "%s%u", is_event(line) ? "event-" : "",
			 (unsigned)line->nth);
	if (line->is_named && line->is_late)
		buf_put_str(out, "-late");
	return buf_end(out, err);
}
