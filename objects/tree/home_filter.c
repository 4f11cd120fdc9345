#include "objects/tree/home_filter.h"

#include <string.h>

#include "lib/base/xxh.h"
#include "objects/store/cache.h"

#define FILTER_SLOTS 65536
#define FILTER_PROBES 8
#define FILTER_BITS (HOME_FILTER_BITS_BYTES * 8)

static const struct slot_shape filter_shape = {
	.magic = "vvault-homes-6",
	.key_len = SHA256_BYTES,
	.value_len = HOME_FILTER_BYTES,
	.slots = FILTER_SLOTS,
};

/* Of a tree that is there nothing more is to be said. */
static const struct slot_shape quiet_shape = {
	.magic = "vvault-quiet-1",
	.key_len = GIT_OID_RAWSZ,
	.value_len = 1,
	.slots = FILTER_SLOTS,
};

static uint64_t word_of(const unsigned char *hash)
{
	uint64_t word;

	memcpy(&word, hash, sizeof(word));
	return word;
}

uint64_t filter_key_entity(struct span entity)
{
	return xxh64_of(entity.at, entity.len);
}

/* These are even already. */
uint64_t filter_key_home(const unsigned char hash[PLACE_HASH_BYTES])
{
	return word_of(hash);
}

uint64_t filter_key_id(const unsigned char id[RECORD_ID_BYTES])
{
	return word_of(id);
}

/* No entity is spelled like this. */
uint64_t filter_key_reverts(void)
{
	return filter_key_entity(span_str(RECORD_REVERTS));
}

/* Nor like this. */
uint64_t filter_key_copies(struct span entity)
{
	return ~filter_key_entity(entity);
}

uint64_t filter_key_repeats(void)
{
	return ~filter_key_reverts();
}

/* Two halves make all probes (Kirsch and Mitzenmacher, ESA 2006). */
static size_t probe(uint64_t key, unsigned number)
{
	uint32_t low = (uint32_t)key;
	uint32_t high = (uint32_t)(key >> 32) | 1;

	return (low + number * high) % FILTER_BITS;
}

static void add_key(struct home_filter *filter, uint64_t key)
{
	unsigned i;
	size_t bit;

	for (i = 0; i < FILTER_PROBES; i++) {
		bit = probe(key, i);
		filter->bits[bit / 8] |= (unsigned char)(1u << bit % 8);
	}
}

/* A text that only looks like it costs a look in vain. */
static void add_copies(struct home_filter *filter, struct span line)
{
	static const char name[] = "\"copy_of\":\"";
	size_t at = 0;
	const char *begin;
	const char *end;

	while ((at = span_find(line, name, at)) != SPAN_NOWHERE) {
		at += sizeof(name) - 1;
		begin = line.at + at;
		end = memchr(begin, '"', line.len - at);
		if (!end)
			return;
		add_key(filter, filter_key_repeats());
		add_key(filter, filter_key_copies(
				span_of(begin, (size_t)(end - begin))));
	}
}

void home_filter_add(struct home_filter *filter, uint64_t entity,
		     const unsigned char id[RECORD_ID_BYTES],
		     const unsigned char *hash, struct span line)
{
	add_key(filter, entity);
	add_key(filter, filter_key_id(id));
	if (hash)
		add_key(filter, filter_key_home(hash));
	if (record_takes_back(line))
		add_key(filter, filter_key_reverts());
	add_copies(filter, line);
	filter->records++;
	filter->bytes += (uint32_t)line.len + 1;
}

bool home_filter_has(const struct home_filter *filter, uint64_t key)
{
	unsigned i;
	size_t bit;

	for (i = 0; i < FILTER_PROBES; i++) {
		bit = probe(key, i);
		if (!(filter->bits[bit / 8] & 1u << bit % 8))
			return false;
	}
	return true;
}

void store_filter_put(struct store *store,
		      const unsigned char digest[SHA256_BYTES],
		      const struct home_filter *filter)
{
	struct slot_file *filters = store_cache(store, STORE_CACHE_HOMES,
						&filter_shape);

	if (filters)
		slot_file_put(filters, digest, filter);
}

bool store_filter_get(struct store *store,
		      const unsigned char digest[SHA256_BYTES],
		      struct home_filter *out)
{
	struct slot_file *filters = store_cache(store, STORE_CACHE_HOMES,
						&filter_shape);

	return filters && slot_file_get(filters, digest, out);
}

bool store_may_hold(struct store *store,
		    const unsigned char digest[SHA256_BYTES], uint64_t key)
{
	struct home_filter filter;

	return !store_filter_get(store, digest, &filter) ||
	       home_filter_has(&filter, key);
}

void store_quiet_put(struct store *store, const git_oid *tree)
{
	struct slot_file *quiet = store_cache(store, STORE_CACHE_QUIET,
					      &quiet_shape);

	if (quiet)
		slot_file_put(quiet, tree->id, "q");
}

bool store_quiet_get(struct store *store, const git_oid *tree)
{
	struct slot_file *quiet = store_cache(store, STORE_CACHE_QUIET,
					      &quiet_shape);
	unsigned char nothing;

	return quiet && slot_file_get(quiet, tree->id, &nothing);
}
