#include "refs/remote/exchange/exchange_internal.h"

static int look_there(struct trip *trip, git_repository *repo,
		      struct head_list *out, struct err *err)
{
	git_remote *remote = NULL;
	int rc = trip_connect(trip, repo, GIT_DIRECTION_FETCH, &remote, err);

	if (rc == 0)
		rc = trip_heads(trip, remote, out, err);
	if (remote)
		git_remote_disconnect(remote);
	git_remote_free(remote);
	return rc;
}

int heads_look(struct trip *trip, git_repository *repo, struct head_list *out,
	       struct err *err)
{
	struct folder git_dir = FOLDER_INIT;
	int rc;

	if (trip->url.kind != REMOTE_PATH)
		return look_there(trip, repo, out, err);
	rc = local_open(trip, false, &git_dir, err);
	if (rc == 0)
		rc = local_heads(trip, &git_dir, false, out, err);
	folder_release(&git_dir);
	return rc;
}
