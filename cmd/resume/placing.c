#include "cmd/resume/placing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/os/temp.h"

#define MICROS INT64_C(1000000)
#define FILE_MAX ((size_t)1 << 30)
#define TEMP_PREFIX ".vvault-resume-"

/* Of a log: somebody may have gone on behind it. */
static enum placed compare_log(const struct resume_file *file,
			       struct span there)
{
	size_t len = file->bytes.len;
	size_t i;

	for (i = 0; len && i + len <= there.len; i++) {
		if (memcmp(there.at + i, file->bytes.data, len))
			continue;
		return i + len == there.len ? PLACED_SAME : PLACED_GROWN;
	}
	return span_equals(there, buf_span(&file->before)) ? PLACED_NOT :
	       PLACED_OTHER;
}

/* A list with its entry may be ours or another's: only its bytes tell. */
static enum placed compare_placing(const struct resume_file *file,
				   struct span there)
{
	struct span ours = buf_span(&file->bytes);

	if (file->kind == RESUME_BEHIND)
		return compare_log(file, there);

	if (span_equals(there, ours))
		return PLACED_SAME;
	if (file->kind == RESUME_ENTRY)
		return span_equals(there, buf_span(&file->before)) ?
		       PLACED_NOT : PLACED_OTHER;
	return there.len > ours.len && ours.len &&
	       !memcmp(there.at, ours.at, ours.len) ? PLACED_GROWN :
	       PLACED_OTHER;
}

int placing_look(const struct resume_file *file, enum placed *out_placed,
	       int64_t *out_changed, struct err *err)
{
	const char *path = buf_text(&file->path);
	struct buf there = BUF_INIT(BUF_NO_LIMIT);
	struct stat info;
	int rc;

	*out_placed = PLACED_NOT;
	*out_changed = 0;
	if (lstat(path, &info) < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 :
		       err_errno(err, "cannot look at '%s'", path);
	*out_changed = (int64_t)info.st_mtim.tv_sec * MICROS +
		       info.st_mtim.tv_nsec / 1000;
	*out_placed = PLACED_OTHER;
	if (!S_ISREG(info.st_mode))
		return 0;
	rc = file_read_plain(path, FILE_MAX, &there, err);
	if (rc == 0)
		*out_placed = compare_placing(file, buf_span(&there));
	buf_release(&there);
	return rc;
}

static int make_folder(const char *path, struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	int rc = path_parent(&folder, path, err);

	if (rc == 0)
		rc = dir_make_all(buf_text(&folder), 0700, err);
	buf_release(&folder);
	return rc;
}

/* Who may read what is there may read what takes its place. */
static int keep_mode(const struct resume_file *file, int fd, struct err *err)
{
	struct stat info;

	if (!file->before.len || stat(buf_text(&file->path), &info) < 0)
		return 0;
	return fchmod(fd, info.st_mode & 0777) == 0 ? 0 :
	       err_errno(err, "cannot write '%s'", buf_text(&file->path));
}

/* It stays open, and so locked: no sweeper takes it before it is named. */
static int write_temp(const struct resume_file *file, const char *room,
		      struct buf *temp, int *out_fd, struct err *err)
{
	struct timespec times[2] = {
		{ .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW }
	};
	int fd = temp_make(temp, AT_FDCWD, room, TEMP_PREFIX, 0600, err);
	int rc;

	if (fd < 0)
		return fd;
	*out_fd = fd;
	if (file->modified)
		times[1] = (struct timespec){
			.tv_sec = file->modified / MICROS,
			.tv_nsec = file->modified % MICROS * 1000,
		};
	rc = file->kind == RESUME_BEHIND ?
		file_write_fd(fd, buf_text(temp), buf_span(&file->before),
			      err) : 0;
	if (rc == 0)
		rc = file_write_fd(fd, buf_text(temp), buf_span(&file->bytes),
				   err);
	if (rc == 0)
		rc = keep_mode(file, fd, err);
	if (rc == 0 && (futimens(fd, times) < 0 || fsync(fd) < 0))
		rc = err_errno(err, "cannot write '%s'", buf_text(temp));
	return rc;
}

/* A link never takes the place of anything. */
static int name_file(const struct resume_file *file, const char *temp,
		     struct err *err)
{
	const char *path = buf_text(&file->path);
	enum placed placed = PLACED_OTHER;
	int64_t changed;

	if (link(temp, path) == 0)
		return 0;
	if (errno != EEXIST)
		return err_errno(err, "cannot write '%s'", path);
	/* Another process may have put the same there meanwhile. */
	if (placing_look(file, &placed, &changed, NULL) == 0 &&
	    placed == PLACED_SAME)
		return 0;
	return err_set(err, ERR_EXISTS, "'%s' is there already, and is left "
		       "as it is", path);
}

static int name_entry(const struct resume_file *file, const char *temp,
		      struct err *err)
{
	const char *path = buf_text(&file->path);
	enum placed placed;
	int64_t changed;
	int rc;

	if (!file->before.len)
		return name_file(file, temp, err);
	rc = placing_look(file, &placed, &changed, err);
	if (rc == 0 && placed == PLACED_OTHER)
		rc = err_set(err, ERR_CHANGED, "'%s' has changed meanwhile; "
			     "try again", path);
	if (rc == 0 && rename(temp, path) < 0)
		rc = err_errno(err, "cannot write '%s'", path);
	return rc;
}

int placing_touch(const struct resume_file *file, struct err *err)
{
	const struct timespec times[2] = {
		{ .tv_nsec = UTIME_OMIT }, { .tv_nsec = UTIME_NOW }
	};
	const char *path = buf_text(&file->path);

	return utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) == 0 ? 0 :
	       err_errno(err, "cannot set the time of '%s'", path);
}

void placing_sweep(const char *room)
{
	temp_sweep_folder(room, TEMP_PREFIX);
}

int placing_put(const struct resume_file *file, const char *room,
	      struct err *err)
{
	struct buf temp = PATH_BUF_INIT;
	struct buf folder = PATH_BUF_INIT;
	int fd = -1;
	int rc = make_folder(buf_text(&file->path), err);

	if (rc == 0)
		rc = path_parent(&folder, buf_text(&file->path), err);
	if (rc == 0 && file->kind == RESUME_BEHIND) {
		room = buf_text(&folder);
		placing_sweep(room);
	}
	if (rc == 0)
		rc = write_temp(file, room, &temp, &fd, err);
	if (rc == 0)
		rc = file->kind == RESUME_FILE ?
			name_file(file, buf_text(&temp), err) :
			name_entry(file, buf_text(&temp), err);
	if (temp.len)
		unlink(buf_text(&temp));
	if (fd >= 0 && close(fd) < 0 && rc == 0)
		rc = err_errno(err, "cannot write '%s'",
			       buf_text(&file->path));
	if (rc == 0)
		rc = dir_sync(buf_text(&folder), err);
	buf_release(&temp);
	buf_release(&folder);
	return rc;
}
