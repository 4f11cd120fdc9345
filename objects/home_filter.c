#include "objects/home_filter.h"

#include <string.h>

#include "objects/store_internal.h"

#define FILTER_FILE "homes"
#define FILTER_SLOTS 32768
#define FILTER_PROBES 4
#define FILTER_BITS (HOME_FILTER_BYTES * 8)

static const struct slot_shape filter_shape = {
	.magic = "vvault-homes-2",
	.key_len = SHA256_BYTES,
	.value_len = HOME_FILTER_BYTES,
	.slots = FILTER_SLOTS,
};

/* The hash is even already: its bytes are the probes. */
static size_t probe(const unsigned char hash[PLACE_HASH_BYTES], size_t number)
{
	uint32_t word;

	memcpy(&word, hash + number * sizeof(word), sizeof(word));
	return word % FILTER_BITS;
}

void home_filter_add(struct home_filter *filter,
		     const unsigned char hash[PLACE_HASH_BYTES])
{
	size_t i;
	size_t bit;

	for (i = 0; i < FILTER_PROBES; i++) {
		bit = probe(hash, i);
		filter->bits[bit / 8] |= (unsigned char)(1u << bit % 8);
	}
}

void store_filter_put(struct store *store,
		      const unsigned char digest[SHA256_BYTES],
		      const struct home_filter *filter)
{
	if (store_cache_open(store, FILTER_FILE, &filter_shape,
			     &store->filters))
		slot_file_put(store->filters, digest, filter->bits);
}

bool store_filter_is_known(struct store *store,
			   const unsigned char digest[SHA256_BYTES])
{
	struct home_filter filter;

	return store_cache_open(store, FILTER_FILE, &filter_shape,
				&store->filters) &&
	       slot_file_get(store->filters, digest, filter.bits);
}

bool store_may_hold(struct store *store,
		    const unsigned char digest[SHA256_BYTES],
		    const unsigned char hash[PLACE_HASH_BYTES])
{
	struct home_filter filter;
	size_t i;
	size_t bit;

	if (!store_cache_open(store, FILTER_FILE, &filter_shape,
			      &store->filters) ||
	    !slot_file_get(store->filters, digest, filter.bits))
		return true;
	for (i = 0; i < FILTER_PROBES; i++) {
		bit = probe(hash, i);
		if (!(filter.bits[bit / 8] & 1u << bit % 8))
			return false;
	}
	return true;
}
