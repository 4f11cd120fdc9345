/*
 * A session and its turns as objects, and what is read by itself.
 */
#ifndef VV_CMD_ACTION_READ_TURN_H
#define VV_CMD_ACTION_READ_TURN_H

#include "cmd/action/read/parts.h"
#include "cmd/action/read/ref.h"
#include "cmd/action/read/transcript.h"
#include "refs/view/origin.h"

struct turns_wanted {
	struct parts_wanted parts;
	bool hidden;		/* and what is meta */
	struct origins *origins;	/* told is whose word each is, behind
					   what, and if it is in dispute;
					   NULL: not */
};

/* What is told of a branch: turns from (counted from 0) to end of the path. */
struct turns_window {
	size_t from, end;
	size_t shown, before, after;	/* turns, of all; outside of it */
	size_t hidden, thinking;	/* that are left out */
	bool is_closed;		/* of what they say nothing is told */
};

/* Is the turn at that place of the path told? */
bool turn_is_shown(const struct transcript *transcript, size_t place,
		   const struct turns_wanted *wanted);

/* Set the members: of the session as vvault-read(1) has them, and of a turn. */
MUST_USE int turn_put_session(const struct transcript *transcript,
			      const struct turns_window *window,
			      struct jcs_fields *fields, struct err *err);
MUST_USE int turn_put(const struct transcript *transcript, size_t place,
		      const struct turns_wanted *wanted,
		      struct jcs_fields *fields, struct err *err);

/* Tell such an object as the host shows it ("text"), as "markdown" or as
 * "json"; fields are then reset. */
MUST_USE int turn_tell(const struct host *host, const char *format,
		       struct jcs_fields *fields, struct err *err);

/* Is it what can be read by itself: a memory, such as a document? */
bool turn_is_document(struct span entity);

/* Tell it. ERR_NOT_FOUND; ERR_INVALID: it has no text, or the format is for
 * conversations. */
MUST_USE int turn_document(const struct action_call *call,
			   const struct ref *ref, const char *format,
			   struct err *err);

#endif
