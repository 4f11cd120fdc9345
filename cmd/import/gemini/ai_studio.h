/*
 * Prompts of Google AI Studio, as it keeps them in Drive.
 */
#ifndef VV_CMD_IMPORT_GEMINI_AI_STUDIO_H
#define VV_CMD_IMPORT_GEMINI_AI_STUDIO_H

#include "cmd/import/import.h"

extern const struct importer ai_studio_importer;

struct jdoc;

/* Does a file that begins so hold a prompt? */
bool ai_studio_is_begin(struct span head);

/* Put a prompt, as one thing of a source. Returns 0, 1 for a document that is
 * no chat, or an error. */
MUST_USE int ai_studio_read(struct import_job *job,
			    struct import_source *source,
			    const struct jdoc *doc, struct err *err);

#endif
