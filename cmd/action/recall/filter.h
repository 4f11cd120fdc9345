/*
 * What may be a hit: the options that recall and grep share.
 */
#ifndef VV_CMD_ACTION_RECALL_FILTER_H
#define VV_CMD_ACTION_RECALL_FILTER_H

#include "cmd/action/recall/views.h"
#include "cmd/action/times.h"
#include "lib/base/buf.h"
#include "refs/index/recall.h"

/* Rows of a table of parameters, the first and the last ones. */
#define FILTER_PARAMS \
	{ "construct", ACTION_TEXT, 0, "<version>", \
	  "in this construct, as of a version; else in all" }, \
	{ "kind", ACTION_TEXT, ACTION_REPEATED, "<kind>", \
	  "message, memory or session; once for each" }, \
	{ "role", ACTION_TEXT, 0, "<role>", "user, assistant ..." }, \
	{ "model", ACTION_TEXT, 0, "<model>", "said by this model" }, \
	{ "provider", ACTION_TEXT, 0, "<provider>", \
	  "from there: chatgpt, claude ..." }, \
	{ "session", ACTION_TEXT, 0, "<session>", \
	  "in this session, by its handle or the begin of its name" }, \
	{ "project", ACTION_TEXT, 0, "<folder>", \
	  "in sessions of agents that worked there or below" }, \
	TIMES_PARAMS, \
	CLOCK_PARAMS("times are when it was said, as they are without", \
		     "times are when the vault learned it"), \
	{ "as-of", ACTION_TEXT, 0, "<date>|<version>", \
	  "what the vault knew then" }
#define FILTER_PARAMS_END \
	{ "history", ACTION_FLAG, 0, NULL, \
	  "what was changed and deleted since, too" }, \
	{ "all", ACTION_FLAG, 0, NULL, \
	  "what is hidden, thinking and tools, too" }

/* Only --since and --until, by the clock that is asked for; they are set where
 * they are given alone. ERR_INVALID. */
MUST_USE int filter_read_times(const struct action_call *call,
			       struct recall_filter *filter, struct err *err);

/* What they say. out borrows from the call. ERR_INVALID: of one of them. */
MUST_USE int filter_read(const struct action_call *call,
			 struct recall_filter *out, struct err *err);

/* Put a project that is a relative folder of this computer in full, as agents
 * tell theirs; its text is then in the buffer, a PATH_BUF_INIT. A name alone
 * that is not here stays: any folder of that name is meant. */
MUST_USE int filter_settle(struct recall_filter *filter, struct buf *project,
			   struct err *err);

/*
 * Put the session that is asked for in full: itself or what is of it, by a
 * handle or a name (ref.h), else by its begin as it is in one of the views; its
 * name is then in the buffer. ERR_NOT_FOUND; ERR_INVALID: several, or what is
 * named is of no session.
 */
MUST_USE int filter_settle_session(struct recall_filter *filter,
				   struct vault *vault,
				   const struct view_list *list,
				   struct buf *session, struct err *err);

#endif
