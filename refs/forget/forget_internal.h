/*
 * What is said of records that go: their ids, for every fold to leave out.
 */
#ifndef VV_REFS_FORGET_FORGET_INTERNAL_H
#define VV_REFS_FORGET_FORGET_INTERNAL_H

#include "lib/base/table.h"
#include "objects/record/record.h"
#include "objects/tree/tree.h"
#include "refs/view/view.h"

struct forget_item {
	unsigned char id[RECORD_ID_BYTES];
	unsigned char again[RECORD_ID_BYTES];	/* see record_said() */
	const struct kind *kind;
};

struct forget_list {
	struct table ids;
	struct forget_item *at;
	size_t n;
	size_t cap;
};

#define FORGET_LIST_INIT \
	{ TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT), NULL, 0, 0 }

/* One that was added before is not added again. */
MUST_USE int forget_list_add(struct forget_list *list,
			     const struct record *record,
			     const unsigned char id[RECORD_ID_BYTES],
			     struct err *err);
void forget_list_release(struct forget_list *list);

/* Write records of kind forget that list all of them, not none, and append
 * where their segments go. */
MUST_USE int forget_list_write(struct forget_list *list, struct view *view,
			       struct tree_segments *out, struct err *err);

#endif
