#include "lib/os/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define FIRST_SLEEP_MS 1
#define LONGEST_SLEEP_MS 50

static int64_t now_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return 0;
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(int64_t ms)
{
	struct timespec time = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&time, NULL);
}

/*
 * flock, not fcntl: a lock of fcntl is lost when any part of the process
 * closes the file, and does not exclude the process itself.
 */
static int try_lock(int fd)
{
	int rc;

	do
		rc = flock(fd, LOCK_EX | LOCK_NB);
	while (rc < 0 && errno == EINTR);
	return rc;
}

static int wait_for_lock(int fd, const char *path, int timeout_ms,
			 struct err *err)
{
	int64_t deadline = now_ms() + timeout_ms;
	int64_t pause = FIRST_SLEEP_MS;

	while (try_lock(fd) < 0) {
		int64_t left = deadline - now_ms();

		if (errno != EWOULDBLOCK)
			return err_errno(err, "cannot lock '%s'", path);
		if (left <= 0)
			return err_set(err, ERR_LOCKED,
				       "another process holds the lock '%s'",
				       path);
		sleep_ms(pause < left ? pause : left);
		pause = pause * 2 < LONGEST_SLEEP_MS ? pause * 2 :
						       LONGEST_SLEEP_MS;
	}
	return 0;
}

int lock_take(struct lock *lock, const char *path, int timeout_ms,
	      struct err *err)
{
	int fd;
	int rc;

	do
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
			  0600);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return err_errno(err, "cannot open the lock '%s'", path);
	rc = wait_for_lock(fd, path, timeout_ms, err);
	if (rc < 0)
		close(fd);
	else
		lock->fd = fd;
	return rc;
}

bool lock_is_held(const struct lock *lock)
{
	return lock->fd >= 0;
}

/*
 * The file stays: whoever removed it could take it from under one who has
 * opened it and waits.
 */
void lock_release(struct lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	lock->fd = -1;
}
