#include "refs/vault/remotes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/nearest.h"
#include "lib/os/path.h"
#include "refs/history/construct_name.h"
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

/* There is none of that name; which one may be meant? */
static int refuse_name(struct vault *vault, const char *name, struct err *err)
{
	struct remote_list list = REMOTE_LIST_INIT;
	struct nearest nearest = NEAREST_INIT(name);
	size_t i;
	int rc = remote_list(vault, &list, NULL);

	for (i = 0; rc == 0 && i < list.n; i++)
		nearest_try(&nearest, span_str(list.at[i].name));
	rc = nearest.found.at ?
	     err_set(err, ERR_NOT_FOUND, "no remote '%s'; is '%s' meant?",
		     name, nearest.found.at) :
	     err_set(err, ERR_NOT_FOUND, "no remote '%s'", name);
	remote_list_release(&list);
	return rc;
}

static void key_of(const char *name, char out[KEY_MAX])
{
	snprintf(out, KEY_MAX, "remote.%s.url", name);
}

int remote_url(struct vault *vault, const char *name, struct buf *out,
	       struct err *err)
{
	struct err reason = ERR_INIT;
	char key[KEY_MAX];
	int rc = remote_name_check(name, err);

	if (rc < 0)
		return rc;
	key_of(name, key);
	rc = repo_setting(vault->store, key, out, &reason);
	if (rc == ERR_NOT_FOUND && !reason.code)
		return refuse_name(vault, name, err);
	return err_copy(err, rc, &reason);
}

int remote_url_set(struct vault *vault, const char *name, const char *url,
		   struct err *err)
{
	struct buf before = BUF_INIT(PATH_TEXT_MAX);
	char key[KEY_MAX];
	bool has_before;
	int rc;

	has_before = remote_url(vault, name, &before, NULL) == 0;
	key_of(name, key);
	rc = repo_setting_put(vault->store, key, url, err);
	if (rc == 0 && vault->calls.readdressed)
		vault->calls.readdressed(vault->calls.arg, name, has_before ?
					 buf_text(&before) : NULL, url);
	buf_release(&before);
	return rc;
}

/* remote.<name>.url; names that we would not have made are not ours. */
static int list_entry(void *arg, const char *key, const char *value,
		      struct err *err)
{
	struct remote_list *out = arg;
	size_t len = strlen(key) - strlen("remote..url");
	struct remote_info *info;
	char name[REMOTE_NAME_MAX];
	int rc;

	if (len >= sizeof(name))
		return 0;
	memcpy(name, key + strlen("remote."), len);
	name[len] = '\0';
	if (remote_name_check(name, NULL) < 0 ||
	    (out->n && !strcmp(out->at[out->n - 1].name, name)))
		return 0;
	rc = array_room(out, err);
	if (rc < 0)
		return rc;
	info = &out->at[out->n++];
	*info = (struct remote_info){ "", BUF_INIT(PATH_TEXT_MAX) };
	memcpy(info->name, name, len + 1);
	return buf_add_str(&info->url, value, err);
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
	int rc = repo_settings_each(vault->store, "remote.?*.url",
				    list_entry, &list, err);

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

int remote_each(struct vault *vault,
		int (*each)(void *arg, const char *name, struct err *err),
		void *arg, struct err *err)
{
	struct remote_list list = REMOTE_LIST_INIT;
	size_t i;
	int rc = remote_list(vault, &list, err);

	for (i = 0; rc == 0 && i < list.n; i++)
		rc = each(arg, list.at[i].name, err);
	remote_list_release(&list);
	return rc;
}
