/*
 * What a construct remembers, gathered for an export to be read.
 */
#ifndef VV_CMD_EXPORT_PORTRAIT_H
#define VV_CMD_EXPORT_PORTRAIT_H

#include "cmd/export/export.h"
#include "objects/record/kinds.h"

/* One memory. */
struct remembered {
	struct buf bucket;
	struct buf text;
	struct buf state;
	size_t number;		/* its place in the view */
};

struct portrait {
	struct view *view;
	struct remembered *at;	/* by bucket, then by text */
	size_t n;
	size_t cap;
	size_t richer;		/* of which more is known than bucket and text */
	/* What there is besides persona, memories and conversations, in the
	 * order of kind_table. */
	uint64_t others[16];
};

MUST_USE int portrait_read(struct view *view, struct portrait *out,
			   struct err *err);
void portrait_release(struct portrait *portrait);

/* Append what is not told: "3 capsules, 1 source"; nothing if it is all. */
void portrait_put_others(const struct portrait *portrait, struct buf *out);

#endif
