/*
 * A fold on its way: what fold_entity() and fold_blame() ask of it.
 */
#ifndef VV_OBJECTS_FOLD_FOLD_INTERNAL_H
#define VV_OBJECTS_FOLD_FOLD_INTERNAL_H

#include "objects/fold/fold.h"
#include "objects/fold/graph.h"
#include "objects/fold/leaf.h"

#define FOLD_NONE SIZE_MAX

/* A path that some record sets; its leaves are those of all that set it. */
struct fold_path {
	struct span key;
	size_t leaves;		/* position of the first */
	size_t leaves_n;
	size_t above;		/* nearest path that begins this one, or NONE */
	size_t end;		/* behind the last path that this one begins */
	size_t bit;		/* of the question what is superseded */
	size_t winner;		/* leaf whose value stands, or NONE */
	size_t below;		/* highest winner among those it begins */
	size_t below_value;	/* the same, of those that are not null */
	bool is_set;
	size_t set_at;		/* of a set: its text in fold.sets */
	size_t set_len;
};

struct fold {
	const struct kind *kind;
	struct fold_graph graph;
	struct fold_leaves leaves;
	struct fold_path *paths;
	size_t paths_n;
	struct buf sets;
	bool keeps_null;
	struct fold_conflicts *conflicts;	/* may be NULL */
};

/* Find what stands at every path, of one entity whose kind is set. Where it is
 * not live there are no paths. fold_release() follows, whatever comes. */
MUST_USE int fold_run(struct fold *fold, const struct fold_record *records,
		      size_t n, bool *out_is_live, struct err *err);
void fold_release(struct fold *fold);

#endif
