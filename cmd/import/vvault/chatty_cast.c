#include "cmd/import/vvault/chatty_lines.h"

#define IN_TURNS 4	/* lines in a row that show who the two are */

/* All lines with a clock are one dialect to the speakers. */
static enum chatty_dialect family_of(enum chatty_dialect dialect)
{
	return dialect >= CHATTY_CLOCK ? CHATTY_CLOCK : dialect;
}

static struct chatty_speaker *find(struct chatty_cast *cast,
				   const struct chatty_head *head)
{
	enum chatty_dialect family = family_of(head->dialect);
	size_t i;

	for (i = 0; i < cast->n; i++) {
		if (cast->at[i].dialect == family &&
		    span_equals(cast->at[i].name, head->name))
			return &cast->at[i];
	}
	return NULL;
}

const struct chatty_speaker *
chatty_cast_find(const struct chatty_cast *cast,
		 const struct chatty_head *head)
{
	static const struct chatty_speaker anybody;
	const struct chatty_speaker *speaker;

	if (head->dialect == CHATTY_NONE)
		return NULL;
	speaker = find((struct chatty_cast *)cast, head);
	if (head->dialect >= CHATTY_CLOCK)
		return speaker ? speaker : &anybody;
	return speaker && speaker->is_chosen ? speaker : NULL;
}

/* Everybody who seems to speak, in the order in which they first do. */
static void gather(struct chatty_cast *cast, const struct chatty_lines *lines,
		   struct span title, struct span hint)
{
	struct chatty_speaker *speaker;
	struct chatty_head head;
	size_t i;

	for (i = 0; i < lines->n; i++) {
		if (lines->at[i].is_fenced)
			continue;
		head = chatty_head_of(chatty_line_at(lines, i));
		if (head.dialect == CHATTY_NONE)
			continue;
		cast->clocks += head.dialect >= CHATTY_CLOCK;
		speaker = find(cast, &head);
		if (!speaker && cast->n < CHATTY_SPEAKERS_MAX) {
			speaker = &cast->at[cast->n++];
			memset(speaker, 0, sizeof(*speaker));
			speaker->name = head.name;
			speaker->dialect = family_of(head.dialect);
			speaker->side = chatty_side_of(head.name, title, hint);
		}
		if (speaker)
			speaker->count++;
	}
}

/* How often those speak whom we know. */
static size_t count_known(const struct chatty_cast *cast,
			  enum chatty_dialect dialect)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < cast->n; i++) {
		if (cast->at[i].dialect == dialect &&
		    cast->at[i].side != CHATTY_UNKNOWN)
			count += cast->at[i].count;
	}
	return count;
}

static bool has_side(const struct chatty_cast *cast,
		     enum chatty_dialect dialect, enum chatty_side side)
{
	size_t i;

	for (i = 0; i < cast->n; i++) {
		if (cast->at[i].dialect == dialect && cast->at[i].side == side)
			return true;
	}
	return false;
}

/* Those whom we know, and if only one side is known, who speaks to them most
 * often: about as often as they do, or it is a word of the text. */
static void choose_known(struct chatty_cast *cast, enum chatty_dialect dialect)
{
	struct chatty_speaker *other = NULL;
	struct chatty_speaker *speaker;
	size_t i;

	for (i = 0; i < cast->n; i++) {
		speaker = &cast->at[i];
		if (speaker->dialect != dialect)
			continue;
		speaker->is_chosen = speaker->side != CHATTY_UNKNOWN;
		if (!speaker->is_chosen &&
		    (!other || speaker->count > other->count))
			other = speaker;
	}
	if (!other || other->count * 3 < count_known(cast, dialect) ||
	    (has_side(cast, dialect, CHATTY_USER) &&
	     has_side(cast, dialect, CHATTY_ASSISTANT)))
		return;
	other->is_chosen = true;
}

/* A word of the text, or somebody who says less than the two. */
static bool is_aside(const struct chatty_speaker *speaker,
		     struct chatty_speaker *const pair[2])
{
	return speaker != pair[0] && speaker != pair[1] &&
	       speaker->count < pair[0]->count &&
	       speaker->count < pair[1]->count;
}

/* The two who speak in turns, from the first line of text on. */
static bool choose_in_turns(struct chatty_cast *cast,
			    const struct chatty_lines *lines)
{
	struct chatty_speaker *pair[2] = { NULL, NULL };
	struct chatty_speaker *speaker;
	struct chatty_head head;
	int64_t midnight;
	size_t turns = 0;
	size_t i;

	for (i = 0; i < lines->n && turns < IN_TURNS; i++) {
		if (lines->at[i].is_fenced || chatty_line_is_empty(lines, i))
			continue;
		head = chatty_head_of(chatty_line_at(lines, i));
		if (head.dialect == CHATTY_NONE && !turns &&
		    (chatty_day_of(chatty_line_at(lines, i), false, &midnight,
				   NULL) ||
		     span_begins(chatty_line_at(lines, i), "# ")))
			continue;
		speaker = head.dialect ? find(cast, &head) : NULL;
		if (!turns && !speaker)
			return false;
		if (!speaker || (turns && speaker->dialect != pair[0]->dialect))
			continue;
		if (turns < 2)
			pair[turns] = speaker;
		else if (is_aside(speaker, pair))
			continue;
		if (speaker != pair[turns % 2] || pair[0] == pair[1])
			return false;
		turns++;
	}
	if (turns < IN_TURNS)
		return false;
	pair[0]->is_chosen = pair[1]->is_chosen = true;
	cast->dialect = pair[0]->dialect;
	return true;
}

/* Who is not known is who is missing; nobody known: the first one asks. */
static void give_sides(struct chatty_cast *cast, enum chatty_dialect dialect)
{
	bool has_user = has_side(cast, dialect, CHATTY_USER);
	bool has_other = has_side(cast, dialect, CHATTY_ASSISTANT);
	bool is_first = true;
	struct chatty_speaker *speaker;
	size_t i;

	for (i = 0; i < cast->n; i++) {
		speaker = &cast->at[i];
		if (speaker->dialect != dialect ||
		    speaker->side != CHATTY_UNKNOWN || !speaker->is_chosen)
			continue;
		if (!has_user && !has_other) {
			cast->is_guessed = true;
			speaker->side = is_first ? CHATTY_USER :
				CHATTY_ASSISTANT;
		} else {
			speaker->side = has_user && !has_other ?
				CHATTY_ASSISTANT : CHATTY_USER;
		}
		is_first = false;
	}
}

void chatty_cast_choose(struct chatty_cast *cast,
			const struct chatty_lines *lines, struct span title,
			struct span hint)
{
	enum chatty_dialect dialect;
	size_t best = 0;
	size_t known;
	size_t i;

	memset(cast, 0, sizeof(*cast));
	gather(cast, lines, title, hint);
	for (dialect = CHATTY_BOLD; dialect <= CHATTY_NAME; dialect++) {
		known = count_known(cast, dialect);
		if (known <= best || (cast->clocks && dialect != CHATTY_BOLD))
			continue;
		best = known;
		cast->dialect = dialect;
	}
	if (cast->dialect)
		choose_known(cast, cast->dialect);
	else if (!cast->clocks)
		(void)choose_in_turns(cast, lines);
	for (i = 0; i < cast->n; i++)
		cast->at[i].is_chosen |= cast->at[i].dialect == CHATTY_CLOCK;
	if (cast->dialect)
		give_sides(cast, cast->dialect);
	give_sides(cast, CHATTY_CLOCK);
}
