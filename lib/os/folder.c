#include "lib/os/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/os/temp.h"

#define DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

int folder_open(struct folder *out, const char *path, struct err *err)
{
	struct folder folder = { open(path, DIR_FLAGS), strdup(path) };
	int rc = 0;

	if (folder.fd < 0)
		rc = err_errno(err, "cannot open folder '%s'", path);
	else if (!folder.path)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		folder_release(&folder);
	else
		*out = folder;
	return rc;
}

void folder_release(struct folder *folder)
{
	if (folder->fd >= 0)
		close(folder->fd);
	free(folder->path);
	*folder = (struct folder)FOLDER_INIT;
}

static bool is_link(const struct folder *folder, const char *name)
{
	struct stat st;

	return fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISLNK(st.st_mode);
}

static int enter_error(const struct folder *folder, const char *name,
		       struct err *err)
{
	int code = errno;

	if ((code == ELOOP || code == ENOTDIR) && is_link(folder, name))
		return err_set(err, ERR_DENIED, "'%s/%s' is a symbolic link "
			       "and no folder of its own", folder->path, name);
	errno = code;
	return err_errno(err, "cannot open folder '%s/%s'", folder->path,
			 name);
}

/* One component; takes the place of *at. */
static int enter_one(struct folder *at, const char *name, bool may_make,
		     struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int fd = openat(at->fd, name, DIR_FLAGS | O_NOFOLLOW);
	int rc;

	if (fd < 0 && errno == ENOENT && may_make) {
		if (mkdirat(at->fd, name, 0777) < 0 && errno != EEXIST)
			return err_errno(err, "cannot make folder '%s/%s'",
					 at->path, name);
		fd = openat(at->fd, name, DIR_FLAGS | O_NOFOLLOW);
	}
	if (fd < 0)
		return enter_error(at, name, err);
	rc = path_join(&path, at->path, name, err);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	close(at->fd);
	free(at->path);
	at->fd = fd;
	at->path = path.data;	/* the memory changes hands */
	return 0;
}

int folder_enter(const struct folder *base, const char *inner, bool may_make,
		 struct folder *out, struct err *err)
{
	struct folder at = { openat(base->fd, ".", DIR_FLAGS),
			     strdup(base->path) };
	char name[256];
	size_t len;
	int rc = 0;

	if (at.fd < 0)
		rc = err_errno(err, "cannot open folder '%s'", base->path);
	else if (!at.path)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	while (rc == 0 && *inner) {
		len = strcspn(inner, "/");
		if (len >= sizeof(name)) {
			rc = err_set(err, ERR_LIMIT, "a name in '%s' is too "
				     "long", base->path);
			break;
		}
		memcpy(name, inner, len);
		name[len] = '\0';
		rc = enter_one(&at, name, may_make, err);
		inner += len;
		inner += strspn(inner, "/");
	}
	if (rc < 0)
		folder_release(&at);
	else
		*out = at;
	return rc;
}

bool folder_has(const struct folder *folder, const char *name)
{
	struct stat st;

	return fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int folder_file(const struct folder *folder, const char *name, int *out_fd,
		struct stat *out_stat, struct err *err)
{
	int fd = openat(folder->fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
			O_NONBLOCK | O_NOCTTY);
	int rc = 0;

	if (fd < 0 && errno == ELOOP)
		return err_set(err, ERR_DENIED, "'%s/%s' is a symbolic link",
			       folder->path, name);
	if (fd < 0)
		return err_errno(err, "cannot open '%s/%s'", folder->path,
				 name);
	if (fstat(fd, out_stat) < 0)
		rc = err_errno(err, "cannot look at '%s/%s'", folder->path,
			       name);
	else if (!S_ISREG(out_stat->st_mode))
		rc = err_set(err, ERR_DENIED, "'%s/%s' is no regular file",
			     folder->path, name);
	if (rc < 0)
		close(fd);
	else
		*out_fd = fd;
	return rc;
}

int folder_read(const struct folder *folder, const char *name,
		struct buf *out, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	struct stat st;
	int fd;
	int rc = folder_file(folder, name, &fd, &st, err);

	if (rc < 0)
		return rc;
	rc = path_join(&path, folder->path, name, err);
	if (rc == 0)
		rc = file_read_fd(fd, buf_text(&path), out->max - out->len,
				  out, err);
	close(fd);
	buf_release(&path);
	return rc;
}

int folder_each(const struct folder *folder,
		int (*each)(void *context, const char *name,
			    enum dir_kind kind, struct err *err),
		void *context, struct err *err)
{
	int fd = openat(folder->fd, ".", DIR_FLAGS);

	if (fd < 0)
		return err_errno(err, "cannot open folder '%s'",
				 folder->path);
	return dir_each_fd(fd, folder->path, each, context, err);
}

int folder_sync(const struct folder *folder, struct err *err)
{
	/* Some file systems cannot sync a folder and say EINVAL. */
	if (fsync(folder->fd) < 0 && errno != EINVAL)
		return err_errno(err, "cannot sync folder '%s'",
				 folder->path);
	return 0;
}

int temp_file_open(struct temp_file *file, const struct folder *folder,
		   const char *prefix, mode_t mode, struct err *err)
{
	struct buf name = BUF_INIT(sizeof(file->name) - 1);
	struct err reason = ERR_INIT;
	int fd = temp_make(&name, folder->fd, ".", prefix, mode, &reason);

	if (fd < 0) {
		err_set(err, (enum err_code)fd, "cannot make a file in '%s': "
			"%s", folder->path, reason.text);
	} else {
		file->folder = folder;
		file->fd = fd;
		snprintf(file->name, sizeof(file->name), "%s",
			 buf_text(&name));
	}
	buf_release(&name);
	return fd < 0 ? fd : 0;
}

int temp_file_open_as(struct temp_file *file, const struct folder *folder,
		      const char *name, mode_t mode, struct err *err)
{
	struct err reason = ERR_INIT;
	int fd = temp_open(folder->fd, name, mode, &reason);

	if (fd < 0)
		return err_set(err, (enum err_code)fd, "cannot make a file in "
			       "'%s': %s", folder->path, reason.text);
	file->folder = folder;
	file->fd = fd;
	snprintf(file->name, sizeof(file->name), "%s", name);
	return 0;
}

int temp_file_publish(struct temp_file *file, const char *name,
		      struct err *err)
{
	const struct folder *folder = file->folder;
	int fd = file->fd;

	if (fsync(fd) < 0)
		return err_errno(err, "cannot write '%s/%s'", folder->path,
				 name);
	/* Renamed while it is locked, so that no sweep comes in between. */
	if (renameat(folder->fd, file->name, folder->fd, name) < 0)
		return err_errno(err, "cannot publish '%s/%s'", folder->path,
				 name);
	file->name[0] = '\0';
	file->fd = -1;
	if (close(fd) < 0)
		return err_errno(err, "cannot write '%s/%s'", folder->path,
				 name);
	return 0;
}

void temp_file_release(struct temp_file *file)
{
	if (file->name[0])
		unlinkat(file->folder->fd, file->name, 0);
	if (file->fd >= 0)
		close(file->fd);
	*file = (struct temp_file)TEMP_FILE_INIT;
}

struct sweep {
	const struct folder *folder;
	const char *prefix;
};

static int sweep_one(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	const struct sweep *sweep = context;

	(void)err;
	if (kind == DIR_KIND_FILE && temp_is_ours(name, sweep->prefix))
		temp_sweep(sweep->folder->fd, name);
	return 0;
}

void folder_sweep(const struct folder *folder, const char *prefix)
{
	struct sweep sweep = { folder, prefix };

	(void)!folder_each(folder, sweep_one, &sweep, NULL);
}
