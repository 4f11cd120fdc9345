/*
 * What became of a session that goes on, for the host: what is in it, where it
 * lies, what was left out, how long it is, and the command that goes on.
 */
#ifndef VV_CMD_ACTION_RESUME_REPORT_H
#define VV_CMD_ACTION_RESUME_REPORT_H

#include "cmd/action/resume/again.h"

MUST_USE int report_emit(struct resuming *resuming, struct err *err);

#endif
