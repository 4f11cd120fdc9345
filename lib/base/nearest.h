/*
 * Which of some names is meant by one that is none of them: the nearest, where
 * one is near enough to be asked for.
 */
#ifndef VV_LIB_BASE_NEAREST_H
#define VV_LIB_BASE_NEAREST_H

#include "lib/base/span.h"

#define NEAREST_EDITS_MAX 2	/* letters that may be wrong */
#define NEAREST_BEGINS 3	/* as near as a name that was not written out */
#define NEAREST_NONE 4

/* All is borrowed. */
struct nearest {
	struct span wanted;
	struct span found;	/* at is NULL where nothing is near */
	unsigned distance;	/* edits, NEAREST_BEGINS or NEAREST_NONE */
};

#define NEAREST_INIT(text) { span_str(text), { NULL, 0 }, NEAREST_NONE }

/*
 * Is this name nearer than those before? One or two letters may be wrong, of
 * a name of at least three or five; and a name of which three letters or more
 * were written is near too. Of names as near the first one stays.
 */
void nearest_try(struct nearest *nearest, struct span name);

/* The same for all of names, which NULL ends; returns what is found, or
 * NULL. */
const char *nearest_of(const char *wanted, const char *const *names);

#endif
