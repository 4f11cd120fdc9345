/*
 * What is at home in a segment: a Bloom filter (Bloom, CACM 1970) of its
 * entities, of the homes that others share and of its records' ids, with how
 * full it is; kept in the vault's caches. A reader who looks for one entity
 * leaves segments unopened that cannot hold it; one without a filter is
 * opened as ever, so the cache is never needed for the right answer. A filter
 * that lied would hide records from whoever edits them: the store keeps them
 * under this device's secret, and they are made of bytes that hash to the
 * name alone.
 */
#ifndef VV_OBJECTS_TREE_HOME_FILTER_H
#define VV_OBJECTS_TREE_HOME_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/id/hash.h"
#include "objects/record/codec.h"
#include "objects/record/record.h"
#include "objects/store/store.h"

/* 16 bits for each entity and id of a full segment: 6 in 10,000 in vain. */
#define HOME_FILTER_BYTES 1024
#define HOME_FILTER_BITS_BYTES (HOME_FILTER_BYTES - 8)

struct home_filter {
	uint32_t records;
	uint32_t bytes;		/* of the plain text */
	unsigned char bits[HOME_FILTER_BITS_BYTES];
};

#define HOME_FILTER_INIT { 0, 0, { 0 } }

/* What can be asked for. */
uint64_t filter_key_entity(struct span entity);
uint64_t filter_key_home(const unsigned char hash[PLACE_HASH_BYTES]);
uint64_t filter_key_id(const unsigned char id[RECORD_ID_BYTES]);

/* That some record in it takes a change back: record_takes_back(). */
uint64_t filter_key_reverts(void);

/* That some record in it repeats this message, by its entity: `copy_of`. */
uint64_t filter_key_copies(struct span entity);

/* That some record in it repeats any message. */
uint64_t filter_key_repeats(void);

/* A record by its line; hash: of its home, where others share it, else
 * NULL. */
void home_filter_add(struct home_filter *filter, uint64_t entity,
		     const unsigned char id[RECORD_ID_BYTES],
		     const unsigned char *hash, struct span line);

bool home_filter_has(const struct home_filter *filter, uint64_t key);

/* Remember the filter of a segment by the digest in its name. */
void store_filter_put(struct store *store,
		      const unsigned char digest[SHA256_BYTES],
		      const struct home_filter *filter);

/* False where none is known. */
bool store_filter_get(struct store *store,
		      const unsigned char digest[SHA256_BYTES],
		      struct home_filter *out);

/* Remember that in no segment below this tree a record repeats a message; true
 * where that is remembered. */
void store_quiet_put(struct store *store, const git_oid *tree);
bool store_quiet_get(struct store *store, const git_oid *tree);

/* May the segment hold what the key stands for? True where nothing is
 * known. */
bool store_may_hold(struct store *store,
		    const unsigned char digest[SHA256_BYTES], uint64_t key);

#endif
