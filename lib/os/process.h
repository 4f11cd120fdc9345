/*
 * Other programs: run without a shell, within limits.
 */
#ifndef VV_LIB_OS_PROCESS_H
#define VV_LIB_OS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/*
 * What to run. argv[0] without a '/' is looked up in PATH. The child gets
 * our environment with env_add on top: "NAME=value" sets, "NAME" alone
 * removes, "PREFIX*" removes all names that begin so, and "+NAME" before
 * these keeps one from them. It has SIGPIPE and the signal mask at their
 * defaults, a process group of its own, and of the descriptors that this
 * library opens only its three.
 */
struct process_spec {
	const char *const *argv;	/* NULL-terminated */
	const char *const *env_add;	/* NULL-terminated, or NULL */
	bool env_is_all;		/* env_add alone, nothing of ours */
	const char *cwd;		/* NULL: ours */
	struct span input;		/* its stdin; empty: end of file */
	int timeout_ms;			/* 0: none */
	bool shares_stdout;		/* process_start: its stdout is ours */
	bool shares_stderr;		/* its stderr is ours, not captured */
	/* process_start: told of its stderr as it comes, while we read, write
	 * or wait; instead of sharing ours. May be NULL */
	void (*heard)(void *arg, struct span bytes);
	void *heard_arg;
	bool is_detached;		/* process_detach() sets it */
	bool shares_group;		/* stays in our process group, for a
					   program that talks to the terminal */
};

/* How it ended: exactly one of the two is meaningful. */
struct process_end {
	int signal;		/* 0: it exited by itself */
	int status;		/* exit status, 0 to 255 */
};

/*
 * Run until the program has ended and its output is closed (so also by what
 * it left in the background), and capture. Output past the maximum of a buffer stops the
 * child with ERR_LIMIT; past timeout_ms it and its group are killed and the
 * call is ERR_TIMEOUT; both buffers then hold what had come. out and errors
 * may be NULL: then that output is thrown away. Input that the child does
 * not read is no error. Any exit status is a success of this call.
 *
 * Returns 0, ERR_NOT_FOUND (no such program or folder), ERR_DENIED (not
 * executable), ERR_LIMIT, ERR_TIMEOUT, ERR_NOMEM or ERR_IO.
 */
MUST_USE int process_run(const struct process_spec *spec, struct buf *out,
			 struct buf *errors, struct process_end *end,
			 struct err *err);

/*
 * Start it and let it go: in a session of its own, with none of our files, its
 * three leading nowhere. Nobody waits for it, and it is nobody's child once we
 * have ended. spec->input and timeout_ms are not used.
 */
MUST_USE int process_detach(const struct process_spec *spec, struct err *err);

/* A running program with pipes to its stdin and from its stdout. */
struct process {
	pid_t pid;		/* 0: none */
	int in;			/* write here; -1: closed */
	int out;		/* read here; -1: closed */
	int errors;		/* its stderr; -1: closed, or ours */
	void (*heard)(void *arg, struct span bytes);
	void *heard_arg;
	bool has_group;
};

#define PROCESS_INIT { 0, -1, -1, -1, NULL, NULL, false }

/*
 * Start it; spec->input and timeout_ms are not used. Its stderr is ours unless
 * spec->heard is set.
 */
MUST_USE int process_start(struct process *process,
			   const struct process_spec *spec, struct err *err);

/*
 * Talk to it. Writing to a program that has gone is ERR_NETWORK, never
 * SIGPIPE. Reading gives out_len 0 at its end; timeout_ms 0 waits for ever,
 * else ERR_TIMEOUT.
 */
MUST_USE int process_write(struct process *process, struct span bytes,
			   int timeout_ms, struct err *err);
MUST_USE int process_read(struct process *process, void *bytes, size_t len,
			  int timeout_ms, size_t *out_len, struct err *err);

/*
 * Close both pipes, wait up to timeout_ms (0: for ever) and report the end.
 * A program that stays longer is killed, with ERR_TIMEOUT.
 */
MUST_USE int process_finish(struct process *process, int timeout_ms,
			    struct process_end *end, struct err *err);

/* Kill and reap what still runs. Accepts an empty one. */
void process_release(struct process *process);

#endif
