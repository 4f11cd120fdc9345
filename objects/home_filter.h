/*
 * Which homes a segment may speak of: a Bloom filter per segment (Bloom,
 * CACM 1970), kept in the vault's caches. A reader who looks for one entity
 * leaves segments unopened that cannot hold it; one without a filter is
 * opened as ever, so the cache is never needed for the right answer. A filter
 * that lied would hide records from whoever edits them: the store keeps them
 * under this device's secret, and makes them of bytes that hash to the name.
 */
#ifndef VV_OBJECTS_HOME_FILTER_H
#define VV_OBJECTS_HOME_FILTER_H

#include <stdbool.h>

#include "lib/hash.h"
#include "objects/codec.h"
#include "objects/store.h"

/* 7 bits per home for a full segment of strangers: at most 4 % in vain. */
#define HOME_FILTER_BYTES 224

struct home_filter {
	unsigned char bits[HOME_FILTER_BYTES];
};

#define HOME_FILTER_INIT { { 0 } }

void home_filter_add(struct home_filter *filter,
		     const unsigned char hash[PLACE_HASH_BYTES]);

/* Remember the filter of a segment by the digest in its name. */
void store_filter_put(struct store *store,
		      const unsigned char digest[SHA256_BYTES],
		      const struct home_filter *filter);

/* Is a filter known? Saves a reader from making one again. */
bool store_filter_is_known(struct store *store,
			   const unsigned char digest[SHA256_BYTES]);

/* May the segment hold records of that home? True where nothing is known. */
bool store_may_hold(struct store *store,
		    const unsigned char digest[SHA256_BYTES],
		    const unsigned char hash[PLACE_HASH_BYTES]);

#endif
