/*
 * Memory for many small things that are released together.
 */
#ifndef VV_LIB_BASE_ARENA_H
#define VV_LIB_BASE_ARENA_H

#include <stddef.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

struct arena_chunk;

/* Caller's storage; start with ARENA_INIT. */
struct arena {
	struct arena_chunk *chunks;
	char *at;
	size_t left;		/* bytes free behind at */
	size_t next;		/* size of the next chunk */
};

#define ARENA_INIT { NULL, NULL, 0, 0 }

/*
 * Memory for pointers, 64-bit integers and what is made of them, not
 * initialised, that lives until arena_release. NULL when there is none left.
 */
void *arena_alloc(struct arena *arena, size_t len);

/*
 * A copy of the text that lives as long, with a NUL behind it; absent text is
 * empty then. ERR_NOMEM leaves out as it was; out may be the text itself.
 */
MUST_USE int arena_keep(struct arena *arena, struct span text,
			struct span *out, struct err *err);

/* Release everything; the arena is empty and usable again. */
void arena_release(struct arena *arena);

#endif
