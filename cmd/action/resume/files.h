/*
 * All sessions of a construct as files of an agent, in a folder: for whoever
 * puts them where they belong.
 */
#ifndef VV_CMD_ACTION_RESUME_FILES_H
#define VV_CMD_ACTION_RESUME_FILES_H

#include "cmd/action/action.h"
#include "cmd/action/resume/target.h"
#include "refs/view/view.h"

/*
 * Write them below a folder, new or empty, as they lie below the agent's own.
 * Sessions in which nobody speaks are counted. Emits {"agent","construct",
 * "folder","left_out","sessions"}. ERR_EXISTS where something lies there.
 */
MUST_USE int resume_files(struct action_call *call, struct view *view,
			  const struct resume_writer *writer,
			  const char *folder, struct err *err);

#endif
