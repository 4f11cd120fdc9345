/*
 * What actions do that have taken something in.
 */
#ifndef VV_CMD_ACTION_IMPORTED_H
#define VV_CMD_ACTION_IMPORTED_H

#include "cmd/action/actions.h"
#include "cmd/import/results.h"

/* Where it came from, in the words of status: the first source, and how many
 * there were. */
struct imported_from {
	const char *first;	/* "": standard input */
	size_t n;
	bool is_refused;	/* something of it was */
};

/*
 * Call the hooks for each construct that got a version, remember that this
 * was the last import, and collect where that is due. ERR_CANCELED and others:
 * a hook failed.
 */
MUST_USE int imported(struct action_call *call,
		      const struct import_results *results,
		      const struct imported_from *from, struct err *err);

#endif
