/*
 * What Gemini CLI calls the folder of a project: its base name in [a-z0-9-],
 * with a number where that is another's. projects.json lists them; each folder
 * says in .project_root whose it is, from which the list heals.
 */
#ifndef VV_CMD_RESUME_WRITERS_GEMINI_SLUG_H
#define VV_CMD_RESUME_WRITERS_GEMINI_SLUG_H

#include "cmd/resume/writer.h"

/*
 * Append the name of the folder in target->home for target->cwd: the one that
 * is known, else a new one. Where the folder does not say whose it is, the file
 * that says so goes into out. ERR_IO, ERR_NOMEM.
 */
MUST_USE int gemini_slug(const struct resume_target *target,
			 struct resume_out *out, struct buf *slug,
			 struct err *err);

#endif
