/*
 * What one segment says of what stands of one entity, in short: the records
 * that none of its own names in prev, and those of others that its own name.
 * What stands in many segments are the former of all without the latter of
 * all. Kept in the vault's caches for segments with many records of an entity,
 * so that an edit need not read each of them again.
 */
#ifndef VV_OBJECTS_TREE_SEGMENT_STANDING_H
#define VV_OBJECTS_TREE_SEGMENT_STANDING_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/time/hlc.h"
#include "objects/fold/fold.h"
#include "objects/store/store.h"

#define STANDING_RECORDS 16	/* fewer are read as fast */
#define STANDING_IDS 28		/* of both kinds together; more is not kept */

struct segment_standing {
	char newest[HLC_TEXT];		/* the highest `at` */
	unsigned char heads_n;		/* the first so many stand so far */
	unsigned char seen_n;		/* then come those that do not */
	unsigned char ids[STANDING_IDS][RECORD_ID_BYTES];
};

/* Add every id that the record names in prev. */
MUST_USE int standing_add_named(struct table *named,
				const struct record *record, struct err *err);

/*
 * From the records of one entity in one segment, all of them, at least one.
 * *out_fits: false where there are too many ids to be kept in short. ERR_NOMEM.
 */
MUST_USE int segment_standing_of(const struct fold_record *records, size_t n,
				 struct segment_standing *out, bool *out_fits,
				 struct err *err);

/* entity: the text; digest: in the segment's name. */
void store_standing_put(struct store *store,
			const unsigned char digest[SHA256_BYTES],
			struct span entity,
			const struct segment_standing *standing);
bool store_standing_get(struct store *store,
			const unsigned char digest[SHA256_BYTES],
			struct span entity, struct segment_standing *out);

#endif
