#include "refs/remote/side/tracking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
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

/* The heads of one construct on both sides. */
struct pair {
	const struct head_list *ours;
	const struct head_list *theirs;
	size_t i, j;			/* where its heads begin ... */
	size_t next_i, next_j;		/* and end */
};

static int push_heads(git_revwalk *walk, const struct head_list *heads,
		      size_t begin, size_t end, bool is_hidden)
{
	int rc = 0;

	for (; rc == 0 && begin < end; begin++)
		rc = is_hidden ? git_revwalk_hide(walk, &heads->at[begin].id) :
		     git_revwalk_push(walk, &heads->at[begin].id);
	return rc;
}

/* How many versions one side has and the other not. */
static int count(git_revwalk *walk, const struct pair *pair, bool of_ours,
		 uint64_t *out)
{
	git_oid id;
	int rc = push_heads(walk, pair->ours, pair->i, pair->next_i, !of_ours);

	if (rc == 0)
		rc = push_heads(walk, pair->theirs, pair->j, pair->next_j,
				of_ours);
	*out = 0;
	while (rc == 0) {
		rc = git_revwalk_next(&id, walk);
		*out += rc == 0;
	}
	git_revwalk_reset(walk);
	return rc == GIT_ITEROVER ? 0 : rc;
}

static int gap_add(struct remote_gaps *gaps, const struct remote_gap *gap,
		   struct err *err)
{
	int rc = gap->ahead || gap->behind ? array_room(gaps, err) : 0;

	if (rc < 0 || !(gap->ahead || gap->behind))
		return rc;
	gaps->at[gaps->n++] = *gap;
	gaps->ahead += gap->ahead;
	gaps->behind += gap->behind;
	return 0;
}

/* Constructs that stand alike are not walked: mostly that is all of them. */
static int count_between(git_repository *repo, const struct head_list *ours,
			 struct remote_gaps *out, struct err *err)
{
	struct pair pair = { ours, &out->theirs, 0, 0, 0, 0 };
	git_revwalk *walk = NULL;
	int failed = git_revwalk_new(&walk, repo);
	int rc = 0;

	for (; rc == 0 && failed == 0 &&
	       (pair.i < ours->n || pair.j < pair.theirs->n);
	     pair.i = pair.next_i, pair.j = pair.next_j) {
		struct remote_gap gap = { NULL, 0, 0 };

		gap.construct = pair.j == pair.theirs->n ||
			(pair.i < ours->n &&
			 strcmp(ours->at[pair.i].construct,
				pair.theirs->at[pair.j].construct) < 0) ?
				ours->at[pair.i].construct :
				pair.theirs->at[pair.j].construct;
		while (is_of(ours, pair.next_i, gap.construct))
			pair.next_i++;
		while (is_of(pair.theirs, pair.next_j, gap.construct))
			pair.next_j++;
		if (is_level(ours, pair.i, pair.theirs, pair.j,
			     gap.construct))
			continue;
		/* Of what is only here, all is to push. */
		if (pair.j == pair.next_j && out->known)
			gap.ahead = out->known(out->arg, gap.construct);
		if (!gap.ahead)
			failed = count(walk, &pair, true, &gap.ahead);
		if (failed == 0 && pair.j < pair.next_j)
			failed = count(walk, &pair, false, &gap.behind);
		if (failed == 0)
			rc = gap_add(out, &gap, err);
	}
	git_revwalk_free(walk);
	return failed < 0 ? repo_failed(err, failed, "cannot count versions") :
	       rc;
}

void remote_gaps_release(struct remote_gaps *gaps)
{
	free(gaps->at);
	head_list_release(&gaps->theirs);
	memset(gaps, 0, sizeof(*gaps));
}

int remote_distance(struct vault *vault, const char *name,
		    const struct head_list *ours, struct remote_gaps *out,
		    struct err *err)
{
	struct store *store = vault->store;
	struct buf url = BUF_INIT(PATH_TEXT_MAX);
	char prefix[REMOTE_NAME_MAX + 16];
	int rc = remote_url(vault, name, &url, err);

	buf_release(&url);
	snprintf(prefix, sizeof(prefix), "refs/remotes/%s/", name);
	if (rc == 0)
		rc = heads_list(store, prefix, NULL, &out->theirs, NULL, err);
	out->is_seen = out->theirs.n > 0;
	if (rc == 0)
		rc = count_between(store_repository(store), ours, out, err);
	return rc;
}
