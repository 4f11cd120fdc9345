/*
 * A conversation that is being read: its turns, and the lines that they are on
 * the screen.
 */
#ifndef VV_CMD_BROWSE_TALK_H
#define VV_CMD_BROWSE_TALK_H

#include "cmd/browse/sheet.h"
#include "lib/base/arena.h"
#include "lib/json/jdoc.h"
#include "lib/time/wall.h"

enum turn_kind {
	TURN_SHOWN,
	TURN_TOOL,
	TURN_THINKING,
	TURN_HIDDEN		/* and what is meta */
};

/* What is not known is empty. */
struct turn {
	enum turn_kind kind;
	struct span entity;
	struct span who;
	struct span model;
	struct span at;		/* by the local clock */
	struct span text;
	size_t nth, of;		/* among its alternatives, from 1; 0: no others */

	long long index;	/* place in the source */
	size_t line;		/* where it begins */
};

struct talk {
	struct turn *at;
	size_t n;
	size_t cap;
	struct arena arena;
	struct sheet sheet;
	bool with_tools;	/* unfolded */
	bool with_thinking;
};

#define TALK_INIT \
	{ .arena = ARENA_INIT, .sheet = SHEET_INIT(1, false) }
/* with_... stay. */
void talk_reset(struct talk *talk);
void talk_release(struct talk *talk);

/* Take in a turn as the action tells it; wall: the local clock. */
MUST_USE int talk_add(struct talk *talk, const struct jval *object,
		      const struct wall *wall, struct err *err);

/* In the order of the source. */
void talk_sort(struct talk *talk);

/* Lay it out in lines of that many columns. */
MUST_USE int talk_lay_out(struct talk *talk, size_t width, bool is_ascii,
			  struct err *err);

/* The turn that a line belongs to, and the one of an entity; n: none. */
size_t talk_turn_at(const struct talk *talk, size_t line);
size_t talk_find(const struct talk *talk, struct span entity);


#endif
