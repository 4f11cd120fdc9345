#include "refs/remote/remote_internal.h"

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

#define KEY_MAX (REMOTE_NAME_MAX + 16)

int remote_name_check(const char *name, struct err *err)
{
	struct err reason = ERR_INIT;

	if (construct_name_check(span_str(name), &reason) == 0)
		return 0;
	return err_set(err, ERR_INVALID, "not a name for a remote: '%s' (1 to "
		       "%d of a-z, 0-9, '.', '_' and '-')", name,
		       REMOTE_NAME_MAX - 1);
}

static void key_of(const char *name, char out[KEY_MAX])
{
	snprintf(out, KEY_MAX, "remote.%s.url", name);
}

static int config_open(struct vault *vault, git_config **out, struct err *err)
{
	int rc = git_repository_config(out, store_repository(vault->store));

	if (rc < 0)
		return repo_failed(err, rc, "cannot open the configuration");
	return 0;
}

int remote_url(struct vault *vault, const char *name, struct buf *out,
	       struct err *err)
{
	git_config *config = NULL;
	git_config *now = NULL;
	const char *value;
	char key[KEY_MAX];
	int rc, found;

	rc = remote_name_check(name, err);
	if (rc == 0)
		rc = config_open(vault, &config, err);
	if (rc < 0)
		return rc;
	key_of(name, key);
	found = git_config_snapshot(&now, config);
	if (found == 0)
		found = git_config_get_string(&value, now, key);
	if (found == GIT_ENOTFOUND)
		rc = err_set(err, ERR_NOT_FOUND, "no remote '%s'", name);
	else if (found < 0)
		rc = repo_failed(err, found, "cannot read the configuration");
	else
		rc = buf_add_str(out, value, err);
	git_config_free(now);
	git_config_free(config);
	return rc;
}

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
	git_config *config = NULL;
	char key[KEY_MAX];
	int rc, done;

	rc = remote_name_check(name, err);
	if (rc == 0)
		rc = url_settle(url, &settled, err);
	if (rc < 0)
		goto out;
	rc = remote_url(vault, name, &known, &reason);
	if (rc != ERR_NOT_FOUND) {
		rc = rc < 0 ? err_set(err, rc, "%s", reason.text) :
			      err_set(err, ERR_EXISTS,
				      "there is a remote '%s'", name);
		goto out;
	}
	rc = config_open(vault, &config, err);
	if (rc < 0)
		goto out;
	key_of(name, key);
	ref_lock_await(vault->path, "config");
	done = git_config_set_string(config, key, buf_text(&settled));
	if (done < 0)
		rc = repo_failed(err, done, "cannot write the configuration");
out:
	git_config_free(config);
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
	int rc;

	rc = vault_local_path(vault, "remotes", &root, err);
	if (rc == 0)
		rc = side_path(vault, name, &path, err);
	if (rc == 0)
		rc = dir_remove_all(buf_text(&root), buf_text(&path), err);
	buf_release(&path);
	buf_release(&root);
	return rc;
}

/* The configuration goes last: a removal that was cut short can be repeated. */
int remote_remove(struct vault *vault, const char *name, struct err *err)
{
	struct buf url = BUF_INIT(PATH_TEXT_MAX);
	git_config *config = NULL;
	char key[KEY_MAX];
	int rc, done;

	rc = remote_url(vault, name, &url, err);
	if (rc == 0)
		rc = side_remove(vault, name, err);
	if (rc == 0)
		rc = tracking_remove(vault, name, err);
	if (rc == 0)
		rc = marks_remove(vault, name, err);
	if (rc == 0)
		rc = config_open(vault, &config, err);
	if (rc < 0)
		goto out;
	key_of(name, key);
	ref_lock_await(vault->path, "config");
	done = git_config_delete_multivar(config, key, ".*");
	if (done < 0)
		rc = repo_failed(err, done, "cannot write the configuration");
out:
	git_config_free(config);
	buf_release(&url);
	return rc;
}

struct listing {
	struct remote_list *out;
	struct err *err;
	int rc;
};

/* remote.<name>.url; names that we would not have made are not ours. */
static int list_entry(const git_config_entry *entry, void *payload)
{
	struct listing *listing = payload;
	struct remote_list *out = listing->out;
	size_t len = strlen(entry->name) - strlen("remote..url");
	struct remote_info *info;
	void *list = out->at;
	char name[REMOTE_NAME_MAX];

	if (len >= sizeof(name))
		return 0;
	memcpy(name, entry->name + strlen("remote."), len);
	name[len] = '\0';
	if (remote_name_check(name, NULL) < 0 ||
	    (out->n && !strcmp(out->at[out->n - 1].name, name)))
		return 0;
	listing->rc = array_grow(&list, &out->cap, out->n, sizeof(*info),
				 listing->err);
	out->at = list;
	if (listing->rc < 0)
		return -1;
	info = &out->at[out->n++];
	*info = (struct remote_info){ "", BUF_INIT(PATH_TEXT_MAX) };
	memcpy(info->name, name, len + 1);
	listing->rc = buf_add_str(&info->url, entry->value, listing->err);
	return listing->rc < 0 ? -1 : 0;
}

static int by_name(const void *a, const void *b)
{
	const struct remote_info *one = a;
	const struct remote_info *two = b;

	return strcmp(one->name, two->name);
}

int remote_list(struct vault *vault, struct remote_list *out, struct err *err)
{
	struct remote_list list = REMOTE_LIST_INIT;
	struct listing listing = { &list, err, 0 };
	git_config *config = NULL;
	int rc, done;

	rc = config_open(vault, &config, err);
	if (rc < 0)
		return rc;
	done = git_config_foreach_match(config, "^remote\\..+\\.url$",
					list_entry, &listing);
	git_config_free(config);
	if (listing.rc < 0)
		rc = listing.rc;
	else if (done < 0)
		rc = repo_failed(err, done, "cannot read the configuration");
	if (rc < 0) {
		remote_list_release(&list);
		return rc;
	}
	if (list.n > 1)
		qsort(list.at, list.n, sizeof(*list.at), by_name);
	*out = list;
	return 0;
}

void remote_list_release(struct remote_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		buf_release(&list->at[i].url);
	free(list->at);
	*list = (struct remote_list)REMOTE_LIST_INIT;
}
