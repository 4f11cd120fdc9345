/*
 * What capsules say of a construct, and states that are laid on that.
 */
#ifndef VV_REFS_VIEW_SNAPSHOT_H
#define VV_REFS_VIEW_SNAPSHOT_H

#include "lib/base/table.h"
#include "objects/blob/blob.h"
#include "refs/view/view.h"

/*
 * What capsules say of a construct at a view: its newest one (by timestamp,
 * then record id), whose persona and memories alone count.
 */
struct snapshot {
	bool has_capsule;
	bool is_listless;		/* its list cannot be read */
	struct buf state;		/* of the newest capsule */
	struct buf list;		/* its `memories`, an array */
	struct table memories;		/* 16-byte keys of entities in it */
};

#define SNAPSHOT_INIT \
	{ false, false, BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BLOB_MAX_BYTES), \
	  TABLE_INIT(16, TABLE_NO_LIMIT) }

MUST_USE int snapshot_read(struct view *view, struct snapshot *out,
			   struct err *err);
void snapshot_release(struct snapshot *snapshot);

/* When a capsule was made, by its state; INT64_MIN where it does not say. */
int64_t capsule_time(struct span state);

/* Records of one entity on their way to a state; all borrowed. */
struct fold_records {
	const struct fold_record *at;
	size_t n;			/* not 0 */
	struct fold_conflicts *conflicts;	/* or NULL */
};

/*
 * fold_entity(); but a construct's own words are laid on the persona of the
 * newest capsule (snapshot may be NULL), from which their nulls delete.
 */
MUST_USE int entity_state(const struct snapshot *snapshot,
			  const struct fold_records *records, struct buf *out,
			  bool *out_is_live, struct err *err);

/* A construct's own words over what its newest capsule says of the persona;
 * snapshot may be NULL. */
MUST_USE int construct_layer(const struct snapshot *snapshot,
			     struct span above, struct buf *out,
			     struct err *err);

#endif
