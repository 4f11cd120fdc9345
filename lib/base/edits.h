/*
 * How near two spellings are.
 */
#ifndef VV_LIB_BASE_EDITS_H
#define VV_LIB_BASE_EDITS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/span.h"

/* Characters of a text in UTF-8. */
size_t edits_length(struct span text);

/*
 * How many characters have to be added, left out, changed or swapped with
 * their neighbour to make one word of another (optimal string alignment);
 * max + 1 where it is more than max, or a word has more than 64 characters.
 */
unsigned edits_between(struct span a, struct span b, unsigned max);

/* Does one stand in the other? */
bool edits_holds(struct span text, struct span part);

#endif
