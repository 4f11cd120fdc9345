#include "refs/history/reach.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/id/encode.h"
#include "refs/history/repo.h"

#define DEPTH_MAX 8		/* trees of verified versions are shallower */

struct reach {
	git_repository *repo;
	struct table *out;
	struct err *err;
	/* Only where holes are looked for: */
	struct table *holes;
	git_odb *odb;
	bool reads;				/* segments too */
	const struct reach_visitor *visitor;	/* or NULL */
};

/*
 * What cannot be read is an error, or, where holes are looked for, a hole: a
 * damaged object is as good as none. A disk that fails says nothing of it.
 */
static int failed(struct reach *reach, int code, const git_oid *id,
		  const char *what)
{
	const git_error *last = git_error_last();

	if (!reach->holes || (code != GIT_ENOTFOUND && last &&
			      (last->klass == GIT_ERROR_OS ||
			       last->klass == GIT_ERROR_NOMEMORY)))
		return repo_failed(reach->err, code, "cannot read %s", what);
	return table_include(reach->holes, id->id, NULL, reach->err);
}

/* Is it there, and, if it is to be read, does it hash to its id? */
static int segment_find(const struct reach *reach, const git_oid *id)
{
	git_odb_object *object = NULL;
	int rc = git_odb_exists(reach->odb, id) ? 0 : GIT_ENOTFOUND;

	if (rc == 0 && reach->reads)
		rc = git_odb_read(&object, reach->odb, id);
	git_odb_object_free(object);
	return rc;
}

static int id_add(struct reach *reach, const git_oid *id,
		  enum object_type type, const char *name)
{
	const struct reach_visitor *visitor = reach->visitor;
	bool is_new;
	int rc = table_include(reach->out, id->id, &is_new, reach->err);

	if (rc < 0 || !is_new)
		return rc;
	if (reach->odb && type == OBJECT_BLOB) {
		int done = segment_find(reach, id);

		if (done < 0)
			return failed(reach, done, id, "a segment");
	}
	return visitor ? visitor->object(visitor->arg, id, type, name,
					 reach->err) : 0;
}

/* A tree with what parents have in its place, to compare it to. */
struct place_in_history {
	const git_oid *id;
	const char *name;		/* NULL for the tree of a version */
	const git_oid *others;
	size_t others_n;
	unsigned depth;
};

static int trees_add(struct reach *reach,
		     const struct place_in_history *place);

static void trees_free(git_tree **trees, size_t n)
{
	size_t i;

	for (i = 0; trees && i < n; i++)
		git_tree_free(trees[i]);
	free(trees);
}

/*
 * One entry: old when a parent has the very same there, else new, with what
 * the parents have of that name to compare its content to.
 */
static int entry_add(struct reach *reach, const git_tree_entry *entry,
		     git_tree **others, size_t n, unsigned depth)
{
	const git_oid *id = git_tree_entry_id(entry);
	bool is_tree = git_tree_entry_type(entry) == GIT_OBJECT_TREE;
	git_oid *below = calloc(n + 1, sizeof(*below));
	const git_tree_entry *other;
	size_t below_n = 0;
	bool is_old = false;
	size_t i;
	int rc = 0;

	if (!below)
		return err_set(reach->err, ERR_NOMEM, "out of memory");
	for (i = 0; i < n && !is_old; i++) {
		other = git_tree_entry_byname(others[i],
					      git_tree_entry_name(entry));
		if (!other)
			continue;
		is_old = git_oid_equal(git_tree_entry_id(other), id);
		if (git_tree_entry_type(other) == GIT_OBJECT_TREE)
			below[below_n++] = *git_tree_entry_id(other);
	}
	if (!is_old && is_tree)
		rc = trees_add(reach, &(struct place_in_history){
			id, git_tree_entry_name(entry), below, below_n,
			depth + 1 });
	else if (!is_old)
		rc = id_add(reach, id, OBJECT_BLOB,
			    git_tree_entry_name(entry));
	free(below);
	return rc;
}

/* Those that can be read, *out_n of them. */
static int others_open(struct reach *reach, const git_oid *ids, size_t n,
		       git_tree ***out, size_t *out_n)
{
	git_tree **trees = calloc(n + 1, sizeof(*trees));
	size_t opened = 0;
	size_t i;
	int rc = 0;

	if (!trees)
		return err_set(reach->err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < n; i++) {
		rc = git_tree_lookup(&trees[opened], reach->repo, &ids[i]);
		if (rc == 0)
			opened++;
		else
			rc = failed(reach, rc, &ids[i], "a tree");
	}
	*out = trees;
	*out_n = opened;
	return rc;
}

/*
 * A tree enters after all that lies in it. One that is on the list is there
 * with all of that: each entry that was left out then was a parent's, and a
 * parent is outside the range or was listed before.
 */
static int trees_add(struct reach *reach,
		     const struct place_in_history *place)
{
	git_tree **open = NULL;
	git_tree *tree = NULL;
	size_t open_n = 0;
	size_t i;
	int rc;

	if (place->depth > DEPTH_MAX)
		return err_set(reach->err, ERR_LIMIT, "a tree is too deep");
	if (table_get(reach->out, place->id->id, NULL))
		return 0;
	rc = git_tree_lookup(&tree, reach->repo, place->id);
	if (rc < 0)
		return failed(reach, rc, place->id, "a tree");
	rc = others_open(reach, place->others, place->others_n, &open,
			 &open_n);
	for (i = 0; rc == 0 && i < git_tree_entrycount(tree); i++)
		rc = entry_add(reach, git_tree_entry_byindex(tree, i), open,
			       open_n, place->depth);
	if (rc == 0)
		rc = id_add(reach, place->id, OBJECT_TREE, place->name);
	trees_free(open, open_n);
	git_tree_free(tree);
	return rc;
}

static int parents_read(struct reach *reach, git_commit *commit,
			git_oid *out, size_t *out_n)
{
	size_t n = git_commit_parentcount(commit);
	git_commit *parent;
	size_t i;
	int rc;

	for (i = 0; i < n; i++) {
		parent = NULL;
		rc = git_commit_parent(&parent, commit, (unsigned)i);
		if (rc < 0)
			rc = failed(reach, rc,
				    git_commit_parent_id(commit, (unsigned)i),
				    "a version");
		else
			out[(*out_n)++] = *git_commit_tree_id(parent);
		if (rc < 0)
			return rc;
		git_commit_free(parent);
	}
	return 0;
}

static int commit_add(struct reach *reach, const git_oid *id)
{
	git_commit *commit = NULL;
	git_oid *trees = NULL;
	const git_oid *tree;
	size_t n = 0;
	size_t i;
	int rc = git_commit_lookup(&commit, reach->repo, id);

	if (rc < 0)
		return failed(reach, rc, id, "a version");
	trees = calloc(git_commit_parentcount(commit) + 1, sizeof(*trees));
	if (!trees)
		rc = err_set(reach->err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = parents_read(reach, commit, trees, &n);
	tree = git_commit_tree_id(commit);
	for (i = 0; rc == 0 && i < n && !git_oid_equal(&trees[i], tree); i++)
		;
	if (rc == 0 && i == n)
		rc = trees_add(reach, &(struct place_in_history){
			tree, NULL, trees, n, 0 });
	if (rc == 0)
		rc = id_add(reach, id, OBJECT_COMMIT, NULL);
	free(trees);
	git_commit_free(commit);
	return rc;
}

/*
 * Parents first. An entry is old if a parent has it; were the parent itself
 * new and not yet listed, then what it has would not be there: a folder that
 * goes from one state to another and back within the range would be left out
 * by the one version because of the other.
 */
static int range_add(struct reach *reach, const struct history_range *range)
{
	git_revwalk *walk = NULL;
	git_oid id;
	size_t i;
	int rc = 0;
	int step = git_revwalk_new(&walk, reach->repo);

	if (step == 0)
		step = git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL |
						 GIT_SORT_REVERSE);
	for (i = 0; step == 0 && i < range->heads_n; i++)
		step = git_revwalk_push(walk, &range->heads[i]);
	for (i = 0; step == 0 && i < range->hide_n; i++)
		step = git_revwalk_hide(walk, &range->hide[i]);
	while (step == 0 && rc == 0) {
		step = git_revwalk_next(&id, walk);
		if (step == 0)
			rc = commit_add(reach, &id);
	}
	if (rc == 0 && step != GIT_ITEROVER)
		rc = repo_failed(reach->err, step, "cannot read the history");
	git_revwalk_free(walk);
	return rc;
}

int reach_list(struct store *store, const struct history_range *range,
	       struct table *out, struct err *err)
{
	struct reach reach = { .repo = store_repository(store), .out = out, .err = err };

	return range_add(&reach, range);
}

/* Versions that are to be added, the next one last. */
struct stack {
	git_oid *at;
	size_t n;
	size_t cap;
};

static int push(struct stack *stack, const git_oid *id, struct err *err)
{
	int rc = array_room(stack, err);

	if (rc == 0)
		stack->at[stack->n++] = *id;
	return rc;
}

static int push_parents(struct reach *reach, const git_oid *id,
			struct table *seen, struct stack *stack)
{
	git_commit *commit = NULL;
	unsigned i;
	int rc = git_commit_lookup(&commit, reach->repo, id);

	if (rc < 0)
		return failed(reach, rc, id, "a version");
	for (i = 0; rc == 0 && i < git_commit_parentcount(commit); i++) {
		const git_oid *parent = git_commit_parent_id(commit, i);

		if (!table_get(seen, parent->id, NULL))
			rc = push(stack, parent, reach->err);
	}
	git_commit_free(commit);
	return rc;
}

/* Parents first as well, but without libgit2's walk, which ends where a
 * version is missing. A version is seen twice: before and behind its own. */
static int all_add(struct reach *reach, const git_oid *heads, size_t heads_n)
{
	struct table seen = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct stack stack = { NULL, 0, 0 };
	bool is_new;
	git_oid id;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < heads_n; i++)
		rc = push(&stack, &heads[i], reach->err);
	while (rc == 0 && stack.n) {
		id = stack.at[stack.n - 1];
		rc = table_include(&seen, id.id, &is_new, reach->err);
		if (rc == 0 && is_new) {
			rc = push_parents(reach, &id, &seen, &stack);
		} else if (rc == 0) {
			stack.n--;
			if (!table_get(reach->out, id.id, NULL))
				rc = commit_add(reach, &id);
		}
	}
	free(stack.at);
	table_release(&seen);
	return rc;
}

int reach_holes(struct store *store, const struct history_range *range,
		bool reads, const struct reach_visitor *visitor,
		struct table *out, struct err *err)
{
	struct table list = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct reach reach = { store_repository(store), &list, err, out, NULL, reads, visitor };
	struct err broken = ERR_INIT;
	int rc = ERR_NOT_FOUND;

	if (git_repository_odb(&reach.odb, reach.repo) < 0)
		return repo_failed(err, -1, "cannot open the objects");
	if (range->hide_n) {
		reach.err = &broken;
		rc = range_add(&reach, range);
		reach.err = err;
	}
	/* Where the line between known and new is lost, all is looked at. */
	if (rc < 0)
		rc = all_add(&reach, range->heads, range->heads_n);
	git_odb_free(reach.odb);
	table_release(&list);
	return rc;
}

static int missing(const git_oid *id, struct err *err)
{
	char hex[GIT_OID_HEXSZ + 1];

	hex_text(id->id, GIT_OID_RAWSZ, hex);
	return err_set(err, ERR_CORRUPT, "object '%s' is missing, so no ref "
		       "moves to what needs it", hex);
}

int reach_check(struct store *store, const struct history_range *range,
		struct err *err)
{
	struct table list = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	git_odb *odb = NULL;
	git_oid id;
	size_t i;
	int rc = reach_list(store, range, &list, err);

	if (rc == 0 && git_repository_odb(&odb, store_repository(store)) < 0)
		rc = repo_failed(err, -1, "cannot open the objects");
	for (i = 0; rc == 0 && i < list.count; i++) {
		git_oid_fromraw(&id, table_key_at(&list, i));
		if (!git_odb_exists(odb, &id))
			rc = missing(&id, err);
	}
	git_odb_free(odb);
	table_release(&list);
	return rc;
}
