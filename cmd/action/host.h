/*
 * Who called an action: where its results, its words and its questions go. A
 * terminal, a server and a test are hosts alike; nothing below cmd/cli and
 * cmd/render knows which one it is.
 */
#ifndef VV_CMD_ACTION_HOST_H
#define VV_CMD_ACTION_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/json/jcs_write.h"
#include "refs/verify/verify.h"

/* What is done of total (0: unknown), in things of that name; in bytes where
 * started (microseconds) is not 0, with the things made of them. */
struct host_progress {
	const char *what;
	uint64_t done;
	uint64_t total;
	uint64_t things;
	int64_t started;
};

/* Any of the functions may be NULL: then what it is for is passed over, and
 * every question is answered with no. */
struct host {
	void *arg;

	/* One canonical JSON object of the result. */
	int (*object)(void *arg, struct span json, struct err *err);

	/* A piece of a result that is bytes: of an export, of a record. */
	int (*bytes)(void *arg, struct span bytes, struct err *err);

	/* A sentence beside the result, as a person should read it. */
	void (*note)(void *arg, struct span sentence);

	/* Something was found wrong, or mended. */
	void (*problem)(void *arg, const struct problem *problem);

	void (*progress)(void *arg, const struct host_progress *progress);
	void (*progress_end)(void *arg);

	/* Is there somebody to ask, and do they say yes? NULL: nobody. */
	bool (*confirm)(void *arg, struct span question);
};

/* Emit the object and reset the fields; their first failure, too, is told. */
MUST_USE int host_object(const struct host *host, struct jcs_fields *fields,
			 struct err *err);
MUST_USE int host_bytes(const struct host *host, struct span bytes,
			struct err *err);
void host_note(const struct host *host, const char *fmt, ...)
	PRINTF_LIKE(2, 3);
void host_problem(const struct host *host, const struct problem *problem);
void host_problems(const struct host *host,
		   const struct problem_list *problems);
void host_progress(const struct host *host,
		   const struct host_progress *progress);
void host_progress_end(const struct host *host);
/* False where there is nobody to ask. */
bool host_can_ask(const struct host *host);
bool host_confirm(const struct host *host, struct span question);

#endif
