/*
 * Roots by tree id: a table of fixed size in one file, shared between
 * processes. An entry carries its own checksum, so that a torn or foreign one
 * is a miss; losing the file only costs time. Read and written in place by
 * system calls rather than through a memory map, where a full disk would be a
 * signal.
 */
#ifndef VV_OBJECTS_ROOT_CACHE_H
#define VV_OBJECTS_ROOT_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "lib/hash.h"

#define ROOT_CACHE_SLOTS 65536

struct root_cache;

/* A file of another size or format is replaced. path NULL: a table in memory
 * for this process only. */
MUST_USE int root_cache_open(const char *path, struct root_cache **out,
			     struct err *err);
void root_cache_free(struct root_cache *cache);

/*
 * place: where the tree lies, as the caller numbers it. A tree that is valid
 * at one place (its depth, its digits) is not known to be so at another. Even
 * and odd places have half of the table each.
 */
bool root_cache_get(struct root_cache *cache, const unsigned char tree[20],
		    uint32_t place, unsigned char out[SHA256_BYTES]);
void root_cache_put(struct root_cache *cache, const unsigned char tree[20],
		    uint32_t place, const unsigned char root[SHA256_BYTES]);

#endif
