#include "refs/remote/exchange/exchange_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refs/remote/transport/receive.h"

/*
 * Constructs are downloaded one by one where something of theirs is known
 * already, because libgit2 is content with the first common version that it
 * finds, and constructs have none in common. Beyond this many, at once.
 */
#define TALKS_MAX 64

struct talk {
	struct trip *trip;
	struct side *side;
	git_repository *repo;
	git_remote *remote;		/* connected, or NULL */
	const struct head_list *theirs;
};

static void hang_up(struct talk *talk)
{
	if (talk->remote)
		git_remote_disconnect(talk->remote);
	git_remote_free(talk->remote);
	talk->remote = NULL;
}

static int open_repository(struct talk *talk, struct err *err)
{
	int rc = git_repository_open_bare(&talk->repo,
					  buf_text(&talk->side->path));

	if (rc < 0)
		return trip_failed(talk->trip, rc, "cannot open the side "
				   "repository", err);
	return receive_guarded(talk->trip, talk->repo, err);
}

static struct head *network_find(struct head_list *list,
				 const struct head *head)
{
	return (struct head *)head_find(list, head);
}

/* Those of ours that the other side has exactly so. */
static int add_shared(const struct head_list *ours,
		      const struct head_list *theirs, struct head_list *out,
		      struct err *err)
{
	const struct head *match;
	struct head *known;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < ours->n; i++) {
		match = head_list_find(theirs, &ours->at[i]);
		if (!match || !git_oid_equal(&match->id, &ours->at[i].id))
			continue;
		known = network_find(out, match);
		if (known)
			known->id = match->id;
		else
			rc = head_list_add(out, match, err);
	}
	return rc;
}

/*
 * What to say "have" of: what the other side had last, and what it has now
 * and the vault too; with neither, the vault's own heads, for they may be
 * close.
 */
static int tips_of(struct talk *talk, const char *construct,
		   struct head_list *out, struct err *err)
{
	struct side *side = talk->side;
	struct head_list ours = HEAD_LIST_INIT;
	size_t i;
	int rc;

	if (side->is_blank)
		return 0;
	rc = heads_list(side->vault->store, HEADS_PREFIX, construct, &ours,
			NULL, err);
	for (i = 0; rc == 0 && i < side->seen.n; i++) {
		if (!strcmp(side->seen.at[i].construct, construct))
			rc = head_list_add(out, &side->seen.at[i], err);
	}
	if (rc == 0)
		rc = add_shared(&ours, talk->theirs, out, err);
	for (i = 0; rc == 0 && !side->seen.n && i < ours.n; i++) {
		if (!network_find(out, &ours.at[i]))
			rc = head_list_add(out, &ours.at[i], err);
	}
	head_list_sort(out);
	head_list_release(&ours);
	return rc;
}

static int download_specs(struct talk *talk, const git_strarray *specs,
			  struct err *err)
{
	git_fetch_options options;
	int rc;

	git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
	trip_callbacks(talk->trip, &options.callbacks);
	options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
	options.update_fetchhead = 0;
	options.follow_redirects = GIT_REMOTE_REDIRECT_INITIAL;
	rc = git_remote_download(talk->remote, specs, &options);
	if (rc < 0)
		return trip_failed(talk->trip, rc, "cannot fetch", err);
	return 0;
}

/* One download of these heads; the connection serves once. */
static int download(struct talk *talk, const struct head_list *wanted,
		    const struct head_list *tips, struct err *err)
{
	git_strarray specs = { NULL, 0 };
	size_t i;
	int rc = side_negotiate(talk->side, tips, err);

	if (rc == 0 && !talk->remote)
		rc = trip_connect(talk->trip, talk->repo, GIT_DIRECTION_FETCH,
				  &talk->remote, err);
	if (rc < 0)
		return rc;
	specs.strings = calloc(wanted->n, sizeof(*specs.strings));
	if (!specs.strings)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < wanted->n; i++, specs.count++)
		rc = trip_spec("+" HEADS_PREFIX, "refs/incoming/",
			       &wanted->at[i], &specs.strings[i]);
	if (rc < 0)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	else
		rc = download_specs(talk, &specs, err);
	for (i = 0; i < specs.count; i++)
		free(specs.strings[i]);
	free(specs.strings);
	hang_up(talk);
	return rc;
}

/* The heads of one construct from `at` on, which moves behind them. */
static int group_take(const struct head_list *wanted, size_t *at,
		      struct head_list *out, struct err *err)
{
	const char *construct = wanted->at[*at].construct;
	int rc = 0;

	while (rc == 0 && *at < wanted->n &&
	       !strcmp(wanted->at[*at].construct, construct))
		rc = head_list_add(out, &wanted->at[(*at)++], err);
	return rc;
}

static int download_groups(struct talk *talk, const struct head_list *wanted,
			   struct err *err)
{
	struct head_list rest = HEAD_LIST_INIT;
	struct head_list rest_tips = HEAD_LIST_INIT;
	size_t talks = 0;
	size_t at = 0;
	size_t i;
	int rc = 0;

	while (rc == 0 && at < wanted->n) {
		struct head_list group = HEAD_LIST_INIT;
		struct head_list tips = HEAD_LIST_INIT;

		rc = group_take(wanted, &at, &group, err);
		if (rc == 0)
			rc = tips_of(talk, group.at[0].construct, &tips, err);
		if (rc == 0 && tips.n && talks++ < TALKS_MAX) {
			rc = download(talk, &group, &tips, err);
		} else {
			for (i = 0; rc == 0 && i < group.n; i++)
				rc = head_list_add(&rest, &group.at[i], err);
			for (i = 0; rc == 0 && i < tips.n; i++)
				rc = head_list_add(&rest_tips, &tips.at[i],
						   err);
		}
		head_list_release(&group);
		head_list_release(&tips);
	}
	if (rc == 0 && rest.n)
		rc = download(talk, &rest, &rest_tips, err);
	head_list_release(&rest);
	head_list_release(&rest_tips);
	return rc;
}

static int wanted_of(struct side *side, const struct head_list *theirs,
		     struct head_list *out, struct err *err)
{
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < theirs->n; i++) {
		if (!store_has(side->store, &theirs->at[i].id) &&
		    !side_refuses(side, &theirs->at[i]))
			rc = head_list_add(out, &theirs->at[i], err);
	}
	return rc;
}

int network_fetch(struct trip *trip, struct side *side, struct head_list *out,
		  struct err *err)
{
	struct talk talk = { trip, side, NULL, NULL, out };
	struct head_list wanted = HEAD_LIST_INIT;
	int rc = open_repository(&talk, err);

	if (rc == 0)
		rc = trip_connect(trip, talk.repo, GIT_DIRECTION_FETCH,
				  &talk.remote, err);
	if (rc == 0)
		rc = trip_heads(trip, talk.remote, out, err);
	if (rc == 0)
		rc = flood_bound(trip, side, out, err);
	if (rc == 0)
		rc = wanted_of(side, out, &wanted, err);
	if (rc == 0)
		rc = download_groups(&talk, &wanted, err);
	hang_up(&talk);
	head_list_release(&wanted);
	git_repository_free(talk.repo);
	return rc;
}
