#include <stdlib.h>

#include "objects/fold/fold_internal.h"
#include "lib/json/jcs_scan.h"

/* What a record says of the value in question. */
enum says {
	SAYS_NOTHING,
	SAYS_SO,
	SAYS_OTHER		/* something else there, above it or below */
};

#define NOBODY UINT32_MAX

struct blame {
	struct fold fold;
	const struct fold_blame_visitor *visitor;
	unsigned char *says;	/* a record: enum says, of this question */
	uint32_t *first;	/* who gave it what stands behind it, or NOBODY */
};

static int blame_init(struct blame *blame, struct err *err)
{
	size_t n = blame->fold.graph.n + 1;

	blame->says = calloc(n, sizeof(*blame->says));
	blame->first = calloc(n, sizeof(*blame->first));
	return blame->says && blame->first ? 0 :
	       err_set(err, ERR_NOMEM, "out of memory");
}

static void blame_release(struct blame *blame)
{
	free(blame->says);
	free(blame->first);
	fold_release(&blame->fold);
}

/* Does a value that was given to a set hold the element? */
static bool holds(struct span value, struct span element)
{
	struct jcs_iter iter;
	struct span one;

	if (jcs_type_of(value) != JCS_ARRAY)
		return span_equals(value, element);
	iter = jcs_iter_array(value);
	while (jcs_next(&iter, NULL, &one)) {
		if (span_equals(one, element))
			return true;
	}
	return false;
}

static void mark_others(struct blame *blame, const struct fold_path *path)
{
	size_t i;

	for (i = path->leaves; i < path->leaves + path->leaves_n; i++)
		blame->says[blame->fold.leaves.at[i].owner] = SAYS_OTHER;
}

static uint32_t lower(const struct blame *blame, uint32_t a, uint32_t b)
{
	const uint32_t *rank = blame->fold.graph.rank;

	if (a == NOBODY || b == NOBODY)
		return a == NOBODY ? b : a;
	return rank[a] <= rank[b] ? a : b;
}

/* Of each record, those before it first: what it says itself, else what stands
 * behind it. */
static void follow(struct blame *blame)
{
	const struct fold_graph *graph = &blame->fold.graph;
	size_t i;
	uint32_t edge;

	for (i = 0; i < graph->n; i++) {
		uint32_t at = graph->order[i];
		uint32_t first = NOBODY;

		for (edge = graph->edges_at[at];
		     blame->says[at] != SAYS_OTHER &&
		     edge < graph->edges_at[at + 1]; edge++)
			first = lower(blame, first,
				      blame->first[graph->edges[edge]]);
		if (first == NOBODY && blame->says[at] == SAYS_SO)
			first = at;
		blame->first[at] = first;
	}
}

/* What each record says of that value at that path. */
static void ask(struct blame *blame, size_t at, struct span value)
{
	const struct fold *fold = &blame->fold;
	const struct fold_path *path = &fold->paths[at];
	size_t i;

	for (i = 0; i < fold->graph.n; i++)
		blame->says[i] = fold->graph.is_delete[i] ? SAYS_OTHER :
				 SAYS_NOTHING;
	for (i = path->above; i != FOLD_NONE; i = fold->paths[i].above)
		mark_others(blame, &fold->paths[i]);
	for (i = at + 1; i < path->end; i++)
		mark_others(blame, &fold->paths[i]);
	for (i = path->leaves; i < path->leaves + path->leaves_n; i++) {
		const struct fold_leaf *leaf = &fold->leaves.at[i];
		bool is_so = path->is_set ? holds(leaf->value, value) :
			     span_equals(leaf->value, value);

		blame->says[leaf->owner] = is_so ? SAYS_SO : SAYS_OTHER;
	}
	follow(blame);
}

static int tell_blamed(struct blame *blame, const struct fold_path *path,
		       struct span value, uint32_t by, struct err *err)
{
	struct buf pointer = BUF_INIT(BUF_NO_LIMIT);
	int rc = fold_key_pointer(path->key, &pointer, err);

	if (rc == 0)
		rc = blame->visitor->field(blame->visitor->arg,
					   buf_span(&pointer), value,
					   path->is_set,
					   blame->fold.graph.at[by], err);
	buf_release(&pointer);
	return rc;
}

/* From the last words on a set that hold the element. */
static int blame_element(struct blame *blame, size_t at, struct span element,
			 struct err *err)
{
	const struct fold_path *path = &blame->fold.paths[at];
	uint32_t by = NOBODY;
	size_t i;

	ask(blame, at, element);
	for (i = path->leaves; i < path->leaves + path->leaves_n; i++) {
		const struct fold_leaf *leaf = &blame->fold.leaves.at[i];

		if (!leaf->is_superseded)
			by = lower(blame, by, blame->first[leaf->owner]);
	}
	return by == NOBODY ? 0 : tell_blamed(blame, path, element, by, err);
}

static int blame_set(struct blame *blame, size_t at, struct err *err)
{
	const struct fold_path *path = &blame->fold.paths[at];
	struct span all = span_of(blame->fold.sets.data + path->set_at,
				  path->set_len);
	struct jcs_iter iter;
	struct span element;
	int rc = 0;

	if (!path->set_len)
		return 0;
	iter = jcs_iter_array(all);
	while (rc == 0 && jcs_next(&iter, NULL, &element))
		rc = blame_element(blame, at, element, err);
	return rc;
}

/* A null where nothing ever was is no field, and takes none away. */
static bool is_of_note(const struct fold *fold, const struct fold_path *path)
{
	size_t i;

	for (i = path->leaves; i < path->leaves + path->leaves_n; i++) {
		if (jcs_type_of(fold->leaves.at[i].value) != JCS_NULL)
			return true;
	}
	return false;
}

static int blame_path(struct blame *blame, size_t at, struct err *err)
{
	const struct fold *fold = &blame->fold;
	const struct fold_path *path = &fold->paths[at];
	const struct fold_leaf *winner;

	if (path->is_set)
		return blame_set(blame, at, err);
	if (path->winner == FOLD_NONE || !is_of_note(fold, path))
		return 0;
	winner = &fold->leaves.at[path->winner];
	ask(blame, at, winner->value);
	return tell_blamed(blame, path, winner->value,
			   blame->first[winner->owner], err);
}

/* The last one that deleted it; where nothing did, there are no records. */
static int blame_deleted(struct blame *blame, struct err *err)
{
	const struct fold_graph *graph = &blame->fold.graph;
	const struct span none = { NULL, 0 };
	size_t best = graph->n;
	size_t i;

	for (i = 0; i < graph->n; i++) {
		if (graph->is_delete[i] &&
		    (best == graph->n || graph->rank[i] > graph->rank[best]))
			best = i;
	}
	return best == graph->n ? 0 :
	       blame->visitor->field(blame->visitor->arg, span_str(""), none,
				     false, graph->at[best], err);
}

int fold_blame(const struct fold_record *records, size_t n,
	       const struct fold_blame_visitor *visitor, struct err *err)
{
	struct blame blame = {
		.fold = { .leaves = FOLD_LEAVES_INIT,
			  .sets = BUF_INIT(BUF_NO_LIMIT), .keeps_null = true },
		.visitor = visitor,
	};
	bool is_live = false;
	size_t at;
	int rc;

	if (!n)
		return 0;
	blame.fold.kind = records[0].record.kind;
	rc = fold_run(&blame.fold, records, n, &is_live, err);
	if (rc == 0)
		rc = blame_init(&blame, err);
	if (rc == 0 && !is_live)
		rc = blame_deleted(&blame, err);
	for (at = 0; rc == 0 && is_live && at < blame.fold.paths_n; at++)
		rc = blame_path(&blame, at, err);
	blame_release(&blame);
	return rc;
}
