#include "objects/tree/tree.h"

#include <stdlib.h>

#include "objects/pack/libgit2.h"
#include "objects/tree/union_internal.h"

/*
 * Why no record is lost. Let a head have *dropped* a segment when a base of
 * it and another head holds it, at that place, and the head does not; and let
 * a head be *at risk* at a place when it holds a segment there that some head
 * dropped. A segment is taken away only by a head that dropped it and is not
 * at risk at that place, nor at any above or below it.
 *
 * A head is valid, so its tree holds every record of its ancestors, and of the
 * base among them: a version adds to the union of its parents, or compacts it
 * record by record. All records of one entity lie along one path, so what the
 * head dropped at a place it still holds there, above, or below; and of what
 * it holds there nobody dropped anything. So all of that stays. By induction
 * the union holds the records of all heads, whichever bases are asked, and
 * the next version that is built on it holds them too. (Of what an owner's
 * version forgets the head holds the record that lists it instead.)
 *
 * No segment is read: a device without keys comes to the same tree. Where two
 * heads arranged one path at the same time, both arrangements stay until the
 * next compaction makes one of them; doubles do no harm.
 */

/* A base that both of its heads still hold whole takes nothing away. */
static void drop_idle_bases(const struct union_join *join,
			    struct union_level *level)
{
	size_t i;

	for (i = 0; i < join->bases_n; i++) {
		git_oid *base = &level->bases[i];

		if (git_oid_equal(base, &level->heads[join->bases[i].a]) &&
		    git_oid_equal(base, &level->heads[join->bases[i].b]))
			memset(base, 0, sizeof(*base));
	}
}

static bool has_bases(const struct union_join *join,
		      const struct union_level *level)
{
	size_t i;

	for (i = 0; i < join->bases_n; i++) {
		if (!git_oid_is_zero(&level->bases[i]))
			return true;
	}
	return false;
}

/* Are all active bases this tree? */
static bool are_bases(const struct union_join *join,
		      const struct union_level *level, const git_oid *tree)
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
static bool find_two(const struct union_join *join,
		     const struct union_level *level, bool is_absent_ignored,
		     git_oid out[2])
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

/* Does this head lack some of the base, and may take it away? */
static bool takes(const struct union_level *level, const git_oid *base,
		  size_t head)
{
	return !level->at_risk[head] &&
	       !git_oid_equal(base, &level->heads[head]);
}

/* Can anything be taken away here? */
static bool has_takers(const struct union_join *join,
		       const struct union_level *level)
{
	size_t i;

	for (i = 0; i < join->bases_n; i++) {
		const git_oid *base = &level->bases[i];

		if (!git_oid_is_zero(base) &&
		    (takes(level, base, join->bases[i].a) ||
		     takes(level, base, join->bases[i].b)))
			return true;
	}
	return false;
}

/*
 * Can the union be told without reading? Where nobody takes anything away, if
 * all that have the folder have the same. Else where all heads are alike, or
 * where they are of two kinds X and Y and every base is X: what X alone has
 * is dropped by the heads of Y, which hold nothing that anyone dropped.
 */
static bool settle(const struct union_join *join, struct union_level *level,
		   git_oid *out)
{
	bool is_taking;
	git_oid two[2];

	drop_idle_bases(join, level);
	is_taking = has_takers(join, level);
	if (!find_two(join, level, !is_taking, two))
		return false;
	if (git_oid_equal(&two[0], &two[1]))
		*out = two[0];
	else if (is_taking && are_bases(join, level, &two[0]))
		*out = two[1];
	else if (is_taking && are_bases(join, level, &two[1]))
		*out = two[0];
	else
		return false;
	return true;
}

/* Note who dropped a segment, and put at risk all who still hold it. */
static void note_dropped(const struct union_join *join,
			 const struct union_level *level, bool *droppers,
			 bool *at_risk)
{
	bool is_dropped = false;
	size_t i;

	for (i = 0; i < join->bases_n; i++) {
		const size_t pair[2] = { join->bases[i].a, join->bases[i].b };
		size_t j;

		for (j = 0; j < 2 && !git_oid_is_zero(&level->bases[i]); j++) {
			if (!git_oid_is_zero(&level->heads[pair[j]]))
				continue;
			droppers[pair[j]] = true;
			is_dropped = true;
		}
	}
	for (i = 0; is_dropped && i < join->heads_n; i++)
		at_risk[i] |= !git_oid_is_zero(&level->heads[i]);
}

/* Is there one whose risk matters and is not known yet? */
static bool is_open(const struct union_join *join,
		    const struct union_level *level, const bool *droppers,
		    const bool *at_risk, const git_oid *tree)
{
	size_t i;

	for (i = 0; i < join->heads_n; i++) {
		const git_oid *head = &level->heads[i];

		if (droppers[i] && !at_risk[i] && !git_oid_is_zero(head) &&
		    (!tree || git_oid_equal(head, tree)))
			return true;
	}
	return false;
}

/* No dropper is at risk in this folder, as far as can be told unread. */
static bool is_safe(const struct union_join *join, struct union_level *level,
		    const bool *droppers, const bool *at_risk)
{
	git_oid two[2];

	drop_idle_bases(join, level);
	if (!has_bases(join, level) ||
	    !is_open(join, level, droppers, at_risk, NULL))
		return true;
	if (!find_two(join, level, false, two))
		return false;
	if (git_oid_equal(&two[0], &two[1]))
		return true;
	/* Of two kinds only that of all bases holds what was dropped. */
	if (are_bases(join, level, &two[0]))
		return !is_open(join, level, droppers, at_risk, &two[0]);
	if (are_bases(join, level, &two[1]))
		return !is_open(join, level, droppers, at_risk, &two[1]);
	return false;
}

/* Add to at_risk the droppers that hold, in this folder or below it, what
 * someone dropped. */
static int find_risks(const struct union_join *join, struct union_level *level,
		      const bool *droppers, bool *at_risk, struct err *err)
{
	struct union_sources sources = UNION_SOURCES_INIT;
	const struct tree_entry *name;
	struct place child;
	int rc;

	if (is_safe(join, level, droppers, at_risk))
		return 0;
	rc = sources_read(&sources, join, level, err);
	while (rc == 0 && (name = sources_first(&sources))) {
		sources_level(&sources.below, join, &sources, name);
		if (name->is_tree) {
			place_enter(level->place, name->name, &child);
			sources.below.place = &child;
			rc = find_risks(join, &sources.below, droppers, at_risk,
					err);
		} else {
			note_dropped(join, &sources.below, sources.droppers,
				     at_risk);
		}
		sources_advance(&sources, name);
	}
	sources_release(&sources);
	return rc;
}

/* The same for the folders of those that were read. */
static int find_risks_below(const struct union_join *join,
			    struct union_sources *sources,
			    const struct place *place, struct err *err)
{
	const struct tree_entry *name;
	struct place child;
	int rc = 0;

	while (rc == 0 && (name = sources_first(sources))) {
		if (name->is_tree) {
			sources_level(&sources->below, join, sources, name);
			place_enter(place, name->name, &child);
			sources->below.place = &child;
			rc = find_risks(join, &sources->below,
					sources->droppers, sources->around,
					err);
		}
		sources_advance(sources, name);
	}
	sources_rewind(sources);
	return rc;
}

/* Who is at risk, for the folders of this level and for its own segments. */
static int weigh(const struct union_join *join, struct union_sources *sources,
		 const struct union_level *level, struct err *err)
{
	const size_t len = join->heads_n * sizeof(*sources->at_risk);
	const struct tree_entry *name;
	bool is_open_below = false;
	size_t i;

	memcpy(sources->at_risk, level->at_risk, len);
	memcpy(sources->around, level->at_risk, len);
	if (!has_takers(join, level))
		return 0;	/* so nothing is taken away below either */
	while ((name = sources_first(sources))) {
		if (!name->is_tree) {
			sources_level(&sources->below, join, sources, name);
			note_dropped(join, &sources->below, sources->droppers,
				     sources->at_risk);
		}
		sources_advance(sources, name);
	}
	sources_rewind(sources);
	memcpy(sources->around, sources->at_risk, len);
	for (i = 0; i < join->heads_n; i++)
		is_open_below |= sources->droppers[i] && !sources->around[i];
	return is_open_below
		       ? find_risks_below(join, sources, level->place, err)
		       : 0;
}

/* One name, one blob: anything else is a forgery that the checks of each
 * head should have found. */
static int join_segment(const struct union_join *join,
			const struct union_level *level, git_oid *out,
			struct err *err)
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
	if (has_takers(join, level))
		memset(out, 0, sizeof(*out));
	return 0;
}

static int join_level(const struct union_join *join, struct union_level *level,
		      git_oid *out, struct err *err);

static int join_name(const struct union_join *join,
		     struct union_sources *sources,
		     const struct tree_entry *name, const struct place *place,
		     struct buf *bytes, struct err *err)
{
	struct place child;
	git_oid id;
	int rc;

	sources_level(&sources->below, join, sources, name);
	if (name->is_tree) {
		place_enter(place, name->name, &child);
		sources->below.place = &child;
		sources->below.at_risk = sources->at_risk;
		rc = join_level(join, &sources->below, &id, err);
	} else {
		sources->below.at_risk = sources->around;
		rc = join_segment(join, &sources->below, &id, err);
	}
	if (rc == 0 && !git_oid_is_zero(&id))
		rc = tree_bytes_add(bytes, name->name, name->is_tree, &id, err);
	return rc;
}

/* The zero id where nothing is left. Recurses as deep as the grammar goes. */
static int join_level(const struct union_join *join, struct union_level *level,
		      git_oid *out, struct err *err)
{
	struct union_sources sources = UNION_SOURCES_INIT;
	struct buf bytes = BUF_INIT(TREE_BYTES_MAX);
	const struct tree_entry *name;
	int rc;

	if (settle(join, level, out))
		return 0;
	rc = sources_read(&sources, join, level, err);
	if (rc == 0)
		rc = weigh(join, &sources, level, err);
	while (rc == 0 && (name = sources_first(&sources))) {
		rc = join_name(join, &sources, name, level->place, &bytes, err);
		sources_advance(&sources, name);
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
	struct union_join join = { store, heads->n, heads->bases_n,
				   heads->bases };
	bool *no_risk = calloc(heads->n + 1, sizeof(*no_risk));
	struct union_level level;
	git_oid id;
	size_t i;
	int rc = union_level_init(&level, &join, NULL, err);

	if (rc == 0 && !no_risk)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		goto out;
	level.at_risk = no_risk;
	for (i = 0; i < heads->n; i++)
		level.heads[i] = heads->at[i];
	for (i = 0; i < heads->bases_n; i++)
		level.bases[i] = heads->bases[i].tree;
	rc = join_level(&join, &level, &id, err);
	if (rc == 0 && git_oid_is_zero(&id))
		rc = tree_empty(store, &id, err);
	if (rc == 0)
		*out = id;
out:
	union_level_release(&level);
	free(no_risk);
	return rc;
}
