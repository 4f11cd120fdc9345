#include "cmd/import/records/links.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/id/hash.h"

struct mending {
	struct link *at;
	uint32_t *tails;	/* of each chain its last turn, or LINK_NONE */
};

/* Until a turn has its place, `depth` tells how far it is. */
#define WAITS 0
#define WALKED UINT32_MAX

static bool is_turn(uint32_t parent)
{
	return parent <= LINK_MOST;
}

static bool has_place(const struct link *turn)
{
	return turn->depth != WAITS && turn->depth != WALKED;
}

static uint32_t said_up_to(const struct mending *mending, uint32_t turn)
{
	return is_turn(turn) ? mending->at[turn].said : 0;
}

static uint32_t walls_up_to(const struct mending *mending, uint32_t turn)
{
	return is_turn(turn) ? mending->at[turn].walls : 0;
}

/*
 * Each turn knows one far above it, as in "An applicative random-access
 * stack" (Myers 1983): what grows on the way down is found in O(log n) steps.
 */
static uint32_t make_jump(const struct link *at, uint32_t turn)
{
	uint32_t parent = at[turn].parent;
	uint32_t jump;

	if (!is_turn(parent))
		return turn;
	jump = at[parent].jump;
	return at[parent].depth - at[jump].depth ==
	       at[jump].depth - at[at[jump].jump].depth ?
		at[jump].jump : parent;
}

static uint32_t measure(const struct link *turn, bool is_of_words)
{
	return is_of_words ? turn->said : turn->depth;
}

/* The topmost turn on the way to this one, itself among them, whose depth, or
 * what was said up to it, is more than that. */
static uint32_t topmost(const struct link *at, uint32_t turn, bool is_of_words,
			uint32_t more_than)
{
	while (is_turn(at[turn].parent)) {
		if (measure(&at[at[turn].jump], is_of_words) > more_than)
			turn = at[turn].jump;
		else if (measure(&at[at[turn].parent], is_of_words) >
			 more_than)
			turn = at[turn].parent;
		else
			break;
	}
	return turn;
}

/* Does the way to `turn` come by the other one? The talk's begin is above
 * all. */
static bool is_above(const struct link *at, uint32_t other, uint32_t turn)
{
	if (!is_turn(other) || other == turn)
		return true;
	return at[other].depth < at[turn].depth &&
	       at[topmost(at, turn, false, at[other].depth)].parent == other;
}

/* What is said first behind `named` on the way to the tail: is it a prompt
 * too, and is there no wall between? */
static bool is_instead(const struct mending *mending, uint32_t named,
		       uint32_t tail)
{
	uint32_t said = said_up_to(mending, named);
	uint32_t first;

	if (walls_up_to(mending, named) != walls_up_to(mending, tail) ||
	    said == said_up_to(mending, tail))
		return false;
	first = topmost(mending->at, tail, true, said);
	return mending->at[first].kind == LINK_PROMPT;
}

/* In a log: what it follows, given what it names and where the talk stands. */
static uint32_t follow(const struct mending *mending, struct link *turn,
		       uint32_t named, uint32_t tail)
{
	if (!is_above(mending->at, named, tail) ||
	    (turn->kind == LINK_PROMPT && is_instead(mending, named, tail)))
		return named;
	turn->is_guessed |= turn->kind != LINK_RESULT &&
		said_up_to(mending, named) != said_up_to(mending, tail);
	return tail;
}

static void hang(struct link *at, uint32_t number, uint32_t tail)
{
	at[tail].guest = number + 1;
	at[number].host = at[tail].host ? at[tail].host : tail + 1;
	at[at[number].host - 1].last = number + 1;
}

/* In a tree: what it follows, where something may hang from what it names.
 * All that name the same are alternatives, also there. */
static uint32_t pass(struct link *at, uint32_t number, uint32_t named)
{
	uint32_t last = at[named].host ? at[at[named].host - 1].last :
		at[named].last;

	if (at[named].guest && !at[named].behind) {
		at[named].behind = is_above(at, named, last - 1) ? last :
			at[named].guest;
		hang(at, number, at[named].behind - 1);
	}
	if (at[named].behind) {
		at[number].is_guessed = true;
		named = at[named].behind - 1;
	}
	if (at[named].host) {
		at[number].host = at[named].host;
		at[at[named].host - 1].last = number + 1;
	}
	return named;
}

static void place(struct mending *mending, uint32_t number)
{
	struct link *turn = &mending->at[number];
	uint32_t *tail = &mending->tails[turn->chain];
	uint32_t named = turn->parent;
	bool is_moved = turn->kind == LINK_REPLY ||
		turn->kind == LINK_PROMPT || !is_turn(*tail);

	if (is_turn(named) && mending->at[named].kind == LINK_ASIDE) {
		turn->is_guessed = mending->at[named].is_guessed;
		named = mending->at[named].is_elsewhere ? LINK_ELSEWHERE :
			mending->at[named].parent;
	}
	if (named == LINK_LOST || named == LINK_UNSAID) {
		turn->is_guessed = named == LINK_LOST && is_turn(*tail);
		if (turn->is_guessed)
			hang(mending->at, number, *tail);
		named = *tail;
	} else if (named == LINK_ELSEWHERE) {
		turn->is_elsewhere = true;
		named = LINK_NONE;
		is_moved = true;
	} else if (turn->kind == LINK_REPLY && is_turn(named)) {
		named = pass(mending->at, number, named);
	} else if (turn->kind != LINK_REPLY && turn->kind != LINK_ASIDE &&
		   is_turn(*tail)) {
		named = follow(mending, turn, named, *tail);
	}
	turn->parent = named;
	turn->depth = is_turn(named) ? mending->at[named].depth + 1 : 1;
	turn->said = said_up_to(mending, named) +
		(turn->kind == LINK_PROMPT || turn->kind == LINK_ANSWER);
	turn->walls = walls_up_to(mending, named) + (turn->kind == LINK_WALL);
	turn->jump = make_jump(mending->at, number);
	if (turn->kind != LINK_ASIDE && (is_moved || named == *tail))
		*tail = number;
}

/* Of those that name each other in a circle, which begins and ends here. */
static uint32_t first_of(const struct link *at, uint32_t here)
{
	uint32_t first = here;
	uint32_t turn;

	for (turn = at[here].parent; turn != here; turn = at[turn].parent)
		first = turn < first ? turn : first;
	return first;
}

/*
 * Walk up from a turn to one that has its place, and place all on the way
 * back; `jump` is the way back until then. False when a circle was met, which
 * is open now: walk again.
 */
static bool walk(struct mending *mending, uint32_t from)
{
	struct link *at = mending->at;
	uint32_t below = LINK_NONE;
	uint32_t turn = from;
	bool is_circle;

	while (is_turn(turn) && at[turn].depth == WAITS) {
		at[turn].depth = WALKED;
		at[turn].jump = below;
		below = turn;
		turn = at[turn].parent;
	}
	is_circle = is_turn(turn) && at[turn].depth == WALKED;
	if (is_circle)
		at[first_of(at, turn)].parent = LINK_LOST;
	while (is_turn(below)) {
		turn = below;
		below = at[turn].jump;
		at[turn].depth = WAITS;
		if (!is_circle)
			place(mending, turn);
	}
	return !is_circle;
}

void links_mend(struct link *turns, uint32_t n, uint32_t *tails,
		uint32_t chains)
{
	struct mending mending = { turns, tails };
	uint32_t i;

	for (i = 0; i < chains; i++)
		tails[i] = LINK_NONE;
	for (i = 0; i < n; i++) {
		while (!has_place(&turns[i]) && !walk(&mending, i))
			;
	}
}

struct link_name {
	struct span key;
	struct span parent;
};

_Static_assert(LINK_ID_BYTES == SHA256_BYTES, "an id is a hash");

void link_talk_release(struct link_talk *talk)
{
	arena_release(&talk->arena);
	table_release(&talk->ids);
	free(talk->turns.at);
	free(talk->names.at);
	free(talk->tails);
	free(talk->guessed);
}

int link_talk_add(struct link_talk *talk, const struct link *turn,
		  struct span key, struct span parent, struct err *err)
{
	struct link_name name = { .key = { NULL, 0 } };
	unsigned char id[SHA256_BYTES];
	int rc;

	sha256_of(key.at, key.len, id);
	rc = array_room(&talk->turns, err);
	if (rc == 0)
		rc = array_room(&talk->names, err);
	if (rc == 0)
		rc = arena_keep(&talk->arena, key, &name.key, err);
	if (rc == 0 && parent.len)
		rc = arena_keep(&talk->arena, parent, &name.parent, err);
	if (rc == 0)
		rc = table_add(&talk->ids, id, talk->turns.n, NULL, err);
	if (rc < 0)
		return rc;
	talk->turns.at[talk->turns.n++] = *turn;
	talk->names.at[talk->names.n++] = name;
	if (talk->chains <= turn->chain)
		talk->chains = turn->chain + 1;
	return 0;
}

static uint32_t named_by(const struct link_talk *talk, size_t turn)
{
	struct span parent = talk->names.at[turn].parent;
	unsigned char id[SHA256_BYTES];
	uint64_t found;

	if (!parent.len)
		return talk->turns.at[turn].parent;
	sha256_of(parent.at, parent.len, id);
	if (!table_get(&talk->ids, id, &found))
		return LINK_LOST;
	return talk->turns.at[found].chain == talk->turns.at[turn].chain ?
		(uint32_t)found : LINK_UNSAID;
}

int link_talk_mend(struct link_talk *talk, struct err *err)
{
	size_t chains = (size_t)talk->chains + 1;
	size_t i;

	talk->tails = calloc(chains, sizeof(*talk->tails));
	talk->guessed = calloc(chains, sizeof(*talk->guessed));
	if (!talk->tails || !talk->guessed)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < talk->turns.n; i++)
		talk->turns.at[i].parent = named_by(talk, i);
	links_mend(talk->turns.at, (uint32_t)talk->turns.n, talk->tails,
		   talk->chains);
	for (i = 0; i < talk->turns.n; i++)
		talk->guessed[talk->turns.at[i].chain] +=
			talk->turns.at[i].is_guessed;
	return 0;
}

static struct span key_of(const struct link_talk *talk, uint32_t turn)
{
	return turn < talk->names.n ? talk->names.at[turn].key :
		span_of(NULL, 0);
}

struct span link_talk_parent(const struct link_talk *talk, size_t turn)
{
	return key_of(talk, talk->turns.at[turn].parent);
}

struct span link_talk_tail(const struct link_talk *talk, uint32_t chain)
{
	return key_of(talk, chain < talk->chains ? talk->tails[chain] :
		      LINK_NONE);
}

uint32_t link_talk_guessed(const struct link_talk *talk, uint32_t chain)
{
	return chain < talk->chains ? talk->guessed[chain] : 0;
}
