/*
 * What clone, fetch, push, pull and verify share: the remote's name, the calls
 * that remotes make back, and the report.
 */
#ifndef VV_CMD_ACTION_REMOTE_SYNC_H
#define VV_CMD_ACTION_REMOTE_SYNC_H

#include "cmd/action/actions.h"
#include "refs/remote/remote.h"

/* Progress, words, credentials and programs, as the host gives them. */
struct remote_calls sync_calls(struct action_call *call);

/* vault_repair(), with what it found and did told. remote: NULL for all. */
MUST_USE int sync_repair(struct action_call *call, const char *remote,
			 struct err *err);

/* A remote of call->vault, talking. */
struct sync {
	struct buf remote;		/* its name */
	struct remote_calls calls;
	struct sync_report report;
};

#define SYNC_INIT(call) { BUF_INIT(REMOTE_NAME_MAX), sync_calls(call), \
			  { .problems = PROBLEM_LIST_INIT } }
void sync_release(struct sync *sync);

/* The remote as the call names it, else `origin`, else the only one.
 * ERR_NOT_FOUND says how to add one. */
MUST_USE int sync_choose(struct action_call *call, struct buf *out,
			 struct err *err);

#define REMOTE_PARAM \
	{ "remote", ACTION_TEXT, ACTION_OPERAND, "<remote>", \
	  "which one; else origin, or the only one" }
/* For those who count on every ref being told. */
#define UNCHANGED_PARAM \
	{ "unchanged", ACTION_FLAG, ACTION_UNLISTED | ACTION_FOR_PROGRAMS, NULL, \
	  "refs that are the same on both sides, too" }

/* Limits of what a remote may send, in one place for their words. */
#define LIMIT_PARAM(name, value, help) \
	{ name, ACTION_COUNT, ACTION_UNLISTED, value, help }
#define LIMIT_PARAMS \
	LIMIT_PARAM("max-refs", "<count>", "that are new here"), \
	LIMIT_PARAM("max-pack-bytes", "<bytes>", "of one pack"), \
	LIMIT_PARAM("max-objects", "<count>", "in all"), \
	LIMIT_PARAM("max-object-bytes", "<bytes>", "of one object"), \
	LIMIT_PARAM("max-inflated-bytes", "<bytes>", "of all objects"), \
	LIMIT_PARAM("max-seconds", "<count>", "in all"), \
	LIMIT_PARAM("max-idle-seconds", "<count>", "without a byte")
struct remote_limits sync_limits(const struct action_call *call);

struct told;		/* one exchange: told.h */

/*
 * Emit what told_emit() does, then tell what was found wrong. call->is_no when
 * something was refused, held back, rejected or went back.
 */
MUST_USE int sync_emit(struct action_call *call, const struct told *told,
		       struct sync_report *report, struct err *err);

/*
 * The whole of `fetch` and `pull`: open, fetch, report. after (may be NULL) is
 * told what came.
 */
MUST_USE int sync_fetch(struct action_call *call,
			int (*after)(struct action_call *call,
				     const struct sync *sync,
				     struct err *err),
			struct err *err);

#endif
