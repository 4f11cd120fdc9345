#include "lib/base/xxh.h"

#include <string.h>

/* For the size of its state. */
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

_Static_assert(sizeof(XXH3_state_t) <= sizeof(((struct xxh128 *)0)->state),
	       "xxh128 state too small");
_Static_assert(_Alignof(XXH3_state_t) <= _Alignof(struct xxh128),
	       "xxh128 state misaligned");

uint64_t xxh64_of(const void *bytes, size_t len)
{
	return XXH3_64bits(bytes, len);
}

static XXH3_state_t *xxh128_state(struct xxh128 *hash)
{
	return (XXH3_state_t *)(void *)hash->state;
}

/* Both calls fail for a state that is NULL, and for nothing else. */
void xxh128_init(struct xxh128 *hash)
{
	XXH3_INITSTATE(xxh128_state(hash));
	(void)XXH3_128bits_reset(xxh128_state(hash));
}

void xxh128_add(struct xxh128 *hash, const void *bytes, size_t len)
{
	if (len)
		(void)XXH3_128bits_update(xxh128_state(hash), bytes, len);
}

void xxh128_finish(struct xxh128 *hash, unsigned char out[HASH128_BYTES])
{
	XXH128_canonical_t text;

	XXH128_canonicalFromHash(&text,
				 XXH3_128bits_digest(xxh128_state(hash)));
	memcpy(out, text.digest, HASH128_BYTES);
}
