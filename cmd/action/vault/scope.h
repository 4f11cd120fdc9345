/*
 * What of a vault a call may see, in words: laid on the vault when it is open
 * (refs/trust/scope.h).
 */
#ifndef VV_CMD_ACTION_SCOPE_H
#define VV_CMD_ACTION_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

struct vault;

struct scope_words {
	struct span constructs;	/* names with ',' between them; empty: all */
	int64_t as_of;		/* microseconds; 0: now */
	unsigned kinds;		/* kind_bit() of each; 0: all */
};

/*
 * Take the next name off such a list, into out, of CONSTRUCT_NAME_MAX bytes.
 * False at its end. What is no name comes as "".
 */
bool scope_next(struct span *list, char *out);

/* Is that name in the list? */
bool scope_names(struct span list, const char *name);

/* From now on nothing else is there. A construct that is not there yet is none
 * until the vault is opened the next time. */
MUST_USE int scope_lay(struct vault *vault, const struct scope_words *words,
		       struct err *err);

#endif
