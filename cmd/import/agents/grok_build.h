/*
 * When what stands in a chat of Grok Build was said.
 */
#ifndef VV_CMD_IMPORT_AGENTS_GROK_BUILD_H
#define VV_CMD_IMPORT_AGENTS_GROK_BUILD_H

#include "cmd/import/logs/times.h"

#define GROK_SAID_USER "user"
#define GROK_SAID_TEXT "text"
#define GROK_SAID_CALL "call"
#define GROK_SAID_RESULT "result"

struct grok_build {
	struct log_times times;
	struct buf text;	/* scratch */
};

/* Of updates.jsonl, whose bytes are borrowed. */
MUST_USE int grok_build_read_times(struct span updates,
				   struct log_times *times, struct err *err);

#endif
