/*
 * --since and --until, wherever an action has them.
 */
#ifndef VV_CMD_ACTION_TIMES_H
#define VV_CMD_ACTION_TIMES_H

#include "cmd/action/action.h"
#include "lib/time/dates.h"

/* Two rows of a table of parameters. */
#define TIMES_PARAMS \
	{ "since", ACTION_TEXT, 0, "<date>", \
	  "of that time or later: 2026-01-31, yesterday, 'last week'" }, \
	{ "until", ACTION_TEXT, 0, "<date>", "by the end of that time" }

/* Two more, where both clocks can be asked. */
#define CLOCK_PARAMS(said, stored) \
	{ "said", ACTION_FLAG, ACTION_UNLISTED, NULL, said }, \
	{ "stored", ACTION_FLAG, ACTION_UNLISTED, NULL, stored }

/* Which clock is meant: when the vault learned it, or when it happened?
 * ERR_INVALID: both. */
MUST_USE int times_clock(const struct action_call *call, bool *out_is_stored,
			 struct err *err);

/* From the begin of what --since names to the end of what --until does, as
 * dates_read() has it; without bounds where they were not given. */
MUST_USE int times_read(const struct action_call *call, struct period *out,
			struct err *err);

/* Does the period hold that time (microseconds)? */
bool times_hold(const struct period *period, int64_t micros);

#endif
