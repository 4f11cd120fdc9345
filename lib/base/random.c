#include "lib/base/random.h"

#include <sodium.h>

/* libsodium opens its source of randomness by itself, and aborts without. */
void random_bytes(void *out, size_t len)
{
	randombytes_buf(out, len);
}

uint64_t random_u64(void)
{
	uint64_t value;

	random_bytes(&value, sizeof(value));
	return value;
}
