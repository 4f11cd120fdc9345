#include "objects/tree/segment_standing.h"

#include <string.h>

#include "lib/id/cid.h"
#include "lib/json/jcs_scan.h"
#include "objects/store/cache.h"

#define STANDING_SLOTS 65536

static const struct slot_shape standing_shape = {
	.magic = "vvault-stand-1",
	.key_len = SHA256_BYTES,
	.value_len = sizeof(struct segment_standing),
	.slots = STANDING_SLOTS,
};

int standing_add_named(struct table *named, const struct record *record,
		       struct err *err)
{
	struct jcs_iter iter = jcs_iter_array(record->prev);
	unsigned char id[RECORD_ID_BYTES];
	struct span value;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, NULL, &value)) {
		if (cid_parse_json(jcs_string_inner(value), id))
			rc = table_include(named, id, NULL, err);
	}
	return rc;
}

static bool push(struct segment_standing *out, unsigned char *count,
		 const unsigned char *id)
{
	size_t used = (size_t)out->heads_n + out->seen_n;

	if (used == STANDING_IDS)
		return false;
	memcpy(out->ids[used], id, RECORD_ID_BYTES);
	++*count;
	return true;
}

static bool fill(const struct fold_record *records, size_t n,
		 const struct table *own, const struct table *named,
		 struct segment_standing *out)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (memcmp(records[i].record.at.at, out->newest, HLC_TEXT) > 0)
			memcpy(out->newest, records[i].record.at.at, HLC_TEXT);
		if (!table_get(named, records[i].id, NULL) &&
		    !push(out, &out->heads_n, records[i].id))
			return false;
	}
	for (i = 0; i < named->count; i++) {
		const unsigned char *id = table_key_at(named, i);

		if (!table_get(own, id, NULL) && !push(out, &out->seen_n, id))
			return false;
	}
	return true;
}

int segment_standing_of(const struct fold_record *records, size_t n,
			struct segment_standing *out, bool *out_fits,
			struct err *err)
{
	struct table own = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT);
	struct table named = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT);
	size_t i;
	int rc = 0;

	memset(out, 0, sizeof(*out));
	for (i = 0; rc == 0 && i < n; i++) {
		rc = table_include(&own, records[i].id, NULL, err);
		if (rc == 0)
			rc = standing_add_named(&named, &records[i].record, err);
	}
	*out_fits = rc == 0 && fill(records, n, &own, &named, out);
	table_release(&own);
	table_release(&named);
	return rc;
}

static void standing_key(const unsigned char digest[SHA256_BYTES],
			 struct span entity, unsigned char out[SHA256_BYTES])
{
	struct blake2b hash;

	blake2b_init(&hash, NULL, 0, SHA256_BYTES);
	blake2b_add(&hash, digest, SHA256_BYTES);
	blake2b_add(&hash, entity.at, entity.len);
	blake2b_finish(&hash, out);
}

void store_standing_put(struct store *store,
			const unsigned char digest[SHA256_BYTES],
			struct span entity,
			const struct segment_standing *standing)
{
	struct slot_file *cache = store_cache(store, STORE_CACHE_STANDING,
					      &standing_shape);
	unsigned char key[SHA256_BYTES];

	standing_key(digest, entity, key);
	if (cache)
		slot_file_put(cache, key, standing);
}

bool store_standing_get(struct store *store,
			const unsigned char digest[SHA256_BYTES],
			struct span entity, struct segment_standing *out)
{
	struct slot_file *cache = store_cache(store, STORE_CACHE_STANDING,
					      &standing_shape);
	unsigned char key[SHA256_BYTES];

	standing_key(digest, entity, key);
	return cache && slot_file_get(cache, key, out);
}
