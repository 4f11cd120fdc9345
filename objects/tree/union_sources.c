#include "objects/tree/union_internal.h"

#include <stdlib.h>

#define NONE ((size_t)-1)

void union_level_release(struct union_level *level)
{
	free(level->heads);
	free(level->bases);
	level->heads = NULL;
	level->bases = NULL;
}

int union_level_init(struct union_level *level, const struct union_join *join,
		     const struct place *place, struct err *err)
{
	level->at_risk = NULL;
	level->place = place;
	level->heads = calloc(join->heads_n + 1, sizeof(*level->heads));
	level->bases = calloc(join->bases_n + 1, sizeof(*level->bases));
	if (level->heads && level->bases)
		return 0;
	union_level_release(level);
	return err_set(err, ERR_NOMEM, "out of memory");
}

void sources_release(struct union_sources *sources)
{
	size_t i;

	for (i = 0; i < sources->n; i++)
		tree_node_release(&sources->nodes[i]);
	free(sources->nodes);
	free(sources->next);
	free(sources->ids);
	free(sources->of_head);
	free(sources->of_base);
	free(sources->droppers);
	free(sources->at_risk);
	free(sources->around);
	union_level_release(&sources->below);
}

static int sources_init(struct union_sources *sources,
			const struct union_join *join, struct err *err)
{
	size_t max = join->heads_n + join->bases_n + 1;

	sources->n = 0;
	sources->nodes = calloc(max, sizeof(*sources->nodes));
	sources->next = calloc(max, sizeof(*sources->next));
	sources->ids = calloc(max, sizeof(*sources->ids));
	sources->of_head = calloc(max, sizeof(*sources->of_head));
	sources->of_base = calloc(max, sizeof(*sources->of_base));
	sources->droppers = calloc(max, sizeof(*sources->droppers));
	sources->at_risk = calloc(max, sizeof(*sources->at_risk));
	sources->around = calloc(max, sizeof(*sources->around));
	if (sources->nodes && sources->next && sources->ids &&
	    sources->of_head && sources->of_base && sources->droppers &&
	    sources->at_risk && sources->around)
		return union_level_init(&sources->below, join, NULL, err);
	return err_set(err, ERR_NOMEM, "out of memory");
}

static int source_of(struct union_sources *sources,
		     const struct union_join *join, const git_oid *id,
		     const struct place *place, size_t *out, struct err *err)
{
	static const struct tree_node empty = TREE_NODE_INIT;
	size_t i;

	*out = NONE;
	if (git_oid_is_zero(id))
		return 0;
	for (i = 0; i < sources->n; i++) {
		if (git_oid_equal(&sources->ids[i], id)) {
			*out = i;
			return 0;
		}
	}
	*out = sources->n++;
	sources->ids[*out] = *id;
	sources->nodes[*out] = empty;
	return tree_node_read(join->store, id, place, &sources->nodes[*out],
			      err);
}

int sources_read(struct union_sources *sources, const struct union_join *join,
		 const struct union_level *level, struct err *err)
{
	size_t i;
	int rc = sources_init(sources, join, err);

	for (i = 0; rc == 0 && i < join->heads_n; i++)
		rc = source_of(sources, join, &level->heads[i], level->place,
			       &sources->of_head[i], err);
	for (i = 0; rc == 0 && i < join->bases_n; i++)
		rc = source_of(sources, join, &level->bases[i], level->place,
			       &sources->of_base[i], err);
	return rc;
}

static const struct tree_entry *peek(const struct union_sources *sources,
				     size_t at)
{
	const struct tree_node *node = &sources->nodes[at];

	if (sources->next[at] == node->n)
		return NULL;
	return &node->at[sources->next[at]];
}

static int compare(const struct tree_entry *a, const struct tree_entry *b)
{
	return tree_name_compare(a->name, a->is_tree, b->name, b->is_tree);
}

/* The first name in git's order that any source still has. */
const struct tree_entry *sources_first(const struct union_sources *sources)
{
	const struct tree_entry *first = NULL;
	size_t i;

	for (i = 0; i < sources->n; i++) {
		const struct tree_entry *entry = peek(sources, i);

		if (entry && (!first || compare(entry, first) < 0))
			first = entry;
	}
	return first;
}

/* What a source has of that name: the zero id if nothing. */
static git_oid id_in(const struct union_sources *sources, size_t at,
		     const struct tree_entry *name)
{
	const struct tree_entry *entry = at == NONE ? NULL : peek(sources, at);
	git_oid none = { { 0 } };

	return entry && !compare(entry, name) ? entry->id : none;
}

void sources_level(struct union_level *level, const struct union_join *join,
		   const struct union_sources *sources,
		   const struct tree_entry *name)
{
	size_t i;

	for (i = 0; i < join->heads_n; i++)
		level->heads[i] = id_in(sources, sources->of_head[i], name);
	for (i = 0; i < join->bases_n; i++)
		level->bases[i] = id_in(sources, sources->of_base[i], name);
}

void sources_advance(struct union_sources *sources,
		     const struct tree_entry *name)
{
	size_t i;

	for (i = 0; i < sources->n; i++) {
		const struct tree_entry *entry = peek(sources, i);

		if (entry && !compare(entry, name))
			sources->next[i]++;
	}
}

void sources_rewind(struct union_sources *sources)
{
	memset(sources->next, 0, sources->n * sizeof(*sources->next));
}
