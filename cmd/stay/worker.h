/*
 * Work that may take long, in a child process: actions are run there, and what
 * they tell their host comes back piece by piece, while keys are read. It can
 * be given up at any moment; the vault is as safe then as from any kill.
 */
#ifndef VV_CMD_STAY_WORKER_H
#define VV_CMD_STAY_WORKER_H

#include <stdbool.h>
#include <sys/types.h>

#include "cmd/action/host.h"
#include "lib/base/buf.h"
#include "lib/json/jdoc.h"

struct worker {
	pid_t pid;		/* 0: there is none */
	int fd;			/* readable: there is something to take */
	struct buf got;
	bool has_ended;		/* it said so itself */
};

#define WORKER_INIT { 0, -1, BUF_INIT(BUF_NO_LIMIT), false }

/* What came; all may be called more than once but the end, and the err of
 * a job that failed goes with that. */
struct worker_calls {
	void *arg;
	int (*object)(void *arg, struct span json, struct err *err);
	int (*bytes)(void *arg, struct span bytes, struct err *err);
	/* What a print of worker_print() put on standard output. */
	int (*text)(void *arg, struct span text, struct err *err);
	void (*note)(void *arg, struct span sentence);
};

/* Start it in a worker that has none. job runs in the child, which touches
 * neither terminal nor standard files. */
MUST_USE int worker_start(struct worker *worker,
			  int (*job)(const struct host *host, void *arg,
				     struct err *err),
			  void *arg, struct err *err);

/*
 * For a job: tell what print() puts on standard output of that object, which
 * is to be text without control characters but line ends and Esc.
 */
void worker_print(const struct host *host,
		  bool (*print)(const struct jval *object),
		  const struct jval *object);

/*
 * Take what has come, without waiting. is_over: it has ended, and the worker
 * is free again; the call then returns what the job did.
 */
MUST_USE int worker_take(struct worker *worker,
			 const struct worker_calls *calls, bool *is_over,
			 struct err *err);

/* Kill it, if there is one, and the process group that it leads; what it held
 * is forgotten. */
void worker_stop(struct worker *worker);
void worker_release(struct worker *worker);

#endif
