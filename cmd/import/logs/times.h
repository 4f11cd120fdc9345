/*
 * When things were said, where the log of what was said has no times and
 * another file beside it has: told by what it was, in the order of that file.
 */
#ifndef VV_CMD_IMPORT_LOGS_TIMES_H
#define VV_CMD_IMPORT_LOGS_TIMES_H

#include "cmd/import/records/chat.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"

struct log_times {
	struct table at;	/* hash of what was said, and how often before
				   -> microseconds */
	struct table said;	/* hash -> how often it was added */
	struct table taken;	/* and asked for */
	struct err err;		/* of what failed first */
};

#define LOG_TIMES_INIT { \
	TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), \
	TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), \
	TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT), ERR_INIT }
void log_times_release(struct log_times *times);

/* kind: "user", "call": texts of different kinds are not mixed up. What is
 * empty, or of an unknown time, is nothing. */
void log_times_add(struct log_times *times, const char *kind,
		   struct span text, struct chat_time time);

/* Of what was said so, the first time asked for the first one's, then the
 * second's; unknown when there is none. */
struct chat_time log_times_take(struct log_times *times, const char *kind,
				struct span text);

/* Did anything fail? */
MUST_USE int log_times_end(const struct log_times *times, struct err *err);

#endif
