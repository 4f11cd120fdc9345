/*
 * Who follows whom in a talk, where its source's links may be lost or wrong.
 * Nothing that a person saw may be off the shown branch for a lost link: such
 * a turn stands where the source has it, behind the turn before it, and its
 * place is a guess, which its session tells. In a tree of replies what then
 * names the turn before it comes behind it, as it was seen.
 *
 * A turn may be named before it comes. Turns that name each other in a circle
 * lose the link of the first of them.
 */
#ifndef VV_CMD_IMPORT_RECORDS_LINKS_H
#define VV_CMD_IMPORT_RECORDS_LINKS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/table.h"

/* What a turn names that is no turn. */
#define LINK_NONE UINT32_MAX		/* it begins the talk */
#define LINK_LOST (UINT32_MAX - 1)	/* one that is not there */
#define LINK_UNSAID (UINT32_MAX - 2)	/* no word of it: the order counts */
#define LINK_ELSEWHERE (UINT32_MAX - 3)	/* not there, but it is known */
#define LINK_MOST (UINT32_MAX - 4)	/* turns, at most */

/*
 * In a tree of replies each of them counts. In the log of an agent only a
 * prompt makes a branch, and only where it stands in the place of another
 * prompt: what else names a turn that others follow already comes behind
 * these, as it was seen.
 */
enum link_kind {
	LINK_REPLY,	/* in a tree */
	LINK_PROMPT,	/* in a log: what a person said ... */
	LINK_ANSWER,	/* ... and was answered, in words or calls */
	LINK_OTHER,	/* what has no part in who speaks */
	LINK_RESULT,	/* of one of several calls, in any order: no guess */
	LINK_WALL,	/* nothing that comes behind it goes back before it */
	LINK_ASIDE	/* in either: what names it follows what it follows */
};

struct link {
	uint32_t parent;	/* a turn, or one of the above; when mended,
				   a turn or LINK_NONE */
	uint32_t chain;		/* what is lost follows the last of its chain */
	enum link_kind kind;
	bool is_guessed;	/* set: its place is none that is named */
	bool is_elsewhere;	/* set: it named one that is not there */

	uint32_t depth;		/* the rest is the mending's */
	uint32_t said;		/* prompts and answers up to here */
	uint32_t walls;
	uint32_t jump;		/* a turn far above */
	/* Numbers from 1, 0 for none: the turn that hangs from this one by a
	 * guess; the one behind which what names this one comes therefore; the
	 * first one that the piece of this one hangs from; of that, the last
	 * turn of its piece. */
	uint32_t guest;
	uint32_t behind;
	uint32_t host;
	uint32_t last;
};

/*
 * Mend the links of turns that are in the order of their source, at most
 * LINK_MOST; their members from `depth` on are zero. Chains are numbered from
 * 0; tails gets the turn where each of them stands, LINK_NONE for an empty
 * one.
 */
void links_mend(struct link *turns, uint32_t n, uint32_t *tails,
		uint32_t chains);

/* --- turns that name each other by texts ---------------------------------- */

/*
 * Two passes: all turns are added, the links mended; then it is asked. What
 * names a turn of another chain follows the last one of its own.
 */
struct link_talk {
	struct arena arena;
	struct table ids;		/* of a key -> its turn */
	struct {
		struct link *at;
		size_t n;
		size_t cap;
	} turns;
	struct {
		struct link_name *at;	/* of the turn of that number */
		size_t n;
		size_t cap;
	} names;
	uint32_t chains;
	uint32_t *tails;		/* where each of them stands */
	uint32_t *guessed;		/* turns of each */
};

#define LINK_ID_BYTES 32
#define LINK_TALK_INIT { \
	.arena = ARENA_INIT, .ids = TABLE_INIT(LINK_ID_BYTES, TABLE_NO_LIMIT) }
void link_talk_release(struct link_talk *talk);

/*
 * Add the next turn, of that kind and chain. parent: the key that it names;
 * where it is absent or empty, the turn's own `parent` says what that means.
 * Of several turns of one key the first is meant by it.
 */
MUST_USE int link_talk_add(struct link_talk *talk, const struct link *turn,
			   struct span key, struct span parent,
			   struct err *err);
/* Once. */
MUST_USE int link_talk_mend(struct link_talk *talk, struct err *err);

/* Keys, absent for none: of the turn before that one, and of the one where a
 * chain stands. */
struct span link_talk_parent(const struct link_talk *talk, size_t turn);
struct span link_talk_tail(const struct link_talk *talk, uint32_t chain);
/* Turns of a chain whose place is a guess. */
uint32_t link_talk_guessed(const struct link_talk *talk, uint32_t chain);

#endif
