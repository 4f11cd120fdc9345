#include "cmd/import/database/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/import/database/database_internal.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/notify.h"

#define LOG "-wal"
#define INDEX "-shm"
#define JOURNAL "-journal"
/* In the header, behind the page size: 2 of what writes with a -wal. */
#define LOGGED_AT 18
#define LOGGED 2
#define COPY_TRIES 3
#define COPY_BYTES ((size_t)1 << 20)
#define COPY_PREFIX "vvault-database-"
#define COPY_NAME "copy"
#define ROOM "/tmp"

/* --- what lies there ------------------------------------------------------- */

static bool see_beside(const char *path, const char *suffix, struct stat *out)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	bool is_there;

	buf_put_str(&name, path);
	buf_put_str(&name, suffix);
	is_there = buf_end(&name, NULL) == 0 &&
		   stat(buf_text(&name), out) == 0;
	buf_release(&name);
	return is_there;
}

static bool is_logged(int fd)
{
	unsigned char head[LOGGED_AT + 2];

	return file_read_at(fd, "", 0, head, sizeof(head), NULL) == 0 &&
	       (head[LOGGED_AT] == LOGGED || head[LOGGED_AT + 1] == LOGGED);
}

int database_see(const char *path, struct database_sight *out,
		 struct err *err)
{
	struct stat info;
	int rc = 0;
	int fd;

	memset(out, 0, sizeof(*out));
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return err_errno(err, "cannot open '%s'", path);
	if (fstat(fd, &out->file) < 0)
		rc = err_errno(err, "cannot open '%s'", path);
	else if (!S_ISREG(out->file.st_mode))
		rc = err_set(err, ERR_INVALID, "'%s' is no regular file",
			     path);
	else
		out->is_logged = is_logged(fd);
	close(fd);
	if (rc < 0)
		return rc;
	out->has_log = see_beside(path, LOG, &out->log);
	out->has_index = see_beside(path, INDEX, &info);
	/* An empty one that nobody uses says nothing. */
	out->has_log = out->has_log && (out->log.st_size || out->has_index);
	out->has_journal = see_beside(path, JOURNAL, &info) && info.st_size;
	return 0;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

bool database_same(const struct database_sight *a,
		   const struct database_sight *b)
{
	return same_file(&a->file, &b->file) && a->has_log == b->has_log &&
	       (!a->has_log || same_file(&a->log, &b->log)) &&
	       a->has_journal == b->has_journal;
}

/* --- a copy ---------------------------------------------------------------- */

static int copy_bytes(int from, int to, const char *path, struct err *err)
{
	char *block = malloc(COPY_BYTES);
	ssize_t got = 1;
	int rc = block ? 0 : err_set(err, ERR_NOMEM, "out of memory");

	while (rc == 0 && got) {
		do
			got = read(from, block, COPY_BYTES);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			rc = err_errno(err, "cannot read '%s'", path);
		else if (got)
			rc = file_write_fd(to, path, span_of(block,
							     (size_t)got),
					   err);
	}
	free(block);
	return rc;
}

/* What is not there is not copied. */
static int copy_one(const char *path, const char *suffix, const char *to_path,
		    struct err *err)
{
	struct buf from_name = BUF_INIT(BUF_NO_LIMIT);
	struct buf to_name = BUF_INIT(BUF_NO_LIMIT);
	int from = -1;
	int to = -1;
	int rc;

	buf_putf(&from_name, "%s%s", path, suffix);
	buf_putf(&to_name, "%s%s", to_path, suffix);
	rc = buf_end(&from_name, err);
	if (rc == 0)
		rc = buf_end(&to_name, err);
	if (rc < 0)
		goto out;
	from = open(buf_text(&from_name), O_RDONLY | O_CLOEXEC | O_NONBLOCK |
		    O_NOCTTY);
	if (from < 0 && errno == ENOENT && *suffix)
		goto out;
	if (from < 0) {
		rc = err_errno(err, "cannot open '%s'", buf_text(&from_name));
		goto out;
	}
	to = open(buf_text(&to_name), O_WRONLY | O_CREAT | O_TRUNC |
		  O_CLOEXEC | O_NOFOLLOW, 0600);
	if (to < 0)
		rc = err_errno(err, "cannot write '%s'", buf_text(&to_name));
	else
		rc = copy_bytes(from, to, buf_text(&from_name), err);
out:
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	buf_release(&from_name);
	buf_release(&to_name);
	return rc;
}

/* All of one moment: a program that folds its log into the file meanwhile
 * would tear what is copied. */
static int copy_all(void *arg, const char *to, struct err *err)
{
	const char *path = arg;
	struct database_sight before;
	struct database_sight after;
	int tries = 0;
	int rc;

	do {
		rc = database_see(path, &before, err);
		if (rc == 0)
			rc = copy_one(path, "", to, err);
		if (rc == 0)
			rc = copy_one(path, LOG, to, err);
		if (rc == 0 && before.has_journal)
			rc = copy_one(path, JOURNAL, to, err);
		if (rc == 0)
			rc = database_see(path, &after, err);
	} while (rc == 0 && !database_same(&before, &after) &&
		 ++tries < COPY_TRIES);
	if (rc == 0 && tries == COPY_TRIES)
		rc = err_set(err, ERR_LOCKED, "the database is being written "
			     "to, and cannot be read in its place");
	return rc;
}

/* Once it is open nobody needs the names any more: whatever becomes of this
 * process, no copy stays. */
int database_open_made(const char *room,
		       int (*make)(void *arg, const char *path,
				   struct err *err),
		       void *arg, struct database **out, struct err *err)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	struct buf copy = BUF_INIT(BUF_NO_LIMIT);
	bool is_closed;
	int rc = dir_make_temp(room ? room : ROOM, COPY_PREFIX, &folder, err);

	if (rc < 0)
		goto out;
	buf_putf(&copy, "%s/" COPY_NAME, buf_text(&folder));
	rc = buf_end(&copy, err);
	if (rc == 0)
		rc = make(arg, buf_text(&copy), err);
	if (rc == 0)
		rc = database_try(buf_text(&copy), DATABASE_OURS, out,
				  &is_closed, err);
	(void)!dir_remove_all(room ? room : ROOM, buf_text(&folder), NULL);
out:
	buf_release(&folder);
	buf_release(&copy);
	return rc;
}

/* --- the way --------------------------------------------------------------- */

static int open_still(const char *path, const struct database_sight *sight,
		      struct database **out, struct err *err)
{
	struct database *db = NULL;
	bool is_closed;
	int rc = database_try(path, DATABASE_STILL, &db, &is_closed, err);

	if (rc == 0)
		rc = database_watch(db, path, sight, err);
	if (rc < 0)
		database_free(db);
	else
		*out = db;
	return rc;
}

/*
 * In its place, by its locks, wherever that leaves nothing behind. A program
 * that writes with a log has it lie there as long as it runs: without one
 * nobody has the file open, and to read it by the locks would make one. A log
 * without its index is what a killed program left; so it is copied, and so is
 * one on a disk of another machine, where locks and indexes are not shared.
 */
int database_open(const char *path, const char *room, struct database **out,
		  struct err *err)
{
	struct database_sight sight;
	struct err why = ERR_INIT;
	bool is_closed = true;
	int rc = database_see(path, &sight, err);

	if (rc < 0)
		return rc;
	if ((!sight.is_logged || (sight.has_log && sight.has_index)) &&
	    notify_hears_all(path)) {
		rc = database_try(path, DATABASE_SHARED, out, &is_closed,
				  &why);
		if (rc == 0 || !is_closed)
			return err_copy(err, rc, &why);
		rc = database_see(path, &sight, err);
		if (rc < 0)
			return rc;
	}
	return sight.has_log || sight.has_journal ?
	       database_open_made(room, copy_all, (void *)(uintptr_t)path,
				  out, err) :
	       open_still(path, &sight, out, err);
}
