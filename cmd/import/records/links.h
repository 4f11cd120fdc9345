/*
 * Who follows whom in a talk, where its source's links may be lost or wrong.
 * Nothing that a person saw may be off the shown branch for a lost link: such
 * a turn stands where the source has it, behind the turn before it, and its
 * place is a guess, which its session tells.
 *
 * A turn may be named before it comes. Turns that name each other in a circle
 * lose the link of the first of them.
 */
#ifndef VV_CMD_IMPORT_RECORDS_LINKS_H
#define VV_CMD_IMPORT_RECORDS_LINKS_H

#include <stdbool.h>
#include <stdint.h>

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

	uint32_t depth;		/* the rest is the mending's */
	uint32_t said;		/* prompts and answers up to here */
	uint32_t walls;
	uint32_t jump;		/* a turn far above */
};

/*
 * Mend the links of turns that are in the order of their source, at most
 * LINK_MOST; their members from `depth` on are zero. Chains are numbered from
 * 0; tails gets the turn where each of them stands, LINK_NONE for an empty
 * one.
 */
void links_mend(struct link *turns, uint32_t n, uint32_t *tails,
		uint32_t chains);

#endif
