/*
 * Finding records by the begin of their ids.
 */
#ifndef VV_REFS_INDEX_BY_ID_H
#define VV_REFS_INDEX_BY_ID_H

#include "refs/view/view.h"

#define ID_COMMON "bagaaiera"	/* how the id of every record begins */
#define ID_BEGIN_MIN 7		/* characters behind that */

/* The first bits of an id. */
struct id_begin {
	unsigned char bytes[RECORD_ID_BYTES];
	unsigned bits;
};

/* Read the begin of an id, with or without what all have in common. False: it
 * cannot be one, or is too short. */
bool id_begin_read(struct span text, struct id_begin *out);
bool id_begins(const unsigned char id[RECORD_ID_BYTES],
	       const struct id_begin *begin);

/*
 * Tell every record of a view whose id begins so, perhaps more than once.
 * Shards (shards.h) are asked first; only if they know of none, or fail, all
 * that stands in the view is read. What is forgotten is not told.
 */
MUST_USE int records_by_id(struct view *view, const struct id_begin *begin,
			   const struct view_record_visitor *visitor,
			   struct err *err);

#endif
