#include "refs/remote/remote.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "refs/history/repo.h"
#include "refs/remote/side/side.h"
#include "refs/trust/marks.h"

#define RENAME_LOCK_MS 10000

/* A path means the same from wherever the vault is used later. */
static int url_settle(const char *url, struct buf *out, struct err *err)
{
	enum remote_kind kind;
	int rc = remote_url_check(url, &kind, err);

	if (rc == 0)
		rc = buf_add_str(out, url, err);
	if (rc < 0 || kind != REMOTE_PATH || url[0] == '/' ||
	    !strncmp(url, "file://", 7))
		return rc;
	rc = file_settle(out, err);
	return rc < 0 ? rc : remote_url_check(buf_text(out), NULL, err);
}

int remote_add(struct vault *vault, const char *name, const char *url,
	       struct err *err)
{
	struct buf known = BUF_INIT(REMOTE_URL_MAX);
	struct buf settled = BUF_INIT(PATH_TEXT_MAX);
	struct err reason = ERR_INIT;
	int rc = remote_name_check(name, err);

	if (rc == 0)
		rc = url_settle(url, &settled, err);
	if (rc < 0)
		goto out;
	rc = remote_url(vault, name, &known, &reason);
	if (rc != ERR_NOT_FOUND) {
		rc = rc < 0 ? err_copy(err, rc, &reason) :
			      err_set(err, ERR_EXISTS,
				      "there is a remote '%s'", name);
		goto out;
	}
	rc = remote_url_set(vault, name, buf_text(&settled), err);
out:
	buf_release(&settled);
	buf_release(&known);
	return rc;
}

/* One that there is has another address from now on. */
int remote_set_url(struct vault *vault, const char *name, const char *url,
		   struct err *err)
{
	struct buf known = BUF_INIT(PATH_TEXT_MAX);
	struct buf settled = BUF_INIT(PATH_TEXT_MAX);
	int rc = remote_url(vault, name, &known, err);

	if (rc == 0)
		rc = url_settle(url, &settled, err);
	if (rc == 0)
		rc = remote_url_set(vault, name, buf_text(&settled), err);
	buf_release(&settled);
	buf_release(&known);
	return rc;
}

static int tracking_remove(struct vault *vault, const char *name,
			   struct err *err)
{
	struct store *store = vault->store;
	struct head_list list = HEAD_LIST_INIT;
	char prefix[REF_NAME_MAX], ref[REF_NAME_MAX];
	size_t i;
	int rc;

	snprintf(prefix, sizeof(prefix), "refs/remotes/%s/", name);
	rc = heads_list(store, prefix, NULL, &list, NULL, err);
	for (i = 0; rc == 0 && i < list.n; i++) {
		rc = head_ref_name(prefix, list.at[i].construct,
				   list.at[i].device, ref, err);
		if (rc == 0)
			rc = ref_delete(store, ref, &list.at[i].id, err);
	}
	head_list_release(&list);
	return rc;
}

static int side_remove(struct vault *vault, const char *name, struct err *err)
{
	struct buf root = PATH_BUF_INIT;
	struct buf path = PATH_BUF_INIT;
	int rc = vault_local_path(vault, "remotes", &root, err);

	if (rc == 0)
		rc = side_path(vault, name, &path, err);
	if (rc == 0)
		rc = dir_remove_all(buf_text(&root), buf_text(&path), err);
	buf_release(&path);
	buf_release(&root);
	return rc;
}

/* Where the remote was seen last, under its other name too. */
static int tracking_copy(struct vault *vault, const char *from, const char *to,
			 struct err *err)
{
	struct head_list list = HEAD_LIST_INIT;
	char prefix[REF_NAME_MAX];
	int rc;

	snprintf(prefix, sizeof(prefix), "refs/remotes/%s/", from);
	rc = heads_list(vault->store, prefix, NULL, &list, NULL, err);
	if (rc == 0)
		rc = tracking_set(vault, to, &list, err);
	head_list_release(&list);
	return rc;
}

/* The high-water marks go with it: what was seen stays seen. */
static int marks_copy(struct vault *vault, const char *from, const char *to,
		      struct err *err)
{
	struct marks marks = MARKS_INIT;
	int rc = marks_load(vault, from, &marks, err);

	if (rc == 0)
		rc = marks_save(vault, to, &marks, err);
	marks_release(&marks);
	return rc;
}

/* What waits in quarantine goes with it. */
static int side_rename(struct vault *vault, const char *from, const char *to,
		       struct err *err)
{
	struct buf old = PATH_BUF_INIT;
	struct buf new = PATH_BUF_INIT;
	int rc = side_path(vault, from, &old, err);

	if (rc == 0)
		rc = side_path(vault, to, &new, err);
	if (rc == 0 && rename(buf_text(&old), buf_text(&new)) < 0 &&
	    errno != ENOENT)
		rc = err_errno(err, "cannot rename '%s'", buf_text(&old));
	buf_release(&new);
	buf_release(&old);
	return rc;
}

static int lock_side(struct vault *vault, const char *name, struct lock *lock,
		     struct err *err)
{
	char inner[REMOTE_NAME_MAX + 32];

	snprintf(inner, sizeof(inner), "locks/.remote-%s", name);
	return vault_local_lock(vault, inner, RENAME_LOCK_MS, lock, err);
}

/*
 * Cut short anywhere, at least one of the two names stands whole, and the
 * other can be removed.
 */
int remote_rename(struct vault *vault, const char *from, const char *to,
		  struct err *err)
{
	struct buf url = BUF_INIT(PATH_TEXT_MAX);
	struct lock lock = LOCK_INIT;
	int rc = remote_url(vault, from, &url, err);

	if (rc == 0)
		rc = remote_add(vault, to, buf_text(&url), err);
	if (rc < 0)
		goto out;
	rc = lock_side(vault, from, &lock, err);
	if (rc == 0)
		rc = marks_copy(vault, from, to, err);
	if (rc == 0)
		rc = tracking_copy(vault, from, to, err);
	if (rc == 0)
		rc = side_rename(vault, from, to, err);
	if (rc == 0)
		rc = remote_remove(vault, from, err);
out:
	lock_release(&lock);
	buf_release(&url);
	return rc;
}

/* The configuration goes last: a removal that was cut short can be repeated. */
int remote_remove(struct vault *vault, const char *name, struct err *err)
{
	struct buf url = BUF_INIT(PATH_TEXT_MAX);
	int rc = remote_url(vault, name, &url, err);

	if (rc == 0)
		rc = side_remove(vault, name, err);
	if (rc == 0)
		rc = tracking_remove(vault, name, err);
	if (rc == 0)
		rc = marks_remove(vault, name, err);
	if (rc == 0)
		rc = remote_url_set(vault, name, NULL, err);
	buf_release(&url);
	return rc;
}

