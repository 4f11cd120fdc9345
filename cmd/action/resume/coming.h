/*
 * Sessions as an importer hands them over, with no vault between.
 */
#ifndef VV_CMD_ACTION_RESUME_COMING_H
#define VV_CMD_ACTION_RESUME_COMING_H

#include "cmd/export/talk.h"

/* Those that came, each with its messages. */
struct coming {
	struct coming_session {
		struct buf entity;
		struct buf state;
		struct said_list said;
	} *at;
	size_t n;
	size_t cap;
	struct buf left;	/* why something did not come, or empty */
	struct buf from;	/* the file that it came from */
};
#define COMING_INIT { NULL, 0, 0, BUF_INIT(BUF_NO_LIMIT), \
		      BUF_INIT(BUF_NO_LIMIT) }
void coming_release(struct coming *coming);

/* A sink of an import (struct import_job), whose arg is a struct coming. */
MUST_USE int coming_take(void *arg, const struct record_parts *parts,
			 struct err *err);

/* The one that speaks: others are about it, or of agents that it called. NULL:
 * none does. */
struct coming_session *coming_choose(struct coming *coming);

#endif
