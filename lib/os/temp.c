#include "lib/os/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/random.h"
#include "lib/id/encode.h"
#include "lib/os/dir.h"

#define TRIES 16

bool temp_is_ours(const char *name, const char *prefix)
{
	unsigned char digits[TEMP_DIGITS / 2];

	return !strncmp(name, prefix, strlen(prefix)) &&
	       hex_decode(span_str(name + strlen(prefix)), digits,
			  sizeof(digits));
}

static int lock_now(int fd)
{
	int rc;

	do
		rc = flock(fd, LOCK_EX | LOCK_NB);
	while (rc < 0 && errno == EINTR);
	return rc;
}

/*
 * A sweeper may come between the making and the lock. It then holds the lock,
 * or has deleted the file already. Where the file system knows no locks, no
 * sweeper gets one either.
 */
static bool is_taken(int fd)
{
	struct stat st;

	if (lock_now(fd) < 0 && errno == EWOULDBLOCK)
		return true;
	return !fstat(fd, &st) && !st.st_nlink;
}

int temp_open(int at, const char *path, mode_t mode, struct err *err)
{
	int fd;

	do
		fd = openat(at, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC |
			    O_NOFOLLOW, mode);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return err_errno(err, "cannot create '%s'", path);
	if (!is_taken(fd))
		return fd;
	close(fd);
	return err_set(err, ERR_EXISTS, "'%s' was swept away", path);
}

int temp_make(struct buf *out, int at, const char *folder, const char *prefix,
	      mode_t mode, struct err *err)
{
	struct err reason = ERR_INIT;
	int rc = ERR_EXISTS;
	int tries;

	for (tries = 0; rc == ERR_EXISTS && tries < TRIES; tries++) {
		buf_reset(out);
		err_clear(&reason);
		rc = buf_printf(out, &reason, "%s/%s%016llx", folder, prefix,
				(unsigned long long)random_u64());
		if (rc == 0)
			rc = temp_open(at, buf_text(out), mode, &reason);
	}
	if (rc >= 0)
		return rc;
	buf_reset(out);
	return err_set(err, (enum err_code)rc, "%s", reason.text);
}

void temp_sweep(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
			O_NONBLOCK);

	if (fd < 0)
		return;
	if (lock_now(fd) == 0)
		unlinkat(at, path, 0);
	close(fd);
}

struct sweep {
	const char *folder;
	const char *prefix;
};

static int sweep_one(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	const struct sweep *sweep = context;
	struct buf path = BUF_INIT(BUF_NO_LIMIT);

	if (kind == DIR_KIND_FILE && temp_is_ours(name, sweep->prefix) &&
	    buf_printf(&path, err, "%s/%s", sweep->folder, name) == 0)
		temp_sweep(AT_FDCWD, buf_text(&path));
	buf_release(&path);
	return 0;
}

void temp_sweep_folder(const char *folder, const char *prefix)
{
	struct sweep sweep = { folder, prefix };

	/* Whatever stays is for the next time. */
	(void)!dir_each(folder, sweep_one, &sweep, NULL);
}
