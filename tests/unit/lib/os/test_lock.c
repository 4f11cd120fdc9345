#include "lib/os/lock.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/unit/fixture.h"

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void nap(long ms)
{
	struct timespec time = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

static void test_two_holders(void)
{
	struct lock one = LOCK_INIT;
	struct lock two = LOCK_INIT;
	struct err err = ERR_INIT;
	struct stat status;
	int64_t start;

	ok(!lock_is_held(&one), "not held at first");
	is_int(lock_take(&one, in_scratch("l"), 0, NULL), 0, "taken");
	ok(lock_is_held(&one), "held");
	is_int(lock_take(&two, in_scratch("l"), 0, &err), ERR_LOCKED,
	       "not taken twice");
	ok(strstr(err.text, in_scratch("l")) != NULL, "the file is named");
	ok(!lock_is_held(&two), "not held");
	start = now_ms();
	is_int(lock_take(&two, in_scratch("l"), 150, NULL), ERR_LOCKED,
	       "not after a while");
	ok(now_ms() - start >= 150 && now_ms() - start < 5000, "of waiting");
	is_int(lock_take(&two, in_scratch("other"), 0, NULL), 0,
	       "another lock is free");
	lock_release(&two);
	lock_release(&one);
	lock_release(&one);
	is_int(lock_take(&two, in_scratch("l"), 0, NULL), 0,
	       "free after release");
	ok(stat(in_scratch("l"), &status) == 0 &&
	   (status.st_mode & 0777) == 0600, "the file stays, for us alone");
	lock_release(&two);
}

static void test_bad_path(void)
{
	struct lock lock = LOCK_INIT;

	is_int(lock_take(&lock, in_scratch("no/such"), 0, NULL), ERR_NOT_FOUND,
	       "no folder");
	ok(symlink("l", in_scratch("link")) == 0 &&
	   lock_take(&lock, in_scratch("link"), 0, NULL) == ERR_IO,
	   "a symlink is not followed");
	ok(!lock_is_held(&lock), "nothing is held");
}

/* The child says through a pipe when it holds the lock. */
static pid_t start_holder(const char *path, long hold_ms)
{
	int ends[2];
	char byte;
	pid_t pid;

	if (pipe(ends) < 0)
		bail_out("no pipe");
	pid = fork();
	if (pid == 0) {
		struct lock lock = LOCK_INIT;

		if (lock_take(&lock, path, 0, NULL) < 0 ||
		    write(ends[1], "x", 1) != 1)
			_exit(1);
		nap(hold_ms);
		lock_release(&lock);
		_exit(0);
	}
	close(ends[1]);
	if (read(ends[0], &byte, 1) != 1)
		bail_out("the child has no lock");
	close(ends[0]);
	return pid;
}

static void test_wait(void)
{
	struct lock lock = LOCK_INIT;
	const char *path = in_scratch("w");
	pid_t pid = start_holder(path, 200);

	is_int(lock_take(&lock, path, 0, NULL), ERR_LOCKED,
	       "another process holds it");
	is_int(lock_take(&lock, path, 10000, NULL), 0, "until it lets go");
	lock_release(&lock);
	waitpid(pid, NULL, 0);
}

static void test_killed(void)
{
	struct lock lock = LOCK_INIT;
	const char *path = in_scratch("k");
	pid_t pid = start_holder(path, 60000);

	is_int(lock_take(&lock, path, 0, NULL), ERR_LOCKED,
	       "another process holds it");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	is_int(lock_take(&lock, path, 0, NULL), 0, "a killed one does not");
	lock_release(&lock);
}

/* Two processes count in a file; without the lock, counts would be lost. */
static void count_up(const char *lock_path, const char *path, int times)
{
	while (times--) {
		struct lock lock = LOCK_INIT;
		FILE *file;
		int value = 0;

		if (lock_take(&lock, lock_path, 30000, NULL) < 0)
			_exit(1);
		file = fopen(path, "r");
		if (file && fscanf(file, "%d", &value) != 1)
			_exit(1);
		if (file)
			fclose(file);
		file = fopen(path, "w");
		if (!file || fprintf(file, "%d\n", value + 1) < 0 ||
		    fclose(file))
			_exit(1);
		lock_release(&lock);
	}
}

static void test_exclusion(void)
{
	const char *lock_path = in_scratch("c.lock");
	const char *path = in_scratch("c");
	FILE *file;
	int value = 0;
	int status = 1;
	pid_t pid = fork();

	if (pid == 0) {
		count_up(lock_path, path, 200);
		_exit(0);
	}
	count_up(lock_path, path, 200);
	waitpid(pid, &status, 0);
	is_int(status, 0, "the other one counted");
	file = fopen(path, "r");
	ok(file && fscanf(file, "%d", &value) == 1 && value == 400,
	   "no count is lost: %d", value);
	if (file)
		fclose(file);
}

/* An exec'ed child must not keep the lock of its parent alive. */
static void test_exec(void)
{
	struct lock lock = LOCK_INIT;
	const char *path = in_scratch("e");
	pid_t pid;

	is_int(lock_take(&lock, path, 0, NULL), 0, "taken");
	pid = fork();
	if (pid == 0) {
		execlp("sleep", "sleep", "60", (char *)NULL);
		_exit(127);
	}
	nap(100);
	lock_release(&lock);
	is_int(lock_take(&lock, path, 2000, NULL), 0,
	       "free while the child runs");
	lock_release(&lock);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	scratch_begin();
	test_two_holders();
	test_bad_path();
	test_wait();
	test_killed();
	test_exclusion();
	test_exec();
	scratch_end();
	return done_testing();
}
