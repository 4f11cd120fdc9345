/*
 * A conversation that is being read: its turns, and the lines that they are on
 * the screen.
 */
#ifndef VV_CMD_BROWSE_VIEW_TALK_H
#define VV_CMD_BROWSE_VIEW_TALK_H

#include "cmd/browse/view/sheet.h"
#include "lib/base/arena.h"
#include "lib/json/jdoc.h"

/* The first one is the session itself. */
struct turn {
	struct span entity;
	size_t nth, of;		/* among its alternatives, from 1; 0: no others */
	size_t line;		/* where it begins */
};

struct talk {
	struct turn *at;
	size_t n;
	size_t cap;
	struct arena arena;
	struct sheet sheet;
	size_t named;		/* the turn that was asked for; n: none */
	size_t left_out;	/* turns: thinking, and what is hidden */
};

#define TALK_INIT \
	{ NULL, 0, 0, ARENA_INIT, SHEET_INIT(1, false), 0, 0 }
/* Begin anew, for lines of that many columns. */
void talk_reset(struct talk *talk, size_t width, bool is_ascii);
void talk_release(struct talk *talk);

/* Take in what read tells of the session, or of a turn; then what it looks
 * like. */
MUST_USE int talk_add(struct talk *talk, const struct jval *object,
		      struct err *err);
MUST_USE int talk_add_text(struct talk *talk, struct span text,
			   struct err *err);

/* The turn that a line belongs to, and the one of an entity; n: none. */
size_t talk_turn_at(const struct talk *talk, size_t line);
size_t talk_find(const struct talk *talk, struct span entity);

/* What names the branch: the last turn that has alternatives, else the
 * session. Empty: nothing is read. */
struct span talk_branch(const struct talk *talk);

#endif
