/*
 * A session as it is read: its messages, and the branch of them that is told.
 */
#ifndef VV_CMD_ACTION_READ_TRANSCRIPT_H
#define VV_CMD_ACTION_READ_TRANSCRIPT_H

#include "cmd/export/branches.h"

struct transcript {
	struct view *view;	/* borrowed */
	struct buf entity;	/* of the session */
	struct buf state;	/* "{}": it has no record */
	struct said_list said;
	struct branches branches;
	bool *speaks;		/* each of said, or what is below it */
	struct { size_t *at; size_t n, cap; } path;	/* of said */
	size_t named;		/* place in the path; 0: none was named */
	size_t ends;		/* branches that there are */
};

#define TRANSCRIPT_INIT \
	{ .entity = BUF_INIT(BUF_NO_LIMIT), .state = BUF_INIT(BUF_NO_LIMIT) }
void transcript_release(struct transcript *transcript);

/*
 * Read the session that an entity is, or the message that it is of, and
 * choose its branch: the one that was shown last, or that goes through the
 * message. branch (0: none): where it forks first, at the message that is
 * named or behind it, take that alternative instead. Where no message names
 * another as its parent, all are one branch, in the order of the source; those
 * of one role and one index are alternatives.
 * ERR_INVALID: neither a session nor a message, or there is no such branch;
 * ERR_NOT_FOUND.
 */
MUST_USE int transcript_read(struct view *view, struct span entity,
			     uint64_t branch, struct transcript *out,
			     struct err *err);

/* The same of messages that the caller has put into `said`, with the state and
 * the name of their session, from nowhere: there is no view. */
MUST_USE int transcript_hang(struct transcript *transcript, struct err *err);

#endif
