/*
 * What the files of the union share: one folder as each head and each base
 * has it, and the reading of it.
 */
#ifndef VV_OBJECTS_TREE_UNION_INTERNAL_H
#define VV_OBJECTS_TREE_UNION_INTERNAL_H

#include "objects/tree/tree_internal.h"

/*
 * One folder, as each head and each base has it: the zero id where it is
 * absent. A base of the zero id takes nothing away.
 */
struct union_level {
	git_oid *heads;
	git_oid *bases;
	const bool *at_risk;	/* of each head: at this place or above */
	const struct place *place;
};

struct union_join {
	struct store *store;
	size_t heads_n;
	size_t bases_n;
	const struct tree_base *bases;	/* whose a and b count at all levels */
};

/* The trees of a level, each read once, and who has which. */
struct union_sources {
	struct tree_node *nodes;
	size_t *next;		/* per node: its first entry not yet joined */
	git_oid *ids;
	size_t n;
	size_t *of_head;	/* index of the node; NONE */
	size_t *of_base;
	struct union_level below;	/* for one name at a time */
	bool *droppers;		/* heads that dropped a segment here */
	bool *at_risk;		/* heads at risk here or above */
	bool *around;		/* or below, as far as droppers matter */
};

#define UNION_SOURCES_INIT \
	{ .n = 0, .below = { .heads = NULL, .bases = NULL } }

MUST_USE int union_level_init(struct union_level *level,
			      const struct union_join *join,
			      const struct place *place, struct err *err);
void union_level_release(struct union_level *level);

/* Read the trees of a level. Release them also after a failure. */
MUST_USE int sources_read(struct union_sources *sources,
			  const struct union_join *join,
			  const struct union_level *level, struct err *err);
void sources_release(struct union_sources *sources);

/* The first name in git's order that any of them still has, or NULL. */
const struct tree_entry *sources_first(const struct union_sources *sources);

/* What each has of that name. */
void sources_level(struct union_level *level, const struct union_join *join,
		   const struct union_sources *sources,
		   const struct tree_entry *name);

/* Go on behind that name; go back to the first. */
void sources_advance(struct union_sources *sources,
		     const struct tree_entry *name);
void sources_rewind(struct union_sources *sources);

#endif
