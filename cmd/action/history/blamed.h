/*
 * The fields of an entity as it stands, each with the record that set it.
 */
#ifndef VV_CMD_ACTION_HISTORY_BLAMED_H
#define VV_CMD_ACTION_HISTORY_BLAMED_H

#include "lib/base/buf.h"
#include "refs/view/view.h"

struct blamed {
	size_t path;		/* where it begins in texts, ended by a zero */
	struct span value;	/* blamed_value() has that of any */
	size_t element;		/* of a set: where it begins in texts */
	bool is_element;	/* of a set, the rest of which others may have
				   added */
	bool is_told;		/* the caller's */
	const struct fold_record *by;
	/* Where lines of edits that disagreed met, the last that said so again:
	 * it settled it. NULL: none did. */
	const struct fold_record *settled;
};

struct blamed_list {
	struct blamed *at;
	size_t n, cap;
	struct buf texts;
};

/* at NULL: the entity was deleted. */
struct span blamed_value(const struct blamed_list *list,
			 const struct blamed *one);

/*
 * Read one entity and hand its fields over, in the order of their paths; what
 * they borrow is there for that call only. A construct's persona is that of
 * its newest capsule where no record of its own says otherwise: those fields
 * come last, and are of the capsule. *out_is_found: the entity has records.
 */
struct blamed_visitor {
	int (*all)(void *arg, struct blamed_list *list, struct err *err);
	void *arg;
};
MUST_USE int blamed_read(struct view *view, struct span entity,
			 const struct blamed_visitor *visitor,
			 bool *out_is_found, struct err *err);

#endif
