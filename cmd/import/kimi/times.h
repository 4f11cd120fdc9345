/*
 * When what a context of Kimi CLI has was said, by the log of events beside it.
 */
#ifndef VV_CMD_IMPORT_KIMI_TIMES_H
#define VV_CMD_IMPORT_KIMI_TIMES_H

#include "cmd/import/logs/times.h"

#define KIMI_SAID_USER "user"
#define KIMI_SAID_TEXT "text"
#define KIMI_SAID_THOUGHT "thought"
#define KIMI_SAID_CALL "call"
#define KIMI_SAID_RESULT "result"

/* Of wire.jsonl, whose bytes are borrowed. */
MUST_USE int kimi_read_times(struct span wire, struct log_times *times,
			     struct err *err);

#endif
