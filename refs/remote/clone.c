#include "refs/remote/remote_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "refs/history/history.h"
#include "refs/history/repo.h"
#include "refs/history/version.h"
#include "refs/trust/open.h"

#define ORIGIN "origin"
#define TEMP_PREFIX ".vvault-clone-"
#define TEMP_LOCK "lock"
#define SWEEP_SECONDS 60	/* a call takes its lock long before that */

/* A vault in the making, beside the place where it is to be. */
struct clone {
	char *path;			/* without slashes at its end */
	const struct clone_options *options;
	struct buf parent;
	struct buf temp;
	struct buf repo;		/* <temp>/vault */
	struct buf made;		/* topmost folder made for it, or "" */
	struct buf keys;		/* <temp>/keys, where the key is new */
	struct lock lock;		/* of temp: a living call is at it */
	struct vault *vault;
};

static int any_entry(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	(void)name;
	(void)kind;
	return err_set(err, ERR_EXISTS, "the folder '%s' is not empty",
		       (const char *)context);
}

static int place_check(const char *path, struct err *err)
{
	if (!*path)
		return err_set(err, ERR_INVALID, "no folder to clone to");
	if (!file_exists(path))
		return 0;
	if (!file_is_dir(path))
		return err_set(err, ERR_EXISTS, "'%s' is not a folder", path);
	return dir_each(path, any_entry, (void *)(uintptr_t)path, err);
}

/*
 * The key of this device, or, where there is none, a new one that lies in the
 * temporary folder until the clone stands: a failure leaves no key.
 */
static int device_find(struct clone *clone, struct err *err)
{
	struct err reason = ERR_INIT;
	struct device_key key;
	int rc;

	if (!clone->options->keys_folder)
		return err_set(err, ERR_INVALID, "no folder for keys");
	if (clone->options->device)
		return 0;
	rc = device_key_load(clone->options->keys_folder, &key, &reason);
	if (rc == ERR_NOT_FOUND) {
		err_clear(&reason);
		rc = path_join(&clone->keys, buf_text(&clone->temp), "keys",
			       &reason);
		if (rc == 0)
			rc = device_key_generate(&key, &reason);
		if (rc == 0)
			rc = device_key_save(buf_text(&clone->keys), &key,
					     &reason);
	}
	device_key_wipe(&key);
	return err_copy(err, rc, &reason);
}

static int device_keep(const struct clone *clone, struct err *err)
{
	struct err reason = ERR_INIT;
	struct device_key key;
	int rc;

	if (!clone->keys.len)
		return 0;
	rc = device_key_load(buf_text(&clone->keys), &key, &reason);
	if (rc == 0)
		rc = device_key_save(clone->options->keys_folder, &key,
				     &reason);
	device_key_wipe(&key);
	/* Another program was faster: its key is the device's. */
	if (rc < 0 && rc != ERR_EXISTS)
		return err_copy(err, rc, &reason);
	return 0;
}

static const char *keys_of(const struct clone *clone)
{
	return clone->keys.len ? buf_text(&clone->keys) :
				 clone->options->keys_folder;
}

/* One of ours, of some age, that no living call holds. */
static int sweep_one(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	const char *parent = context;
	struct buf path = PATH_BUF_INIT;
	struct buf file = PATH_BUF_INIT;
	struct lock lock = LOCK_INIT;
	struct stat st;

	(void)err;
	if (kind == DIR_KIND_DIR &&
	    !strncmp(name, TEMP_PREFIX, strlen(TEMP_PREFIX)) &&
	    path_join(&path, parent, name, NULL) == 0 &&
	    path_join(&file, buf_text(&path), TEMP_LOCK, NULL) == 0 &&
	    lstat(buf_text(&file), &st) == 0 && st.st_uid == geteuid() &&
	    time(NULL) - st.st_mtime >= SWEEP_SECONDS &&
	    lock_take(&lock, buf_text(&file), 0, NULL) == 0)
		(void)!dir_remove_all(parent, buf_text(&path), NULL);
	lock_release(&lock);
	buf_release(&file);
	buf_release(&path);
	return 0;
}

/* What killed calls left here could be as large as a vault. */
static int temp_make(struct clone *clone, struct err *err)
{
	struct buf file = PATH_BUF_INIT;
	char *parent = clone->parent.data;
	int rc;

	(void)!dir_each(parent, sweep_one, parent, NULL);
	rc = dir_make_temp(parent, TEMP_PREFIX, &clone->temp, err);
	if (rc == 0)
		rc = path_join(&file, buf_text(&clone->temp), TEMP_LOCK, err);
	if (rc == 0)
		rc = lock_take(&clone->lock, buf_text(&file), 0, err);
	buf_release(&file);
	return rc;
}

static int repo_make(struct clone *clone, const char *url, struct err *err)
{
	const struct vault_calls calls = { .device = clone->options->device };
	int rc = path_parent(&clone->parent, clone->path, err);

	if (rc == 0 && !clone->parent.len)
		rc = buf_add_char(&clone->parent, '.', err);
	if (rc == 0)
		rc = dir_make_all_new(buf_text(&clone->parent), 0700,
				      &clone->made, err);
	if (rc == 0)
		rc = temp_make(clone, err);
	if (rc == 0)
		rc = device_find(clone, err);
	if (rc == 0)
		rc = path_join(&clone->repo, buf_text(&clone->temp), "vault",
			       err);
	if (rc == 0)
		rc = store_create(buf_text(&clone->repo), err);
	if (rc == 0)
		rc = vault_lay_local(buf_text(&clone->repo), "", err);
	if (rc == 0)
		rc = vault_open_told(buf_text(&clone->repo), keys_of(clone),
				     &calls, &clone->vault, err);
	return rc < 0 ? rc : remote_add(clone->vault, ORIGIN, url, err);
}

/* Nothing of `vault` came through: why? */
static int explain(const struct sync_report *report, const char *url,
		   struct err *err)
{
	const struct problem *problem = report->problems.at;

	if (!report->n)
		return err_set(err, ERR_NOT_FOUND, "'%s' holds no vault", url);
	if (!report->problems.n)
		return err_set(err, ERR_UNTRUSTED, "'%s' holds no head of "
			       "'%s'", url, VAULT_CONSTRUCT);
	return err_set(err, ERR_UNTRUSTED, "'%s' is refused: %s: %s", url,
		       problem->code, problem->message);
}

/* HEAD names the creator's ref, so that plain git shows something. */
static int head_set(struct vault *vault, struct err *err)
{
	char device[DID_SHORT_MAX], name[REF_NAME_MAX];
	struct version version;
	git_oid id = vault->vault_heads[0];
	int rc;

	version_init(&version);
	do {
		rc = version_read(vault->store, &id, &version, err);
		if (rc == 0 && version.parents_n)
			id = version.parents[0];
	} while (rc == 0 && version.parents_n);
	if (rc == 0) {
		did_short(version.device, device);
		rc = head_ref_name(HEADS_PREFIX, VAULT_CONSTRUCT, device, name,
				   err);
	}
	version_release(&version);
	return rc < 0 ? rc : repo_set_head(vault->store, name, err);
}

static int fill(struct clone *clone, const char *url,
		struct sync_report *report, struct err *err)
{
	struct remote_fetch_options options = {
		&clone->options->limits, clone->options->calls,
		clone->options->expected_vault_id, false
	};
	struct vault *vault = clone->vault;
	int rc = fetch_with(vault, ORIGIN, &options, report, err);

	if (rc == 0 && !vault->vault_heads_n)
		rc = explain(report, url, err);
	if (rc == 0 && options.expected_vault_id &&
	    strcmp(options.expected_vault_id, vault->state.vault_id))
		rc = err_set(err, ERR_UNTRUSTED, "'%s' is the vault %s and "
			     "not %s", url, vault->state.vault_id,
			     options.expected_vault_id);
	if (rc == 0)
		rc = head_set(vault, err);
	return rc < 0 ? rc : vault_lay_local(buf_text(&clone->repo),
					     vault->state.vault_id, err);
}

/* From here on it is there, whole, under its name. */
static int settle(struct clone *clone, struct vault **out, struct err *err)
{
	const struct vault_calls calls = { .device = clone->options->device };

	vault_close(clone->vault);
	clone->vault = NULL;
	if (rename(buf_text(&clone->repo), clone->path))
		return err_errno(err, "cannot make '%s'", clone->path);
	if (dir_sync(buf_text(&clone->parent), err) < 0)
		return ERR_IO;
	return vault_open_told(clone->path, clone->options->keys_folder, &calls,
			       out, err);
}

int remote_clone(const char *url, const char *path,
		 const struct clone_options *options, struct vault **out,
		 struct sync_report *report, struct err *err)
{
	struct clone clone = {
		strdup(path), options, PATH_BUF_INIT, PATH_BUF_INIT,
		PATH_BUF_INIT, PATH_BUF_INIT, PATH_BUF_INIT, LOCK_INIT, NULL
	};
	size_t len = strlen(path);
	int rc = remote_url_check(url, NULL, err);

	if (rc == 0 && !clone.path)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	while (rc == 0 && len > 1 && clone.path[len - 1] == '/')
		clone.path[--len] = '\0';
	if (rc == 0)
		rc = place_check(clone.path, err);
	if (rc == 0)
		rc = repo_make(&clone, url, err);
	if (rc == 0)
		rc = fill(&clone, url, report, err);
	if (rc == 0)
		rc = device_keep(&clone, err);
	if (rc == 0)
		rc = settle(&clone, out, err);
	vault_close(clone.vault);
	if (clone.temp.len &&
	    dir_remove_all(buf_text(&clone.parent), buf_text(&clone.temp),
			   rc < 0 ? NULL : err) < 0 && rc == 0)
		rc = ERR_IO;
	if (rc < 0)
		dir_unmake(buf_text(&clone.parent), buf_text(&clone.made));
	lock_release(&clone.lock);
	buf_release(&clone.made);
	buf_release(&clone.keys);
	buf_release(&clone.repo);
	buf_release(&clone.temp);
	buf_release(&clone.parent);
	free(clone.path);
	return rc;
}
