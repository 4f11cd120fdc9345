/*
 * Roots by tree id: a direct-mapped table in one memory-mapped file, shared
 * between processes. An entry carries its own checksum, so that a torn or
 * foreign one is a miss; losing the file only costs time.
 */
#ifndef VV_OBJECTS_ROOT_CACHE_H
#define VV_OBJECTS_ROOT_CACHE_H

#include <stdbool.h>

#include "lib/err.h"
#include "lib/hash.h"

#define ROOT_CACHE_SLOTS 65536

struct root_cache;

/* A file of another size or format is replaced. */
MUST_USE int root_cache_open(const char *path, struct root_cache **out,
			     struct err *err);
void root_cache_free(struct root_cache *cache);

/* level: depth of the tree below the construct's root, 0 to 5: a tree that is
 * valid at one level is not known to be so at another. */
bool root_cache_get(struct root_cache *cache, const unsigned char tree[20],
		    unsigned level, unsigned char out[SHA256_BYTES]);
void root_cache_put(struct root_cache *cache, const unsigned char tree[20],
		    unsigned level, const unsigned char root[SHA256_BYTES]);

#endif
