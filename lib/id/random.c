#include "lib/id/random.h"

#include <sodium.h>

#include "lib/id/encode.h"

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

void random_key26(char out[RANDOM_KEY26_MAX])
{
	unsigned char bytes[16];

	random_bytes(bytes, sizeof(bytes));
	base32_text(bytes, sizeof(bytes), out);
}
