/*
 * What recall tells of each hit.
 */
#ifndef VV_CMD_ACTION_RECALL_HIT_H
#define VV_CMD_ACTION_RECALL_HIT_H

#include "cmd/action/action.h"
#include "refs/index/recall.h"

/* Put what shows why a text is a hit. */
struct hit_excerpt {
	int (*put)(void *arg, struct span text, struct jcs_fields *fields,
		   struct err *err);
	void *arg;
};

struct hit_options {
	size_t around;		/* turns before and behind each */
	bool with_from;		/* whose word it is */
	/* NULL: a snippet and its marks, and the score. Else hits stand by
	 * session, as recall_choose() has them, and have none. */
	const struct hit_excerpt *excerpt;
};

/* "at": the time, null where it is unknown. */
void hit_put_time(struct jcs_fields *fields, int64_t micros);
/* "role", and "name" and "model" where they are known. */
void hit_put_who(struct jcs_fields *fields, const struct spoken *spoken);
/* "session" and "title", null where there is none; title is what memory for it
 * is taken from. */
MUST_USE int hit_put_session(struct view *view, struct span session,
			     struct jcs_fields *fields, struct buf *title,
			     struct err *err);
/* The same where the title is known. */
void hit_put_names(struct jcs_fields *fields, struct span session,
		   const struct buf *title);

/*
 * One object for each hit: those of one session behind one another, sessions
 * in the order of their best.
 */
MUST_USE int hits_emit(struct action_call *call, struct recall *recall,
		       const struct hit_options *options, struct err *err);

#endif
