/*
 * Progress of long work, on stderr: one line that is drawn over, at most ten
 * times a second, and only when the session wants it.
 */
#ifndef VV_CMD_CLI_PROGRESS_H
#define VV_CMD_CLI_PROGRESS_H

#include "cmd/action/host.h"
#include "cmd/cli/cmd.h"
#include "refs/remote/remote.h"
#include "refs/verify/verify.h"

/* Draw it, if the last time is long enough ago. */
void progress_draw(const struct host_progress *progress);
/* Wipe the line, if one was drawn. */
void progress_wipe(void);

/* For verify_options and remote_calls; arg is the session. Never cancel. */
int progress_verify(void *arg, const struct verify_counts *counts);
int progress_remote(void *arg, const struct remote_progress *progress);

/* Any other work: what is done of total (0: unknown). */
void progress_show(const struct session *session, const char *what,
		   uint64_t done, uint64_t total);

/*
 * Bytes of input that are done of total (0: unknown), and things made of them,
 * since started (microseconds, as timestamp_now() says): with the rate, and
 * the time that is left.
 */
struct progress_bytes {
	uint64_t done;
	uint64_t total;
	uint64_t things;
	int64_t started;
};
void progress_show_bytes(const struct session *session, const char *what,
			 const struct progress_bytes *bytes);

/* Wipe the line, if one was drawn. */
void progress_end(const struct session *session);

/* Words of the other side, on stderr, safe for a terminal; lines stay lines,
 * also those that ssh ends as a terminal in raw mode wants it. arg: the
 * session. */
void progress_heard(void *arg, struct span bytes);

#endif
