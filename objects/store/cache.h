/*
 * Caches beside a store, of what follows from objects' hashes: a table each.
 */
#ifndef VV_OBJECTS_STORE_CACHE_H
#define VV_OBJECTS_STORE_CACHE_H

#include <stdbool.h>

#include "lib/id/hash.h"
#include "lib/os/slot_file.h"
#include "objects/store/store.h"

enum store_cache {
	STORE_CACHE_ROOTS,	/* of trees: below */
	STORE_CACHE_HOMES,	/* objects/tree/home_filter.h */
	STORE_CACHE_STANDING,	/* objects/tree/segment_standing.h */
	STORE_CACHE_QUIET,	/* objects/tree/home_filter.h */
	STORE_CACHES
};

/*
 * The cache, opened when it is first asked for: in this repository's own
 * vvault/cache where it has that folder and store_trust_caches() told the
 * secret, else in memory. NULL when neither can be: all is as it was, only
 * slower, and no error worth telling. Borrowed until store_trust_caches() or
 * store_free().
 */
struct slot_file *store_cache(struct store *store, enum store_cache cache,
			      const struct slot_shape *shape);

/*
 * Roots of trees that were checked before, by place_number(). That of a tree
 * which is only staged is put when a flush has stored it.
 */
bool store_root_get(struct store *store, const git_oid *tree, uint32_t place,
		    unsigned char out[SHA256_BYTES]);
void store_root_put(struct store *store, const git_oid *tree, uint32_t place,
		    const unsigned char root[SHA256_BYTES]);

#endif
