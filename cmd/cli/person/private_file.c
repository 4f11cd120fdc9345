#include "cmd/cli/person/private_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"

#define PREFIX "vvault-edit-"
#define LOCK_NAME ".lock"
#define TEXT_MAX_BYTES ((size_t)256 << 20)

static const char *choose_parent(void)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	const char *temp = getenv("TMPDIR");

	if (runtime && *runtime == '/' && access(runtime, W_OK) == 0)
		return runtime;
	return temp && *temp ? temp : "/tmp";
}

static bool is_ours(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	       st.st_uid == geteuid() && !(st.st_mode & 077);
}

/* A folder whose lock nobody holds was left behind. */
static int sweep_one(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	const char *parent = context;
	struct buf path = PATH_BUF_INIT;
	struct buf lock_path = PATH_BUF_INIT;
	struct lock lock = LOCK_INIT;

	if (kind == DIR_KIND_DIR && span_begins(span_str(name), PREFIX) &&
	    path_join(&path, parent, name, err) == 0 &&
	    path_join(&lock_path, buf_text(&path), LOCK_NAME, err) == 0 &&
	    is_ours(buf_text(&path)) && file_exists(buf_text(&lock_path)) &&
	    lock_take(&lock, buf_text(&lock_path), 0, NULL) == 0)
		(void)!dir_remove_all(parent, buf_text(&path), NULL);
	lock_release(&lock);
	buf_release(&path);
	buf_release(&lock_path);
	return 0;
}

static int make_folder(struct private_file *file, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = dir_make_temp(file->parent, PREFIX, &file->folder, err);

	if (rc == 0)
		rc = path_join(&path, buf_text(&file->folder), LOCK_NAME, err);
	if (rc == 0)
		rc = lock_take(&file->lock, buf_text(&path), 0, err);
	buf_release(&path);
	return rc;
}

static int write_text(const char *path, struct span text, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
		      O_CLOEXEC, 0600);
	int rc;

	if (fd < 0)
		return err_errno(err, "cannot create '%s'", path);
	rc = file_write_fd(fd, path, text, err);
	if (close(fd) < 0 && rc == 0)
		rc = err_errno(err, "cannot write '%s'", path);
	return rc;
}

int private_file_make(struct private_file *file, const char *name,
		      struct span text, struct err *err)
{
	int rc;

	file->parent = choose_parent();
	(void)!dir_each(file->parent, sweep_one, (void *)file->parent, NULL);
	rc = make_folder(file, err);
	if (rc == 0)
		rc = path_join(&file->path, buf_text(&file->folder), name, err);
	return rc < 0 ? rc : write_text(buf_text(&file->path), text, err);
}

int private_file_read(const struct private_file *file, struct buf *text,
		      struct err *err)
{
	buf_reset(text);
	if (!file_exists(buf_text(&file->path)))
		return 0;
	return file_read(buf_text(&file->path), TEXT_MAX_BYTES, text, err);
}

void private_file_release(struct private_file *file)
{
	if (file->folder.len)
		(void)!dir_remove_all(file->parent, buf_text(&file->folder),
				      NULL);
	lock_release(&file->lock);
	buf_release(&file->folder);
	buf_release(&file->path);
}
