#include "lib/os/dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/os/path.h"

#define ENTRIES_MAX 1000000
#define DEPTH_MAX 64

#define OPEN_DIR_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

int dir_sync(const char *path, struct err *err)
{
	int fd = open(path, OPEN_DIR_FLAGS);
	int rc = 0;

	if (fd < 0)
		return err_errno(err, "cannot open folder '%s'", path);
	/* Some file systems cannot sync a folder and say EINVAL. */
	if (fsync(fd) < 0 && errno != EINVAL)
		rc = err_errno(err, "cannot sync folder '%s'", path);
	close(fd);
	return rc;
}

static bool is_dir(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int make_one(const char *path, mode_t mode, bool *out_is_new,
		    struct err *err)
{
	*out_is_new = mkdir(path, mode) == 0;
	if (*out_is_new || (errno == EEXIST && is_dir(path)))
		return 0;
	return err_errno(err, "cannot make folder '%s'", path);
}

int dir_make(const char *path, mode_t mode, struct err *err)
{
	struct buf parent = PATH_BUF_INIT;
	bool is_new;
	int rc;

	rc = make_one(path, mode, &is_new, err);
	if (rc < 0 || !is_new)
		return rc;
	rc = path_parent(&parent, path, err);
	if (rc == 0)
		rc = dir_sync(buf_text(&parent), err);
	buf_release(&parent);
	return rc;
}

int dir_make_all_new(const char *path, mode_t mode, struct buf *out_top,
		     struct err *err)
{
	struct buf prefix = PATH_BUF_INIT;
	size_t len = 0;
	int rc = 0;

	buf_reset(out_top);
	while (rc == 0 && path[len]) {
		len += strspn(path + len, "/");
		len += strcspn(path + len, "/");
		buf_reset(&prefix);
		rc = buf_add(&prefix, path, len, err);
		if (rc < 0 || is_dir(buf_text(&prefix)))
			continue;
		rc = dir_make(buf_text(&prefix), mode, err);
		if (rc == 0 && !out_top->len)
			rc = buf_add_span(out_top, buf_span(&prefix), err);
	}
	buf_release(&prefix);
	return rc;
}

int dir_make_all(const char *path, mode_t mode, struct err *err)
{
	struct buf top = PATH_BUF_INIT;
	int rc = dir_make_all_new(path, mode, &top, err);

	buf_release(&top);
	return rc;
}

void dir_unmake(const char *path, const char *top)
{
	struct buf next = PATH_BUF_INIT;
	size_t len = strlen(top);
	int rc = *top ? buf_add_str(&next, path, NULL) : ERR_INVALID;

	while (rc == 0 && next.len >= len && rmdir(buf_text(&next)) == 0) {
		while (next.len && next.data[next.len - 1] == '/')
			buf_cut(&next, next.len - 1);
		while (next.len && next.data[next.len - 1] != '/')
			buf_cut(&next, next.len - 1);
		while (next.len > len && next.data[next.len - 1] == '/')
			buf_cut(&next, next.len - 1);
	}
	buf_release(&next);
}

/* Does another of the names lie in this one? */
static bool is_above(const char *const *names, const char *name)
{
	size_t len = strlen(name);
	size_t i;

	for (i = 0; names[i]; i++) {
		if (!strncmp(names[i], name, len) && names[i][len] == '/')
			return true;
	}
	return false;
}

int dir_make_below(const char *base, const char *const *names, mode_t mode,
		   struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	bool is_new;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && names[i]; i++) {
		rc = path_join(&path, base, names[i], err);
		if (rc == 0)
			rc = make_one(buf_text(&path), mode, &is_new, err);
	}
	if (rc == 0)
		rc = dir_sync(base, err);
	for (i = 0; rc == 0 && names[i]; i++) {
		if (!is_above(names, names[i]))
			continue;
		rc = path_join(&path, base, names[i], err);
		if (rc == 0)
			rc = dir_sync(buf_text(&path), err);
	}
	buf_release(&path);
	return rc;
}

/* The names of a folder, on the heap. */
struct names {
	char **at;
	size_t count;
	size_t room;
};

static void names_release(struct names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		free(names->at[i]);
	free(names->at);
}

static int names_add(struct names *names, const char *name, struct err *err)
{
	char *copy;
	int rc;

	if (names->count == ENTRIES_MAX)
		return err_set(err, ERR_LIMIT, "more than %d entries",
			       ENTRIES_MAX);
	rc = array_room_in(names->at, names->count, names->room, err);
	if (rc < 0)
		return rc;
	copy = strdup(name);
	if (!copy)
		return err_set(err, ERR_NOMEM, "out of memory");
	names->at[names->count++] = copy;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_dots(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static int names_read(struct names *names, DIR *dir, const char *path,
		      struct err *err)
{
	struct dirent *entry;
	int rc = 0;

	while (rc == 0) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			break;
		if (!is_dots(entry->d_name))
			rc = names_add(names, entry->d_name, err);
	}
	if (rc == 0 && errno)
		rc = err_errno(err, "cannot list '%s'", path);
	if (names->count)
		qsort(names->at, names->count, sizeof(*names->at),
		      compare_names);
	return rc;
}

static enum dir_kind kind_of(const struct stat *status)
{
	if (S_ISREG(status->st_mode))
		return DIR_KIND_FILE;
	if (S_ISDIR(status->st_mode))
		return DIR_KIND_DIR;
	return S_ISLNK(status->st_mode) ? DIR_KIND_SYMLINK : DIR_KIND_OTHER;
}

int dir_each_fd(int fd, const char *path,
		int (*each)(void *context, const char *name,
			    enum dir_kind kind, struct err *err),
		void *context, struct err *err)
{
	struct names names = { NULL, 0, 0 };
	DIR *dir = fdopendir(fd);
	size_t i;
	int rc;

	if (!dir) {
		rc = err_errno(err, "cannot open folder '%s'", path);
		close(fd);
		return rc;
	}
	rc = names_read(&names, dir, path, err);
	for (i = 0; rc == 0 && i < names.count; i++) {
		struct stat status;

		if (fstatat(dirfd(dir), names.at[i], &status,
			    AT_SYMLINK_NOFOLLOW) == 0)
			rc = each(context, names.at[i], kind_of(&status), err);
		else if (errno != ENOENT)
			rc = err_errno(err, "cannot look at '%s/%s'", path,
				       names.at[i]);
	}
	names_release(&names);
	closedir(dir);
	return rc;
}

int dir_each(const char *path,
	     int (*each)(void *context, const char *name, enum dir_kind kind,
			 struct err *err),
	     void *context, struct err *err)
{
	int fd = open(path, OPEN_DIR_FLAGS);

	if (fd < 0)
		return err_errno(err, "cannot open folder '%s'", path);
	return dir_each_fd(fd, path, each, context, err);
}

static int remove_entry(int parent, const char *name, int depth,
			struct err *err);

/* Takes over the descriptor of a folder and empties it. */
static int empty_dir(int fd, const char *name, int depth, struct err *err)
{
	struct names names = { NULL, 0, 0 };
	DIR *dir = fdopendir(fd);
	size_t i;
	int rc;

	if (!dir) {
		close(fd);
		return err_errno(err, "cannot open folder '%s'", name);
	}
	rc = names_read(&names, dir, name, err);
	for (i = 0; rc == 0 && i < names.count; i++)
		rc = remove_entry(fd, names.at[i], depth + 1, err);
	names_release(&names);
	closedir(dir);
	return rc;
}

/*
 * O_NOFOLLOW makes the open itself refuse a symlink, so nothing can be
 * swapped in between looking and entering.
 */
static int remove_entry(int parent, const char *name, int depth,
			struct err *err)
{
	int fd;
	int rc;

	if (depth > DEPTH_MAX)
		return err_set(err, ERR_LIMIT, "folder '%s' is too deep", name);
	fd = openat(parent, name, OPEN_DIR_FLAGS | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 && (errno == ENOTDIR || errno == ELOOP)) {
		if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
			return 0;
		return err_errno(err, "cannot remove '%s'", name);
	}
	if (fd < 0)
		return err_errno(err, "cannot open folder '%s'", name);
	rc = empty_dir(fd, name, depth, err);
	if (rc == 0 && unlinkat(parent, name, AT_REMOVEDIR) < 0 &&
	    errno != ENOENT)
		rc = err_errno(err, "cannot remove folder '%s'", name);
	return rc;
}

/* Cut the first component off a relative path; "." and "//" are skipped. */
static int take_component(const char **rest, struct buf *out, struct err *err)
{
	size_t len;

	do {
		*rest += strspn(*rest, "/");
		len = strcspn(*rest, "/");
		buf_reset(out);
		if (len) {
			int rc = buf_add(out, *rest, len, err);

			if (rc < 0)
				return rc;
		}
		*rest += len;
	} while (len == 1 && out->data[0] == '.');
	return 0;
}

/* What of path lies behind root; both were checked to agree. */
static const char *behind_root(const char *root, const char *path,
			       struct buf *part, struct err *err)
{
	for (;;) {
		if (take_component(&root, part, err) < 0)
			return NULL;
		if (!part->len)
			return path;
		if (take_component(&path, part, err) < 0)
			return NULL;
	}
}

/* Walk down to the last component without passing through a symlink. */
static int remove_below(int fd, const char *rest, struct buf *part,
			struct err *err)
{
	struct buf next = PATH_BUF_INIT;
	int rc = take_component(&rest, part, err);

	while (rc == 0) {
		int below;

		rc = take_component(&rest, &next, err);
		if (rc < 0 || !next.len)
			break;
		below = openat(fd, buf_text(part), OPEN_DIR_FLAGS | O_NOFOLLOW);
		if (below < 0 && errno == ENOENT)
			goto out;
		if (below < 0) {
			rc = err_set(err, ERR_DENIED,
				     "'%s' is no folder of ours",
				     buf_text(part));
			goto out;
		}
		close(fd);
		fd = below;
		buf_reset(part);
		rc = buf_add_span(part, buf_span(&next), err);
	}
	if (rc == 0)
		rc = remove_entry(fd, buf_text(part), 0, err);
	if (rc == 0 && fsync(fd) < 0 && errno != EINVAL)
		rc = err_errno(err, "cannot sync the folder of '%s'",
			       buf_text(part));
out:
	close(fd);
	buf_release(&next);
	return rc;
}

int dir_remove_all(const char *root, const char *path, struct err *err)
{
	struct buf part = PATH_BUF_INIT;
	const char *rest;
	int rc = 0;
	int fd;

	if (!root[0] || !path_is_inside(root, path) ||
	    path_is_inside(path, root))
		return err_set(err, ERR_DENIED, "'%s' is not inside '%s'",
			       path, root);
	rest = behind_root(root, path, &part, err);
	if (!rest) {
		rc = err_set(err, ERR_LIMIT, "path too long");
		goto out;
	}
	fd = open(root, OPEN_DIR_FLAGS);
	if (fd < 0 && errno == ENOENT)
		goto out;
	if (fd < 0)
		rc = err_errno(err, "cannot open folder '%s'", root);
	else
		rc = remove_below(fd, rest, &part, err);
out:
	buf_release(&part);
	return rc;
}

int dir_make_temp(const char *parent, const char *prefix, struct buf *out_path,
		  struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	int rc = path_join(&path, parent, prefix, err);

	if (rc == 0)
		rc = buf_add_str(&path, "XXXXXX", err);
	if (rc == 0 && !mkdtemp(path.data))
		rc = err_errno(err, "cannot make a folder in '%s'", parent);
	if (rc == 0)
		rc = buf_add_span(out_path, buf_span(&path), err);
	buf_release(&path);
	return rc;
}

struct sum {
	const char *folder;
	const char *but;	/* the name of one that is left out, or NULL */
	uint64_t bytes;
};

static int sum_one(void *context, const char *name, enum dir_kind kind,
		   struct err *err)
{
	struct sum *sum = context;
	struct sum inner = { NULL, NULL, 0 };
	struct buf path = PATH_BUF_INIT;
	struct stat st;
	int rc;

	if (sum->but && !strcmp(name, sum->but))
		return 0;
	rc = path_join(&path, sum->folder, name, err);
	inner.folder = buf_text(&path);
	if (rc == 0 && kind == DIR_KIND_DIR)
		rc = dir_each(inner.folder, sum_one, &inner, err);
	else if (rc == 0 && kind == DIR_KIND_FILE &&
		 lstat(inner.folder, &st) == 0)
		sum->bytes += (uint64_t)st.st_size;
	sum->bytes += inner.bytes;
	buf_release(&path);
	return rc;
}

uint64_t dir_bytes(const char *path, const char *but)
{
	struct sum sum = { path, but, 0 };

	if (dir_each(path, sum_one, &sum, NULL) < 0)
		sum.but = NULL;
	return sum.bytes;
}
