#include "refs/remote/remote_internal.h"

#include <stdio.h>

#include "lib/path.h"
#include "refs/refs_internal.h"

bool is_behind(struct store *store, const git_oid *a, const git_oid *b)
{
	if (git_oid_equal(a, b))
		return true;
	return git_graph_descendant_of(store_repository(store), b, a) == 1;
}

/* Only fetch and push of this remote write here, under the side's lock. */
int tracking_set(struct vault *vault, const char *remote,
		 const struct head *head, struct err *err)
{
	git_repository *repo = store_repository(vault->store);
	char prefix[REMOTE_NAME_MAX + 16], name[REF_NAME_MAX];
	git_oid found;
	int rc, known;

	snprintf(prefix, sizeof(prefix), "refs/remotes/%s/", remote);
	rc = head_ref_name(prefix, head->construct, head->device, name, err);
	if (rc < 0)
		return rc;
	known = git_reference_name_to_id(&found, repo, name);
	if (known == 0 && git_oid_equal(&found, &head->id))
		return 0;
	return ref_swap(repo, name, known == 0 ? &found : NULL, &head->id,
			err);
}

/* Count what is reachable from one folder of refs and not from the other. */
static int count(git_repository *repo, const char *from, const char *hide,
		 uint64_t *out, struct err *err)
{
	git_revwalk *walk = NULL;
	char glob[REF_NAME_MAX];
	git_oid id;
	int rc = git_revwalk_new(&walk, repo);

	*out = 0;
	snprintf(glob, sizeof(glob), "%s*", from);
	if (rc == 0)
		rc = git_revwalk_push_glob(walk, glob);
	snprintf(glob, sizeof(glob), "%s*", hide);
	if (rc == 0)
		rc = git_revwalk_hide_glob(walk, glob);
	while (rc == 0) {
		rc = git_revwalk_next(&id, walk);
		*out += rc == 0;
	}
	git_revwalk_free(walk);
	if (rc != GIT_ITEROVER)
		return repo_failed(err, rc, "cannot count versions");
	return 0;
}

int remote_distance(struct vault *vault, const char *name,
		    uint64_t *out_ahead, uint64_t *out_behind,
		    struct err *err)
{
	git_repository *repo = store_repository(vault->store);
	struct buf url = BUF_INIT(PATH_TEXT_MAX);
	char theirs[REMOTE_NAME_MAX + 16];
	int rc = remote_url(vault, name, &url, err);

	buf_release(&url);
	snprintf(theirs, sizeof(theirs), "refs/remotes/%s/", name);
	if (rc == 0)
		rc = count(repo, HEADS_PREFIX, theirs, out_ahead, err);
	if (rc == 0)
		rc = count(repo, theirs, HEADS_PREFIX, out_behind, err);
	return rc;
}
