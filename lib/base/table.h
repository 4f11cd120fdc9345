/*
 * A hash table from byte keys of one fixed size to 64-bit values.
 */
#ifndef VV_LIB_BASE_TABLE_H
#define VV_LIB_BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"

#define TABLE_KEY_MAX 64

/*
 * Entries lie densely in the order of insertion (a removal moves the last
 * one into the hole), found through an index that is seeded per table, so
 * that nobody can choose keys which collide. 1,000,000 keys of 16 bytes take
 * less than 40 MB.
 */
struct table {
	size_t key_len;		/* 1 to TABLE_KEY_MAX */
	size_t count;		/* entries; read only */
	size_t max;		/* count never passes this */
	size_t room;
	unsigned char *entries;
	uint32_t *index;
	size_t index_len;
	uint64_t seed;
};

#define TABLE_INIT(key_bytes, max_count) \
	{ (key_bytes), 0, (max_count), 0, NULL, NULL, 0, 0 }
#define TABLE_NO_LIMIT ((size_t)0x7fffffff)

/* Set the value of a key, new or not. ERR_LIMIT past max, ERR_NOMEM. */
MUST_USE int table_put(struct table *table, const void *key, uint64_t value,
		       struct err *err);

/* Count a key once more; *out_before: how often it was before. The values of
 * the table are these numbers. */
MUST_USE int table_count(struct table *table, const void *key,
			 uint64_t *out_before, struct err *err);

/* Set the value of a key that is not there yet; out_is_new may be NULL. Of one
 * that is, the value is kept. */
MUST_USE int table_add(struct table *table, const void *key, uint64_t value,
		       bool *out_is_new, struct err *err);

/* The same as to a set. */
MUST_USE int table_include(struct table *table, const void *key,
			   bool *out_is_new, struct err *err);

/* out_value may be NULL. */
bool table_get(const struct table *table, const void *key,
	       uint64_t *out_value);

/* False when the key was not there. */
bool table_remove(struct table *table, const void *key);

/* The entries 0 .. count - 1, borrowed until the table changes. */
const unsigned char *table_key_at(const struct table *table, size_t position);
uint64_t table_value_at(const struct table *table, size_t position);

/* Bytes of memory in use. */
size_t table_memory(const struct table *table);

/* Forget the entries, keep the memory. */
void table_reset(struct table *table);

/* Free; empty and usable again. Accepts an empty table. */
void table_release(struct table *table);

#endif
