/*
 * Starting a child process; what process.c and process_run.c share.
 */
#ifndef VV_LIB_OS_SPAWN_H
#define VV_LIB_OS_SPAWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/base/err.h"
#include "lib/os/process.h"

/* A pipe whose ends are above stderr and close on exec. */
MUST_USE int spawn_pipe(int out_ends[2], struct err *err);

/* Close unless -1, and make it -1. */
void spawn_close(int *fd);

/*
 * Start the program with these three descriptors, -1 standing for /dev/null
 * (or for ours, where the spec shares it). When it returns 0 the program
 * runs; a program that cannot be run is an error here, not an exit status.
 */
MUST_USE int spawn_child(const struct process_spec *spec, const int fds[3],
			 pid_t *out_pid, struct err *err);

/* Milliseconds of a clock that nobody sets. */
int64_t spawn_now_ms(void);

/* What is left for poll(2): -1 for ever (deadline < 0), never below 0. */
int spawn_left_ms(int64_t deadline);

/* Wait until deadline (-1: for ever). ERR_TIMEOUT, the child then runs on. */
MUST_USE int spawn_wait(pid_t pid, int64_t deadline, struct process_end *end,
			struct err *err);

/* Kill the child, its group too when it has one, and reap it. */
void spawn_kill(pid_t pid, bool has_group);

/* write(2) without SIGPIPE: a pipe without reader gives EPIPE. */
ssize_t spawn_write(int fd, const void *bytes, size_t len);

#endif
