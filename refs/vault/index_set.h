/*
 * A set of small numbers as sorted runs: the ancestors of a version of
 * `vault`, which are nearly always "all that came before".
 */
#ifndef VV_REFS_VAULT_INDEX_SET_H
#define VV_REFS_VAULT_INDEX_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"

/* from, from + 1 ... to - 1. */
struct index_run {
	uint32_t from;
	uint32_t to;
};

struct index_set {
	struct index_run *at;	/* ascending, with gaps between */
	size_t n;
	size_t cap;
};

#define INDEX_SET_INIT { NULL, 0, 0 }

void index_set_release(struct index_set *set);

bool index_set_has(const struct index_set *set, uint32_t index);

/* Is every number of `inner` in `outer`? */
bool index_set_covers(const struct index_set *outer,
		      const struct index_set *inner);

/* How many numbers. */
size_t index_set_count(const struct index_set *set);

/* Add one number, or all of another set; a failure leaves the set alone. */
MUST_USE int index_set_add(struct index_set *set, uint32_t index,
			   struct err *err);
MUST_USE int index_set_add_all(struct index_set *set,
			       const struct index_set *other, struct err *err);

/*
 * Step through the numbers, ascending: false at the end. Begins with
 * *pos = 0; the next number sought is at least *pos.
 */
bool index_set_next(const struct index_set *set, uint64_t *pos,
		    uint32_t *out_index);

#endif
