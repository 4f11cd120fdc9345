/*
 * What the files of the read path share.
 */
#ifndef VV_REFS_VIEW_VIEW_INTERNAL_H
#define VV_REFS_VIEW_VIEW_INTERNAL_H

#include "lib/base/buf.h"
#include "lib/base/table.h"
#include "objects/blob/blob.h"
#include "objects/tree/arrange.h"
#include "objects/tree/home_filter.h"
#include "refs/view/parts.h"
#include "refs/view/snapshot.h"

/* ERR_NO_KEY of a view whose construct is sealed for this device: each way to
 * its records begins with this. */
MUST_USE int view_check_key(const struct view *view, struct err *err);

/* One record that was read, and where its home is. */
struct item {
	struct fold_record fold;
	unsigned char hash[PLACE_HASH_BYTES];
	bool is_shared;			/* that home */
};

/* Records with the texts that they borrow from. */
struct items {
	struct item *at;
	size_t n;
	size_t cap;
	struct buf *texts;		/* one per segment read */
	size_t texts_n;
	size_t texts_cap;
};

#define ITEMS_INIT { NULL, 0, 0, NULL, 0, 0 }

/*
 * Append the records of a segment: of one entity, or all of them (entity
 * absent). A blind view gives ERR_NO_KEY.
 */
MUST_USE int items_read(struct view *view, const struct tree_segment *segment,
			struct span entity, struct items *items,
			struct err *err);

/* The same, where nobody is told of a segment that cannot be read. What is
 * forgotten must be known (forgotten_read()). */
MUST_USE int items_try(struct view *view, const struct tree_segment *segment,
		       struct span entity, struct items *items,
		       struct err *err);

/* A segment was read, or nothing more will be: tell what waits for that. */
MUST_USE int lacks_tell(struct view *view, struct err *err);
/* All of it was read: where no segment could be, that is the error. */
MUST_USE int lacks_all(struct view *view, struct err *err);

/* Do the bytes of the segment hash to its name? Only then may anything be
 * remembered of it by that name. */
bool segment_bears_name(struct view *view, const struct tree_segment *segment);

/* The segments that may hold records of the entity; released by the caller. */
MUST_USE int view_along(struct view *view, struct span entity,
			struct tree_segments *out, struct err *err);

void forgotten_free(struct forgotten *forgotten);

MUST_USE int items_add(struct items *items, const struct item *item,
		       struct err *err);
void items_release(struct items *items);

/* By entity, then id; is_by_home: by home before that. Drops doubles. */
void items_sort(struct items *items, bool is_by_home);

/* Does this entity count? False for another capsule's memories. */
bool snapshot_counts(const struct snapshot *snapshot, struct span entity);

/* The entities in the newest capsule's `memories`, one call each. */
MUST_USE int snapshot_each(const struct snapshot *snapshot,
			   int (*each)(void *arg, struct span entity,
				       struct err *err),
			   void *arg, struct err *err);

/* Kinds that share a home are walked once, with the first of them. */
bool is_first_of_home(const struct kind *kind);

/* The part of a home, by the hash; those below a place, n of them from the
 * first on; is any of them among the bits of a folder? */
unsigned part_of(const unsigned char hash[PLACE_HASH_BYTES]);
unsigned parts_of_place(const struct place *place, unsigned *out_n);
bool parts_have(const uint64_t *bits, unsigned first, unsigned n);

/*
 * Fold sorted items[0..n) of one entity and hand it to the visitor. For a
 * construct the newest capsule's persona lies below.
 */
MUST_USE int entity_emit(const struct snapshot *snapshot,
			 const struct item *items, size_t n,
			 const struct view_visitor *visitor, struct err *err);

/* Every entity of one folder of the tree (a dir by its plain name). */
MUST_USE int view_each_in(struct view *view, const char *dir,
			  const struct snapshot *snapshot,
			  const struct view_visitor *visitor,
			  struct err *err);

#endif
