/*
 * Our hook in an agent's settings: put in and taken out of their text, with
 * all else left as it stands.
 */
#ifndef VV_CMD_CAPTURE_HOOK_H
#define VV_CMD_CAPTURE_HOOK_H

#include "cmd/capture/find.h"
#include "lib/base/buf.h"
#include "lib/base/span.h"

#define HOOK_FILE_MAX ((size_t)64 << 20)	/* bytes of settings */

/* What the agent is to call. */
struct hook_call {
	const struct agent *agent;
	const char *program;		/* absolute */
	const char *vault;		/* absolute */
	bool is_bare;			/* its settings may be events alone */
};

/* In how many files the hook stands: of scripts one for each event. */
size_t hook_files(const struct agent *agent);

/* Append the path of the settings, or of which of the scripts. *out_is_instead,
 * unless NULL: it is the file that is read instead. ERR_NOT_FOUND: no home. */
MUST_USE int hook_path(const struct agent *agent,
		       const struct agent_home *home, size_t which,
		       struct buf *out, bool *out_is_instead,
		       struct err *err);

/* An agent that was never here has no folder for settings (ERR_NOT_FOUND); but
 * one of its own for hooks is made. path: of the settings. */
MUST_USE int hook_make_folder(const struct agent *agent, const char *path,
			      struct err *err);

/*
 * Append text with our hook in it, at all its events, once, and none of an
 * older program; or without any of this vault. Text that holds it already, or
 * does not hold it, comes out as it is. ERR_INVALID: the text is no such
 * settings, with the place; ERR_EXISTS: another program stands where only one
 * can, with what to do.
 */
MUST_USE int hook_add(const struct hook_call *call, struct span text,
		      struct buf *out, struct err *err);
MUST_USE int hook_remove(const struct hook_call *call, struct span text,
			 struct buf *out, struct err *err);

/* Does anything there call this program, of whatever agent and vault? */
bool hook_is_any(struct span text);

/* Append the command as a shell takes it. */
MUST_USE int hook_command(const struct hook_call *call, struct buf *out,
			  struct err *err);

#endif
