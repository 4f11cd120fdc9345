#include "refs/remote/side/tracking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/os/path.h"
#include "refs/history/ref_files.h"
#include "refs/history/repo.h"

/* What moves, into moves; how many. */
static int moves_plan(const char *prefix, const struct head_list *known,
		      const struct head_list *heads, struct ref_move *moves,
		      size_t *out_n, struct err *err)
{
	size_t n = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < heads->n; i++) {
		const struct head *head = &heads->at[i];
		const struct head *old = head_list_find(known, head);

		if (old && git_oid_equal(&old->id, &head->id))
			continue;
		rc = head_ref_name(prefix, head->construct, head->device,
				   moves[n].name, err);
		moves[n].has_expected = old != NULL;
		if (old)
			moves[n].expected = old->id;
		moves[n++].id = head->id;
	}
	*out_n = n;
	return rc;
}

/* Only fetch and push of this remote write here, under the side's lock. */
int tracking_set(struct vault *vault, const char *remote,
		 const struct head_list *heads, struct err *err)
{
	struct store *store = vault->store;
	struct head_list known = HEAD_LIST_INIT;
	char prefix[REMOTE_NAME_MAX + 16];
	struct ref_move *moves;
	size_t n = 0;
	size_t i;
	int rc;

	if (!heads->n)
		return 0;
	moves = calloc(heads->n, sizeof(*moves));
	if (!moves)
		return err_set(err, ERR_NOMEM, "out of memory");
	snprintf(prefix, sizeof(prefix), "refs/remotes/%s/", remote);
	rc = heads_list(store, prefix, NULL, &known, NULL, err);
	if (rc == 0)
		rc = moves_plan(prefix, &known, heads, moves, &n, err);
	if (rc == 0)
		rc = refs_move(store, moves, n, err);
	for (i = 0; rc == 0 && i < n; i++) {
		if (moves[i].rc < 0)
			rc = err_set(err, (enum err_code)moves[i].rc, "%s",
				     moves[i].reason);
	}
	head_list_release(&known);
	free(moves);
	return rc;
}

static bool is_of(const struct head_list *list, size_t at,
		  const char *construct)
{
	return at < list->n && !strcmp(list->at[at].construct, construct);
}

/* Does a construct stand at the same heads on both sides, from here on? */
static bool is_level(const struct head_list *ours, size_t i,
		     const struct head_list *theirs, size_t j,
		     const char *construct)
{
	while (is_of(ours, i, construct) && is_of(theirs, j, construct)) {
		if (strcmp(ours->at[i].device, theirs->at[j].device) ||
		    !git_oid_equal(&ours->at[i].id, &theirs->at[j].id))
			return false;
		i++;
		j++;
	}
	return !is_of(ours, i, construct) && !is_of(theirs, j, construct);
}

/* Let both walks begin at the heads of each construct that differs. */
static int push_differing(git_revwalk *ahead, git_revwalk *behind,
			  const struct head_list *ours,
			  const struct head_list *theirs)
{
	size_t i = 0, j = 0;
	int rc = 0;

	while (rc == 0 && (i < ours->n || j < theirs->n)) {
		const char *construct =
			j == theirs->n ||
			(i < ours->n && strcmp(ours->at[i].construct,
					       theirs->at[j].construct) < 0) ?
				ours->at[i].construct :
				theirs->at[j].construct;
		bool skips = is_level(ours, i, theirs, j, construct);

		for (; rc == 0 && is_of(ours, i, construct); i++) {
			if (skips)
				continue;
			rc = git_revwalk_push(ahead, &ours->at[i].id);
			if (rc == 0)
				rc = git_revwalk_hide(behind, &ours->at[i].id);
		}
		for (; rc == 0 && is_of(theirs, j, construct); j++) {
			if (skips)
				continue;
			rc = git_revwalk_push(behind, &theirs->at[j].id);
			if (rc == 0)
				rc = git_revwalk_hide(ahead,
						      &theirs->at[j].id);
		}
	}
	return rc;
}

static int count(git_revwalk *walk, uint64_t *out)
{
	git_oid id;
	int rc = 0;

	*out = 0;
	while (rc == 0) {
		rc = git_revwalk_next(&id, walk);
		*out += rc == 0;
	}
	return rc == GIT_ITEROVER ? 0 : rc;
}

/* Constructs that stand alike are not walked: mostly that is all of them. */
static int count_between(git_repository *repo, const struct head_list *ours,
			 const struct head_list *theirs, uint64_t *out_ahead,
			 uint64_t *out_behind, struct err *err)
{
	git_revwalk *ahead = NULL, *behind = NULL;
	int rc = git_revwalk_new(&ahead, repo);

	if (rc == 0)
		rc = git_revwalk_new(&behind, repo);
	if (rc == 0)
		rc = push_differing(ahead, behind, ours, theirs);
	if (rc == 0)
		rc = count(ahead, out_ahead);
	if (rc == 0)
		rc = count(behind, out_behind);
	git_revwalk_free(ahead);
	git_revwalk_free(behind);
	return rc < 0 ? repo_failed(err, rc, "cannot count versions") : 0;
}

int remote_distance(struct vault *vault, const char *name,
		    const struct head_list *ours, uint64_t *out_ahead,
		    uint64_t *out_behind, struct err *err)
{
	struct store *store = vault->store;
	struct head_list theirs = HEAD_LIST_INIT;
	struct buf url = BUF_INIT(PATH_TEXT_MAX);
	char prefix[REMOTE_NAME_MAX + 16];
	int rc = remote_url(vault, name, &url, err);

	buf_release(&url);
	snprintf(prefix, sizeof(prefix), "refs/remotes/%s/", name);
	if (rc == 0)
		rc = heads_list(store, prefix, NULL, &theirs, NULL, err);
	if (rc == 0)
		rc = count_between(store_repository(store), ours, &theirs,
				   out_ahead, out_behind, err);
	head_list_release(&theirs);
	return rc;
}
