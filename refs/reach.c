#include "refs/reach.h"

#include <stdlib.h>

#include "lib/encode.h"
#include "refs/refs_internal.h"

#define DEPTH_MAX 8		/* trees of verified versions are shallower */

struct reach {
	git_repository *repo;
	struct table *out;
	struct err *err;
};

static int failed(struct reach *reach, int code, const char *what)
{
	return repo_failed(reach->err, code, "cannot read %s", what);
}

static int id_add(struct reach *reach, const git_oid *id)
{
	int rc = table_add(reach->out, id->id, 0, reach->err);

	return rc < 0 ? rc : 0;
}

static int trees_add(struct reach *reach, const git_oid *id,
		     const git_oid *others, size_t others_n, unsigned depth);

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
		rc = trees_add(reach, id, below, below_n, depth + 1);
	else if (!is_old)
		rc = id_add(reach, id);
	free(below);
	return rc;
}

static int others_open(struct reach *reach, const git_oid *ids, size_t n,
		       git_tree ***out)
{
	git_tree **trees = calloc(n + 1, sizeof(*trees));
	size_t i;
	int rc = 0;

	if (!trees)
		return err_set(reach->err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < n; i++)
		rc = git_tree_lookup(&trees[i], reach->repo, &ids[i]);
	if (rc < 0) {
		trees_free(trees, n);
		return failed(reach, rc, "a tree");
	}
	*out = trees;
	return 0;
}

/*
 * A tree enters after all that lies in it. One that is on the list is there
 * with all of that: each entry that was left out then was a parent's, and a
 * parent is outside the range or was listed before.
 */
static int trees_add(struct reach *reach, const git_oid *id,
		     const git_oid *others, size_t others_n, unsigned depth)
{
	git_tree **open = NULL;
	git_tree *tree = NULL;
	size_t i;
	int rc;

	if (depth > DEPTH_MAX)
		return err_set(reach->err, ERR_LIMIT, "a tree is too deep");
	if (table_get(reach->out, id->id, NULL))
		return 0;
	rc = git_tree_lookup(&tree, reach->repo, id);
	if (rc < 0)
		return failed(reach, rc, "a tree");
	rc = others_open(reach, others, others_n, &open);
	for (i = 0; rc == 0 && i < git_tree_entrycount(tree); i++)
		rc = entry_add(reach, git_tree_entry_byindex(tree, i), open,
			       others_n, depth);
	if (rc == 0)
		rc = id_add(reach, id);
	trees_free(open, others_n);
	git_tree_free(tree);
	return rc;
}

static int parents_read(struct reach *reach, git_commit *commit,
			git_oid *out, size_t n)
{
	git_commit *parent;
	size_t i;
	int rc;

	for (i = 0; i < n; i++) {
		rc = git_commit_parent(&parent, commit, (unsigned)i);
		if (rc < 0)
			return failed(reach, rc, "a version");
		out[i] = *git_commit_tree_id(parent);
		git_commit_free(parent);
	}
	return 0;
}

static int commit_add(struct reach *reach, const git_oid *id)
{
	git_commit *commit = NULL;
	git_oid *trees = NULL;
	const git_oid *tree;
	size_t n, i;
	int rc = git_commit_lookup(&commit, reach->repo, id);

	if (rc < 0)
		return failed(reach, rc, "a version");
	n = git_commit_parentcount(commit);
	trees = calloc(n + 1, sizeof(*trees));
	if (!trees)
		rc = err_set(reach->err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = parents_read(reach, commit, trees, n);
	tree = git_commit_tree_id(commit);
	for (i = 0; rc == 0 && i < n && !git_oid_equal(&trees[i], tree); i++)
		;
	if (rc == 0 && i == n)
		rc = trees_add(reach, tree, trees, n, 0);
	if (rc == 0)
		rc = id_add(reach, id);
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
int reach_list(git_repository *repo, const struct history_range *range,
	       struct table *out, struct err *err)
{
	struct reach reach = { repo, out, err };
	git_revwalk *walk = NULL;
	git_oid id;
	size_t i;
	int rc = 0;
	int step = git_revwalk_new(&walk, reach.repo);

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
			rc = commit_add(&reach, &id);
	}
	if (rc == 0 && step != GIT_ITEROVER)
		rc = failed(&reach, step, "the history");
	git_revwalk_free(walk);
	return rc;
}

static int missing(const git_oid *id, struct err *err)
{
	char hex[GIT_OID_HEXSZ + 1];

	hex_text(id->id, GIT_OID_RAWSZ, hex);
	return err_set(err, ERR_CORRUPT, "object '%s' is missing, so no ref "
		       "moves to what needs it", hex);
}

int reach_check(git_repository *repo, const struct history_range *range,
		struct err *err)
{
	struct table list = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	git_odb *odb = NULL;
	git_oid id;
	size_t i;
	int rc = reach_list(repo, range, &list, err);

	if (rc == 0 && git_repository_odb(&odb, repo) < 0)
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
