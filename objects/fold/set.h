/*
 * Fields that are sets: what remains of the additions that no removal has
 * seen. Only for the fold.
 */
#ifndef VV_OBJECTS_FOLD_SET_H
#define VV_OBJECTS_FOLD_SET_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "objects/fold/graph.h"
#include "objects/fold/leaf.h"

/*
 * Fold one set. setters are the leaves of that field, one per record that
 * sets it (owner: its number in graph), in the order of owners;
 * is_superseded says that a later record sets the field or deletes the
 * entity. Appends the canonical array to out, or nothing when the field is
 * absent. What a value that is no array holds counts as its one element;
 * null as none.
 *
 * A record adds an element that its value holds and its past does not, and
 * removes one that its past holds and its value does not; a delete removes
 * all. An element is there while one of its additions is in the past of no
 * removal of it.
 */
MUST_USE int fold_set(const struct fold_graph *graph,
		      const struct fold_leaf *setters, size_t setters_n,
		      struct buf *out, struct err *err);

#endif
