/*
 * Conversations, each with its messages: one at a time, as they lie in the
 * tree.
 */
#ifndef VV_CMD_EXPORT_HOMES_H
#define VV_CMD_EXPORT_HOMES_H

#include "cmd/export/talk.h"

/* A session as it stands in the vault; filled entity by entity. */
struct talk_home {
	struct buf entity;
	struct buf state;	/* empty: it has no record, or was deleted */
	struct said_list said;
	uint64_t others;	/* that lie there: acus of its messages */
	bool is_deleted;
};

#define TALK_HOME_INIT { .entity = BUF_INIT(BUF_NO_LIMIT), \
			 .state = BUF_INIT(BUF_NO_LIMIT) }

void talk_home_reset(struct talk_home *home);
void talk_home_release(struct talk_home *home);

/* Fill it with the session of that entity. */
MUST_USE int talk_home_read(struct view *view, struct span session,
			    struct talk_home *out, struct err *err);

struct talk_home_visitor {
	int (*home)(void *arg, struct talk_home *home, struct err *err);
	void *arg;
};

/*
 * Each session, and the messages of each that has no record; those that were
 * deleted too, if messages of them stand. What is handed over may be changed,
 * and is reset then. Memory goes with the largest.
 */
MUST_USE int talk_homes_each(struct view *view,
			     const struct talk_home_visitor *visitor,
			     struct err *err);

/* Append its title; without one, how its first question begins, or its
 * entity. */
MUST_USE int talk_home_title(struct view *view, const struct talk_home *home,
			     struct buf *out, struct err *err);

#endif
