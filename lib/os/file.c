/* realpath() is POSIX, but glibc shows it only with the X/Open extension. */
#define _XOPEN_SOURCE 700

#include "lib/os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/dir.h"
#include "lib/os/path.h"
#include "lib/os/temp.h"

#define CHUNK_BYTES ((size_t)1 << 16)

/* is_plain: to open anything else, as a pipe, may wait for ever. */
static int open_read(const char *path, bool is_plain, struct stat *out_stat,
		     struct err *err)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY |
		    (is_plain ? O_NONBLOCK : 0);
	int fd;
	int rc;

	do
		fd = open(path, flags);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (fstat(fd, out_stat) < 0)
		rc = err_errno(err, "cannot open '%s'", path);
	else if (S_ISDIR(out_stat->st_mode))
		rc = err_set(err, ERR_INVALID, "'%s' is a folder", path);
	else if (is_plain && !S_ISREG(out_stat->st_mode))
		rc = err_set(err, ERR_INVALID, "'%s' is not a plain file",
			     path);
	else
		return fd;
	close(fd);
	return rc;
}

static ssize_t read_some(int fd, void *bytes, size_t len)
{
	ssize_t got;

	do
		got = read(fd, bytes, len);
	while (got < 0 && errno == EINTR);
	return got;
}

static int too_large(const char *name, size_t max_bytes, struct err *err)
{
	return err_set(err, ERR_LIMIT, "'%s' is larger than %zu bytes", name,
		       max_bytes);
}

/* At the limit one byte more is asked for, to tell "full" from "too large". */
static int read_to_end(int fd, const char *name, size_t max_bytes,
		       struct buf *out, struct err *err)
{
	size_t left = max_bytes;
	ssize_t got = 1;
	char extra;

	while (left && out->len < out->max && got > 0) {
		size_t want = left < CHUNK_BYTES ? left : CHUNK_BYTES;
		size_t room = out->max - out->len;
		int rc;

		if (want > room)
			want = room;
		rc = buf_reserve(out, want, err);
		if (rc < 0)
			return rc;
		got = read_some(fd, out->data + out->len, want);
		if (got > 0) {
			out->len += (size_t)got;
			left -= (size_t)got;
		}
		out->data[out->len] = '\0';
	}
	if (got > 0)
		got = read_some(fd, &extra, 1);
	if (got > 0)
		return too_large(name, max_bytes, err);
	if (got < 0)
		return err_errno(err, "cannot read '%s'", name);
	return 0;
}

int file_read_fd(int fd, const char *name, size_t max_bytes, struct buf *out,
		 struct err *err)
{
	size_t start = out->len;
	int rc = read_to_end(fd, name, max_bytes, out, err);

	if (rc < 0 && out->data) {
		out->len = start;
		out->data[start] = '\0';
	}
	return rc;
}

static int read_whole(const char *path, bool is_plain, size_t max_bytes,
		      struct buf *out, struct err *err)
{
	struct stat stat;
	size_t size;
	int rc;
	int fd = open_read(path, is_plain, &stat, err);

	if (fd < 0)
		return fd;
	size = S_ISREG(stat.st_mode) ? (size_t)stat.st_size : 0;
	if (size > max_bytes)
		rc = too_large(path, max_bytes, err);
	else
		rc = buf_reserve(out, size, err);
	if (rc == 0)
		rc = file_read_fd(fd, path, max_bytes, out, err);
	close(fd);
	return rc;
}

int file_read(const char *path, size_t max_bytes, struct buf *out,
	      struct err *err)
{
	return read_whole(path, false, max_bytes, out, err);
}

int file_read_plain(const char *path, size_t max_bytes, struct buf *out,
		    struct err *err)
{
	return read_whole(path, true, max_bytes, out, err);
}

int file_read_at(int fd, const char *name, uint64_t at, void *out, size_t len,
		 struct err *err)
{
	char *to = out;

	while (len) {
		ssize_t got = pread(fd, to, len, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, "cannot read '%s'", name);
		if (!got)
			return err_set(err, ERR_CORRUPT, "'%s' is cut short",
				       name);
		to += got;
		len -= (size_t)got;
		at += (uint64_t)got;
	}
	return 0;
}

int file_write_fd(int fd, const char *name, struct span bytes, struct err *err)
{
	while (bytes.len) {
		ssize_t done = write(fd, bytes.at, bytes.len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_errno(err, "cannot write '%s'", name);
		bytes = span_of(bytes.at + done, bytes.len - (size_t)done);
	}
	return 0;
}

bool file_exists(const char *path)
{
	struct stat stat;

	return lstat(path, &stat) == 0;
}

bool file_is_dir(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* What the first len bytes of a path name; *out is NULL where nothing is. */
static int resolve(const struct buf *path, size_t len, char **out,
		   struct err *err)
{
	struct buf head = BUF_INIT(path->max);
	int rc;

	rc = len ? buf_add(&head, path->data, len, err) :
		   buf_add_char(&head, '.', err);
	*out = rc == 0 ? realpath(buf_text(&head), NULL) : NULL;
	if (rc == 0 && !*out && (errno != ENOENT || !len))
		rc = err_errno(err, "cannot find '%s'", buf_text(path));
	buf_release(&head);
	return rc;
}

/* The longest beginning that exists is resolved; what follows is kept. */
int file_settle(struct buf *path, struct err *err)
{
	struct buf whole = BUF_INIT(path->max);
	size_t len = path->len;
	char *real = NULL;
	size_t end;
	int rc = resolve(path, len, &real, err);

	while (rc == 0 && !real) {
		while (len && path->data[len - 1] == '/')
			len--;
		for (end = len; len && path->data[len - 1] != '/'; len--)
			;
		if (span_equals(span_of(path->data + len, end - len),
				span_str("..")))
			rc = err_set(err, ERR_NOT_FOUND, "cannot find '%s'",
				     path->data);
		else
			rc = resolve(path, len, &real, err);
	}
	if (rc == 0)
		rc = buf_add_str(&whole, real, err);
	if (rc == 0 && len < path->len)
		rc = path_add(&whole, path->data + len, err);
	free(real);
	if (rc < 0) {
		buf_release(&whole);
		return rc;
	}
	buf_release(path);
	*path = whole;
	return 0;
}

const char *file_distrust(const struct stat *info)
{
	if (info->st_uid != geteuid())
		return "belongs to another user";
	if (info->st_mode & (S_IWGRP | S_IWOTH))
		return "can be written by others";
	return NULL;
}

static int sync_parent(const char *path, struct err *err)
{
	struct buf parent = PATH_BUF_INIT;
	int rc = path_parent(&parent, path, err);

	if (rc == 0)
		rc = dir_sync(buf_text(&parent), err);
	buf_release(&parent);
	return rc;
}

static int create_temp(struct atomic_file *file, struct err *err)
{
	struct buf folder = PATH_BUF_INIT;
	struct buf temp = PATH_BUF_INIT;
	struct err reason = ERR_INIT;
	int rc = path_parent(&folder, file->path, &reason);

	if (rc == 0)
		rc = temp_make(&temp, AT_FDCWD, buf_text(&folder),
			       ATOMIC_FILE_TEMP_PREFIX, 0600, &reason);
	buf_release(&folder);
	if (rc < 0) {
		buf_release(&temp);
		return err_set(err, (enum err_code)rc, "cannot create a file "
			       "beside '%s': %s", file->path, reason.text);
	}
	file->fd = rc;
	file->temp_path = temp.data;	/* the memory changes hands */
	return 0;
}

int atomic_file_open(struct atomic_file *file, const char *path, mode_t mode,
		     struct err *err)
{
	int rc;

	*file = (struct atomic_file)ATOMIC_FILE_INIT;
	file->path = strdup(path);
	if (!file->path)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = create_temp(file, err);
	if (rc == 0 && fchmod(file->fd, mode) < 0)
		rc = err_errno(err, "cannot set the mode of '%s'", path);
	if (rc < 0)
		atomic_file_release(file);
	return rc;
}

int atomic_file_write(struct atomic_file *file, struct span bytes,
		      struct err *err)
{
	return file_write_fd(file->fd, file->path, bytes, err);
}

static int sync_temp(struct atomic_file *file, struct err *err)
{
	if (fsync(file->fd) < 0)
		return err_errno(err, "cannot write '%s'", file->path);
	return 0;
}

/*
 * Only once it has its name, for until then the lock that ends with it keeps
 * sweepers away. On a network file system it can be the first to tell of a
 * full disk.
 */
static int close_named(struct atomic_file *file, struct err *err)
{
	int fd = file->fd;

	file->fd = -1;
	if (close(fd) < 0)
		return err_errno(err, "cannot write '%s'", file->path);
	return 0;
}

static int rename_temp(struct atomic_file *file, struct err *err)
{
	if (rename(file->temp_path, file->path) < 0)
		return err_errno(err, "cannot publish '%s'", file->path);
	free(file->temp_path);
	file->temp_path = NULL;
	return close_named(file, err);
}

int atomic_file_publish(struct atomic_file *file, struct err *err)
{
	int rc = sync_temp(file, err);

	if (rc == 0)
		rc = rename_temp(file, err);
	return rc < 0 ? rc : sync_parent(file->path, err);
}

int atomic_file_publish_cache(struct atomic_file *file, struct err *err)
{
	return rename_temp(file, err);
}

/* A hard link is the only portable way to claim a name with its content. */
int atomic_file_publish_new(struct atomic_file *file, struct err *err)
{
	int rc = sync_temp(file, err);

	if (rc < 0)
		return rc;
	if (link(file->temp_path, file->path) < 0)
		return err_errno(err, "cannot publish '%s'", file->path);
	if (unlink(file->temp_path) == 0) {
		free(file->temp_path);
		file->temp_path = NULL;
	}
	rc = close_named(file, err);
	return rc < 0 ? rc : sync_parent(file->path, err);
}

void atomic_file_release(struct atomic_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	if (file->temp_path)
		unlink(file->temp_path);
	free(file->temp_path);
	free(file->path);
	*file = (struct atomic_file)ATOMIC_FILE_INIT;
}

int file_write_atomic(const char *path, struct span bytes, mode_t mode,
		      struct err *err)
{
	struct atomic_file file = ATOMIC_FILE_INIT;
	int rc = atomic_file_open(&file, path, mode, err);

	if (rc == 0)
		rc = atomic_file_write(&file, bytes, err);
	if (rc == 0)
		rc = atomic_file_publish(&file, err);
	atomic_file_release(&file);
	return rc;
}

int file_remove(const char *path, struct err *err)
{
	if (unlink(path) == 0)
		return sync_parent(path, err);
	if (errno == ENOENT)
		return 0;
	return err_errno(err, "cannot remove '%s'", path);
}

static int map_fd(struct file_map *map, int fd, size_t len, const char *path,
		  struct err *err)
{
	void *address;

	if (!len) {
		map->bytes = span_of("", 0);
		return 0;
	}
	address = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (address == MAP_FAILED)
		return err_errno(err, "cannot map '%s'", path);
	map->address = address;
	map->bytes = span_of(address, len);
	return 0;
}

int file_map_open(struct file_map *map, const char *path, size_t max_bytes,
		  struct err *err)
{
	struct stat stat;
	int fd = open_read(path, true, &stat, err);
	int rc;

	*map = (struct file_map)FILE_MAP_INIT;
	if (fd < 0)
		return fd;
	if ((uintmax_t)stat.st_size > max_bytes)
		rc = too_large(path, max_bytes, err);
	else
		rc = map_fd(map, fd, (size_t)stat.st_size, path, err);
	close(fd);
	return rc;
}

void file_map_release(struct file_map *map)
{
	if (map->address)
		munmap(map->address, map->bytes.len);
	*map = (struct file_map)FILE_MAP_INIT;
}
