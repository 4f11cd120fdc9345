/*
 * What the list shows: hits of a search, or sessions.
 */
#ifndef VV_CMD_BROWSE_VIEW_HITS_H
#define VV_CMD_BROWSE_VIEW_HITS_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/json/jdoc.h"
#include "lib/time/wall.h"

struct hit_mark {
	size_t start, end;	/* bytes of the snippet */
};

/* What is not known is empty. */
struct hit {
	bool is_session;
	bool is_first;		/* of its session in the list */
	struct span construct;
	struct span entity;
	struct span session;	/* "session:..." */
	struct span title;
	struct span first;	/* what was said first, of a session */
	struct span day;	/* by the local clock */
	struct span who;
	struct span snippet;	/* of a session what there is to know */
	struct hit_mark *marks;
	size_t marks_n;
};

struct hits {
	struct hit *at;
	size_t n;
	size_t cap;
	struct arena arena;	/* what all of them borrow from */
	struct wall wall;	/* the local clock; all zero: UTC */
};

#define HITS_INIT { NULL, 0, 0, ARENA_INIT, { NULL, NULL, 0 } }
void hits_reset(struct hits *hits);
void hits_release(struct hits *hits);

/* Take in an object of recall, or one of session list. Members that are not
 * as they should be are empty. */
MUST_USE int hits_add_recall(struct hits *hits, const struct jval *object,
			     struct err *err);
MUST_USE int hits_add_session(struct hits *hits, const struct jval *object,
			      struct err *err);

#endif
