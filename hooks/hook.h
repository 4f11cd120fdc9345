/*
 * Hooks: programs of the user's own that run when something has happened to
 * a vault, or is about to. They lie in <vault>/vvault/hooks/ and are never
 * synced.
 */
#ifndef VV_HOOKS_HOOK_H
#define VV_HOOKS_HOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "hooks/approval.h"
#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define HOOK_TIMEOUT_MS 60000		/* unless the caller says otherwise */
#define HOOK_OUTPUT_MAX ((size_t)1 << 20)	/* bytes of each output */

/* The names that there are, ended by NULL. */
extern const char *const hook_names[];

/* One call; all borrowed. */
struct hook_call {
	struct hook_place place;	/* the vault is its working folder */
	const char *name;		/* one of hook_names */
	struct span input;		/* its standard input */
	const char *const *env;		/* all of its environment, or NULL */
	int timeout_ms;			/* 0: HOOK_TIMEOUT_MS */
};

enum hook_outcome {
	HOOK_NONE,		/* there is no such hook */
	HOOK_SKIPPED,		/* there is, but it is not fit: reason */
	HOOK_UNAPPROVED,	/* not approved, or changed since: reason */
	HOOK_DONE,		/* exit status 0 */
	HOOK_FAILED		/* another status, a signal, too slow: reason */
};

/* What came of it. Outputs are what the hook wrote, at most HOOK_OUTPUT_MAX
 * each (a hook that writes more is stopped and has failed). */
struct hook_result {
	enum hook_outcome outcome;
	struct buf reason;	/* one sentence, for all but none and done */
	struct buf output;
	struct buf errors;
};

#define HOOK_RESULT_INIT { HOOK_NONE, BUF_INIT(4096), \
			   BUF_INIT(HOOK_OUTPUT_MAX), \
			   BUF_INIT(HOOK_OUTPUT_MAX) }
void hook_result_release(struct hook_result *result);

/*
 * Run the hook of that name, if there is one and it is approved: directly,
 * without a shell, in the vault's folder, within the time limit. What runs is
 * the approved copy (see hooks/approval.h), so $0 lies beside the keys. A
 * hook that fails is a success of this call.
 *
 * Returns 0, ERR_INVALID (unknown name), ERR_LIMIT (path), ERR_NOMEM or
 * ERR_IO.
 */
MUST_USE int hook_run(const struct hook_call *call, struct hook_result *out,
		      struct err *err);

#endif
