/*
 * What the parts of the reader of Pi's sessions share.
 */
#ifndef VV_CMD_IMPORT_PI_PI_INTERNAL_H
#define VV_CMD_IMPORT_PI_PI_INTERNAL_H

#include "cmd/import/logs/log.h"

#define PI "pi"
#define OPENCLAW "openclaw"

/* Where they lie, and what lies beside one: "construct", whose it is;
 * "session", its id by the name of its file; "names", OpenClaw's list of
 * sessions; "archived", as what a copy was put away. */
extern const struct import_home pi_home;
enum import_place pi_place(const struct import_input *input,
			   struct span place, const char **out_reason);
MUST_USE int pi_beside(const struct import_input *input, struct span place,
		       struct beside *to, struct err *err);

/* What is remembered of a log. A fork begins with copies of what stood in the
 * session that it comes from: what is older than the fork. */
struct pi {
	int64_t forked;		/* microseconds; INT64_MIN: it is none */
	struct buf entity;	/* of what is copied */
};

/* The session that a path of a session's file names; absent: none. */
struct span pi_session_of(struct span path);

/* How it was put away, and what OpenClaw's list says, into what is told of the
 * session. */
void pi_learn_archived(struct log *log);
MUST_USE int pi_learn_names(struct log *log, const struct jval *names,
			    struct err *err);

/* Put an entry. */
void pi_say(struct log *log, struct take *line, struct chat_message *message);

#endif
