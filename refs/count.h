/*
 * How much a construct holds, remembered by what it was counted over.
 */
#ifndef VV_REFS_COUNT_H
#define VV_REFS_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "refs/view.h"

struct construct_counts {
	uint64_t versions;	/* reachable from the view's heads */
	uint64_t devices;	/* that have signed any of them */
	bool has_records;	/* false where this device cannot read */
	uint64_t records;	/* distinct ones */
};

/*
 * Count. Records are read once per root and then known from the cache
 * (vvault/cache/counts), which may be deleted at any time.
 */
MUST_USE int construct_count(struct view *view, struct construct_counts *out,
			     struct err *err);

#endif
