/*
 * Lists of what a person typed in a project, without times and without whom it
 * was said to: what no chat holds any more is all that is left of one.
 */
#ifndef VV_CMD_IMPORT_CURSOR_PROMPTS_H
#define VV_CMD_IMPORT_CURSOR_PROMPTS_H

#include "cmd/import/cursor/cursor_internal.h"

/* What was said in the chats of this run, so that no list says it again. */
MUST_USE int cursor_said_begin(struct cursor_run *run, struct err *err);
MUST_USE int cursor_said(struct cursor_run *run, struct span text,
			 struct err *err);
/* All chats of all projects were read. */
MUST_USE int cursor_said_end(struct cursor_run *run, struct err *err);

/*
 * Put the prompts of a list that were said in no chat; cwd may be absent. Not
 * where the chats of all projects lie beside, and were not all read: then it
 * cannot be told.
 */
MUST_USE int cursor_put_prompts(struct cursor_run *run,
				const struct jval *list, struct span cwd,
				struct err *err);

#endif
