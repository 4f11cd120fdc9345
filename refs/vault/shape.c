#include "refs/vault/vault_internal.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/dir.h"
#include "lib/os/path.h"

/* Folders of vvault/ whose entries are folders that commands write in. */
static const char *const inner[] = { "remotes", NULL };

static int lead_elsewhere(const char *path, const char *what, struct err *err)
{
	return err_set(err, ERR_DENIED, "'%s' is %s, and vvault would write "
		       "elsewhere: look where it came from, and take it away",
		       path, what);
}

static int check_entry(void *context, const char *name, enum dir_kind kind,
		       struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc;

	if (kind == DIR_KIND_FILE || kind == DIR_KIND_DIR)
		return 0;
	rc = path_join(&path, context, name, err);
	if (rc == 0)
		rc = lead_elsewhere(buf_text(&path), kind == DIR_KIND_SYMLINK ?
				    "a symbolic link" :
				    "no file and no folder", err);
	buf_release(&path);
	return rc;
}

/* The log of operations follows no link and waits for no pipe by itself: it
 * puts them aside, tells, and begins anew (lib/os/journal.h). */
static int check_local(void *context, const char *name, enum dir_kind kind,
		       struct err *err)
{
	if (!strcmp(name, VAULT_OPERATIONS) ||
	    !strcmp(name, VAULT_OPERATIONS ".refused"))
		return 0;
	return check_entry(context, name, kind, err);
}

/* A folder of our own, and no symlink to one. */
static bool is_own_folder(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	       st.st_uid == geteuid();
}

int vault_check_own_folder(const char *path, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) < 0 || is_own_folder(path))
		return 0;
	return lead_elsewhere(path, S_ISLNK(st.st_mode) ? "a symbolic link" :
			      "no folder of your own", err);
}

int vault_check_shape(const char *path, struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	const char *const *next;
	int rc = path_join(&folder, path, VAULT_LOCAL, err);

	if (rc == 0 && !is_own_folder(buf_text(&folder)))
		rc = err_set(err, ERR_DENIED, "'%s' is no folder of your "
			     "own", buf_text(&folder));
	if (rc == 0)
		rc = dir_each(buf_text(&folder), check_local, folder.data,
			      err);
	for (next = inner; rc == 0 && *next; next++) {
		rc = local_path(&folder, path, *next, err);
		if (rc == 0 && is_own_folder(buf_text(&folder)))
			rc = dir_each(buf_text(&folder), check_entry,
				      folder.data, err);
	}
	buf_release(&folder);
	return rc;
}
