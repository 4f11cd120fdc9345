/*
 * XXH3: fast hashes that withstand nobody.
 */
#ifndef VV_LIB_BASE_XXH_H
#define VV_LIB_BASE_XXH_H

#include <stddef.h>
#include <stdint.h>

#define HASH128_BYTES 16

/* XXH3-64: for tables in memory and change detection, never for identity. */
uint64_t xxh64_of(const void *bytes, size_t len);

/* An incremental XXH3-128, big-endian as its tool prints it: for change
 * detection, never for identity. */
struct xxh128 {
	_Alignas(64) unsigned char state[640];
};

void xxh128_init(struct xxh128 *hash);
void xxh128_add(struct xxh128 *hash, const void *bytes, size_t len);
void xxh128_finish(struct xxh128 *hash, unsigned char out[HASH128_BYTES]);

#endif
