/*
 * What recall tells of each hit.
 */
#ifndef VV_CMD_ACTION_RECALL_HIT_H
#define VV_CMD_ACTION_RECALL_HIT_H

#include "cmd/action/action.h"
#include "refs/index/recall.h"
#include "refs/index/words/snippet.h"

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
/* What people know a session by. */
struct hit_names {
	struct buf title;
	struct buf first;	/* what was said first, where it has none */
};

#define HIT_NAMES_INIT { BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT) }
void hit_names_release(struct hit_names *names);
/* Are entities of that kind there, or out of scope (refs/trust/scope.h)? */
bool hit_is_told(const struct view *view, const char *kind);
/* Look it up in the view; for what is no session, or where what it is known by
 * is out of scope, both are empty. */
MUST_USE int hit_find_title(struct view *view, struct span session,
			    struct buf *out, struct err *err);
MUST_USE int hit_find_first(struct view *view, struct span session,
			    struct buf *out, struct err *err);
/* Both; what is in no session is known by its own words. */
MUST_USE int hit_find_names(struct view *view, const struct spoken *spoken,
			    struct hit_names *out, struct err *err);
/* "session" and "title", null where there is none, and then "first", a line,
 * where that is known. */
void hit_put_names(struct jcs_fields *fields, struct span session,
		   const struct hit_names *names);

/* How many hits of one session stand behind one another, from first on. */
size_t hits_of_session(const struct recall *recall, size_t first);

/* The words that were found, as pairs of bytes. */
void hit_put_marks(struct jcs_fields *fields, const char *name,
		   const struct snippet *snippet);
/* "title_marks": those that the title of the session has, if it has any;
 * replaces snippet. */
MUST_USE int hit_put_title_marks(const struct recall *recall,
				 const struct hit_names *names,
				 struct snippet *snippet,
				 struct jcs_fields *fields, struct err *err);

/*
 * One object for each hit: those of one session behind one another, sessions
 * in the order of their best.
 */
MUST_USE int hits_emit(struct action_call *call, struct recall *recall,
		       const struct hit_options *options, struct err *err);

#endif
