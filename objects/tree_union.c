#include "objects/tree.h"

#include <stdlib.h>

#include "objects/store_internal.h"
#include "objects/tree_internal.h"

/*
 * One folder, as each head and each base has it: the zero id where it is
 * absent. A base of the zero id takes nothing away.
 */
struct level {
	git_oid *heads;
	git_oid *bases;
	const struct place *place;
};

struct join {
	struct store *store;
	size_t heads_n;
	size_t bases_n;
	const struct tree_base *bases;	/* whose a and b count at all levels */
};

/* The trees of a level, each read once, and who has which. */
struct sources {
	struct tree_node *nodes;
	size_t *next;		/* per node: its first entry not yet joined */
	git_oid *ids;
	size_t n;
	size_t *of_head;	/* index of the node; NONE */
	size_t *of_base;
	struct level below;	/* for one name at a time */
};

#define NONE ((size_t)-1)

static void level_release(struct level *level)
{
	free(level->heads);
	free(level->bases);
	level->heads = NULL;
	level->bases = NULL;
}

static int level_init(struct level *level, const struct join *join,
		      const struct place *place, struct err *err)
{
	level->place = place;
	level->heads = calloc(join->heads_n + 1, sizeof(*level->heads));
	level->bases = calloc(join->bases_n + 1, sizeof(*level->bases));
	if (level->heads && level->bases)
		return 0;
	level_release(level);
	return err_set(err, ERR_NOMEM, "out of memory");
}

/* A base that both of its heads still hold whole takes nothing away. */
static void drop_idle_bases(const struct join *join, struct level *level)
{
	size_t i;

	for (i = 0; i < join->bases_n; i++) {
		git_oid *base = &level->bases[i];

		if (git_oid_equal(base, &level->heads[join->bases[i].a]) &&
		    git_oid_equal(base, &level->heads[join->bases[i].b]))
			memset(base, 0, sizeof(*base));
	}
}

static bool has_bases(const struct join *join, const struct level *level)
{
	size_t i;

	for (i = 0; i < join->bases_n; i++) {
		if (!git_oid_is_zero(&level->bases[i]))
			return true;
	}
	return false;
}

/* Are all active bases this tree? */
static bool are_bases(const struct join *join, const struct level *level,
		      const git_oid *tree)
{
	size_t i;

	for (i = 0; i < join->bases_n; i++) {
		if (!git_oid_is_zero(&level->bases[i]) &&
		    !git_oid_equal(&level->bases[i], tree))
			return false;
	}
	return true;
}

/*
 * Find the two trees that the heads have between them, equal to one another
 * when there is only one. False when there are three or more.
 */
static bool find_two(const struct join *join, const struct level *level,
		     bool is_absent_ignored, git_oid out[2])
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < join->heads_n; i++) {
		const git_oid *head = &level->heads[i];

		if (is_absent_ignored && git_oid_is_zero(head))
			continue;
		if (n > 0 && git_oid_equal(head, &out[0]))
			continue;
		if (n > 1 && git_oid_equal(head, &out[1]))
			continue;
		if (n == 2)
			return false;
		out[n++] = *head;
	}
	if (n == 0)
		memset(&out[0], 0, sizeof(out[0]));
	if (n < 2)
		out[1] = out[0];
	return true;
}

/*
 * Can the union be told without reading? Without bases, where all that have
 * the folder have the same; with bases, where all heads are alike, or where
 * they are of two kinds X and Y and every base is X: then what X alone has is
 * gone, and what Y has stays.
 */
static bool settle(const struct join *join, struct level *level, git_oid *out)
{
	bool has_active;
	git_oid two[2];

	drop_idle_bases(join, level);
	has_active = has_bases(join, level);
	if (!find_two(join, level, !has_active, two))
		return false;
	if (git_oid_equal(&two[0], &two[1]))
		*out = two[0];
	else if (has_active && are_bases(join, level, &two[0]))
		*out = two[1];
	else if (has_active && are_bases(join, level, &two[1]))
		*out = two[0];
	else
		return false;
	return true;
}

static void sources_release(struct sources *sources)
{
	size_t i;

	for (i = 0; i < sources->n; i++)
		tree_node_release(&sources->nodes[i]);
	free(sources->nodes);
	free(sources->next);
	free(sources->ids);
	free(sources->of_head);
	free(sources->of_base);
	level_release(&sources->below);
}

static int sources_init(struct sources *sources, const struct join *join,
			struct err *err)
{
	size_t max = join->heads_n + join->bases_n + 1;

	sources->n = 0;
	sources->nodes = calloc(max, sizeof(*sources->nodes));
	sources->next = calloc(max, sizeof(*sources->next));
	sources->ids = calloc(max, sizeof(*sources->ids));
	sources->of_head = calloc(max, sizeof(*sources->of_head));
	sources->of_base = calloc(max, sizeof(*sources->of_base));
	if (sources->nodes && sources->next && sources->ids &&
	    sources->of_head && sources->of_base)
		return level_init(&sources->below, join, NULL, err);
	return err_set(err, ERR_NOMEM, "out of memory");
}

static int source_of(struct sources *sources, const struct join *join,
		     const git_oid *id, const struct place *place,
		     size_t *out, struct err *err)
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

static int sources_read(struct sources *sources, const struct join *join,
			const struct level *level, struct err *err)
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

static const struct tree_entry *peek(const struct sources *sources, size_t at)
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
static const struct tree_entry *find_first(const struct sources *sources)
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
static git_oid id_in(const struct sources *sources, size_t at,
		     const struct tree_entry *name)
{
	const struct tree_entry *entry = at == NONE ? NULL :
						      peek(sources, at);
	git_oid none = { { 0 } };

	return entry && !compare(entry, name) ? entry->id : none;
}

static void fill_level(struct level *level, const struct join *join,
		       const struct sources *sources,
		       const struct tree_entry *name)
{
	size_t i;

	for (i = 0; i < join->heads_n; i++)
		level->heads[i] = id_in(sources, sources->of_head[i], name);
	for (i = 0; i < join->bases_n; i++)
		level->bases[i] = id_in(sources, sources->of_base[i], name);
}

static bool is_gone(const struct join *join, const struct level *level)
{
	size_t i;

	for (i = 0; i < join->bases_n; i++) {
		const struct tree_base *base = &join->bases[i];

		if (!git_oid_is_zero(&level->bases[i]) &&
		    (git_oid_is_zero(&level->heads[base->a]) ||
		     git_oid_is_zero(&level->heads[base->b])))
			return true;
	}
	return false;
}

/* One name, one blob: anything else is a forgery that the checks of each
 * head should have found. */
static int join_segment(const struct join *join, const struct level *level,
			git_oid *out, struct err *err)
{
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < join->heads_n; i++) {
		const git_oid *head = &level->heads[i];

		if (git_oid_is_zero(head))
			continue;
		if (!git_oid_is_zero(out) && !git_oid_equal(out, head))
			return err_set(err, ERR_UNTRUSTED,
				       "blobs '%s' and '%s' have one name",
				       oid_hex(out).text, oid_hex(head).text);
		*out = *head;
	}
	if (is_gone(join, level))
		memset(out, 0, sizeof(*out));
	return 0;
}

static int join_level(const struct join *join, struct level *level,
		      git_oid *out, struct err *err);

static int join_name(const struct join *join, struct sources *sources,
		     const struct tree_entry *name, const struct place *place,
		     struct buf *bytes, struct err *err)
{
	struct place child;
	git_oid id;
	int rc;

	fill_level(&sources->below, join, sources, name);
	if (name->is_tree) {
		place_enter(place, name->name, &child);
		sources->below.place = &child;
		rc = join_level(join, &sources->below, &id, err);
	} else {
		rc = join_segment(join, &sources->below, &id, err);
	}
	if (rc == 0 && !git_oid_is_zero(&id))
		rc = tree_bytes_add(bytes, name->name, name->is_tree, &id,
				    err);
	return rc;
}

static void advance(struct sources *sources, const struct tree_entry *name)
{
	size_t i;

	for (i = 0; i < sources->n; i++) {
		const struct tree_entry *entry = peek(sources, i);

		if (entry && !compare(entry, name))
			sources->next[i]++;
	}
}

/* The zero id where nothing is left. Recurses as deep as the grammar goes. */
static int join_level(const struct join *join, struct level *level,
		      git_oid *out, struct err *err)
{
	struct sources sources = { .n = 0, .below = { NULL, NULL, NULL } };
	struct buf bytes = BUF_INIT(TREE_BYTES_MAX);
	const struct tree_entry *name;
	int rc;

	if (settle(join, level, out))
		return 0;
	rc = sources_read(&sources, join, level, err);
	while (rc == 0 && (name = find_first(&sources))) {
		rc = join_name(join, &sources, name, level->place, &bytes,
			       err);
		advance(&sources, name);
	}
	if (rc == 0)
		rc = tree_stage_bytes(join->store, &bytes, out, err);
	buf_release(&bytes);
	sources_release(&sources);
	return rc;
}

int tree_union(struct store *store, const struct tree_heads *heads,
	       git_oid *out, struct err *err)
{
	struct join join = { store, heads->n, heads->bases_n, heads->bases };
	struct level level;
	git_oid id;
	size_t i;
	int rc = level_init(&level, &join, NULL, err);

	if (rc < 0)
		return rc;
	for (i = 0; i < heads->n; i++)
		level.heads[i] = heads->at[i];
	for (i = 0; i < heads->bases_n; i++)
		level.bases[i] = heads->bases[i].tree;
	rc = join_level(&join, &level, &id, err);
	if (rc == 0 && git_oid_is_zero(&id))
		rc = tree_empty(store, &id, err);
	if (rc == 0)
		*out = id;
	level_release(&level);
	return rc;
}
