#include "lib/os/file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/fixture.h"

static void is_content(const char *path, const char *want, const char *name)
{
	struct buf buf = BUF_INIT(BUF_NO_LIMIT);

	if (file_read(path, 1000, &buf, NULL) < 0)
		ok(false, "%s (cannot read)", name);
	else
		is_str(buf_text(&buf), want, name);
	buf_release(&buf);
}

static int count_one(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	(void)name;
	(void)kind;
	(void)err;
	++*(int *)context;
	return 0;
}

static int entries(const char *path)
{
	int count = 0;

	return dir_each(path, count_one, &count, NULL) < 0 ? -1 : count;
}

static void test_atomic(void)
{
	const char *path = in_scratch("plain");
	struct stat status;
	mode_t old = umask(077);

	is_int(file_write_atomic(path, span_str("one"), 0644, NULL), 0,
	       "written");
	umask(old);
	is_content(path, "one", "with its content");
	ok(stat(path, &status) == 0 && (status.st_mode & 0777) == 0644,
	   "the mode is exact, whatever the umask");
	is_int(file_write_atomic(path, span_str("two"), 0600, NULL), 0,
	       "replaced");
	is_content(path, "two", "by the new content");
	ok(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600,
	   "and mode");
	is_int(entries(scratch), 1, "no temporary file is left");
}

static void test_unpublished(void)
{
	struct atomic_file file = ATOMIC_FILE_INIT;
	int before = entries(scratch);

	is_int(atomic_file_open(&file, in_scratch("never"), 0600, NULL), 0,
	       "begun");
	is_int(atomic_file_write(&file, span_str("x"), NULL), 0, "written");
	is_int(entries(scratch), before + 1, "a temporary file stands there");
	ok(!file_exists(in_scratch("never")), "the name does not");
	atomic_file_release(&file);
	is_int(entries(scratch), before, "release deletes it");
	atomic_file_release(&file);
	is_int(file_write_atomic(in_scratch("no/such/file"), span_str("x"),
				 0600, NULL), ERR_NOT_FOUND,
	       "a missing folder");
	is_int(file_write_atomic(in_scratch("plain/x"), span_str("x"), 0600,
				 NULL), ERR_IO, "a file as a folder");
}

static void test_publish_new(void)
{
	struct atomic_file file = ATOMIC_FILE_INIT;
	const char *path = in_scratch("new");
	int before = entries(scratch);
	int i;

	for (i = 0; i < 2; i++) {
		is_int(atomic_file_open(&file, path, 0600, NULL), 0, "begun");
		is_int(atomic_file_write(&file, span_str(i ? "b" : "a"), NULL),
		       0, "written");
		is_int(atomic_file_publish_new(&file, NULL),
		       i ? ERR_EXISTS : 0, "published once");
		atomic_file_release(&file);
	}
	is_content(path, "a", "the first one stays");
	is_int(entries(scratch), before + 1, "nothing else is left");
}

static void test_read(void)
{
	struct buf buf = BUF_INIT(BUF_NO_LIMIT);
	struct buf tight = BUF_INIT(3);
	const char *path = in_scratch("read");

	if (file_write_atomic(path, span_str("12345"), 0600, NULL) < 0)
		bail_out("cannot write");
	is_int(file_read(path, 5, &buf, NULL), 0, "exactly the limit");
	is_str(buf_text(&buf), "12345", "is read");
	is_int(file_read(path, 4, &buf, NULL), ERR_LIMIT, "more is not");
	is_str(buf_text(&buf), "12345", "and changes nothing");
	is_int(file_read(path, 100, &tight, NULL), ERR_LIMIT,
	       "the buffer has its limit too");
	is_int(file_read(in_scratch("none"), 5, &buf, NULL), ERR_NOT_FOUND,
	       "a missing file");
	is_int(file_read(scratch, 5, &buf, NULL), ERR_INVALID, "a folder");
	buf_reset(&buf);
	is_int(file_read("/proc/self/status", 100000, &buf, NULL), 0,
	       "a file that hides its size");
	ok(buf.len > 100, "is read all the same");
	is_int(file_read("/proc/self/status", 10, &buf, NULL), ERR_LIMIT,
	       "and bounded");
	is_int(file_read("/dev/zero", 100000, &buf, NULL), ERR_LIMIT,
	       "an endless one as well");
	buf_release(&tight);
	buf_release(&buf);
}

static void test_full_disk(void)
{
	struct err err = ERR_INIT;
	int fd = open("/dev/full", O_WRONLY);

	if (fd < 0) {
		skip(2, "no /dev/full here");
		return;
	}
	is_int(file_write_fd(fd, "full", span_str("x"), &err), ERR_IO,
	       "a full disk is an error");
	ok(strstr(err.text, "cannot write 'full': No space") != NULL,
	   "with its reason: %s", err.text);
	close(fd);
}

/* A real full disk, where we may mount one. */
static void test_small_disk(void)
{
	static char block[1000000];
	const char *folder = in_scratch("small");
	const char *path = in_scratch("small/file");

	if (dir_make(folder, 0700, NULL) < 0 ||
	    mount("tmpfs", folder, "tmpfs", MS_NOSUID, "size=64k") < 0) {
		skip(5, "no right to mount a small disk");
		return;
	}
	is_int(file_write_atomic(path, span_str("old"), 0600, NULL), 0,
	       "a small file fits");
	is_int(file_write_atomic(path, span_of(block, sizeof(block)), 0600,
				 NULL), ERR_IO, "a large one does not");
	is_content(path, "old", "the old content stands");
	is_int(entries(folder), 1, "no temporary file is left");
	if (umount(folder) < 0)
		diag("cannot unmount %s", folder);
}

/* In a child, because the limit is for the whole process. */
static void test_write_limit(void)
{
	static char block[100000];
	const char *path = in_scratch("plain");
	int before = entries(scratch);
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct rlimit limit = { 50000, 50000 };

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		_exit(file_write_atomic(path, span_of(block, sizeof(block)),
					0600, NULL) == ERR_IO ? 0 : 1);
	}
	ok(waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	   WEXITSTATUS(status) == 0, "a write that fails half-way is ERR_IO");
	is_content(path, "two", "the old content stands");
	is_int(entries(scratch), before, "no temporary file is left");
}

/* A killed writer leaves the old file and at most a .tmp- beside it. */
static void test_killed(void)
{
	const char *path = in_scratch("plain");
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct atomic_file file = ATOMIC_FILE_INIT;

		if (atomic_file_open(&file, path, 0600, NULL) == 0 &&
		    atomic_file_write(&file, span_str("half"), NULL) == 0)
			kill(getpid(), SIGKILL);
		_exit(1);
	}
	ok(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status),
	   "a writer is killed");
	is_content(path, "two", "the old content stands");
}

static void test_copy(void)
{
	const char *path = in_scratch("gone");

	is_int(file_write_atomic(path, span_str("x"), 0400, NULL), 0, "made");
	is_int(file_remove(path, NULL), 0, "removed");
	ok(!file_exists(path), "it is gone");
	is_int(file_remove(path, NULL), 0, "twice");
	is_int(file_remove(in_scratch("no/gone"), NULL), 0,
	       "or where no folder is");
}

static void test_map(void)
{
	struct file_map map = FILE_MAP_INIT;

	is_int(file_map_open(&map, in_scratch("read"), 5, NULL), 0, "mapped");
	is_bytes(map.bytes.at, map.bytes.len, "12345", 5, "the bytes");
	file_map_release(&map);
	file_map_release(&map);
	ok(!map.bytes.at, "released twice");
	is_int(file_map_open(&map, in_scratch("read"), 4, NULL), ERR_LIMIT,
	       "too large");
	is_int(file_map_open(&map, scratch, 5, NULL), ERR_INVALID, "a folder");
	is_int(file_map_open(&map, in_scratch("none"), 5, NULL),
	       ERR_NOT_FOUND, "none");
	if (file_write_atomic(in_scratch("empty"), span_str(""), 0600, NULL))
		bail_out("cannot write");
	is_int(file_map_open(&map, in_scratch("empty"), 5, NULL), 0, "empty");
	ok(map.bytes.at && !map.bytes.len, "an empty span that is not absent");
	file_map_release(&map);
}

static void test_kinds(void)
{
	ok(symlink("nowhere", in_scratch("dead")) == 0 &&
	   file_exists(in_scratch("dead")), "a dead symlink exists");
	ok(!file_is_dir(in_scratch("dead")), "and is no folder");
	ok(file_is_dir(scratch) && !file_is_dir(in_scratch("read")),
	   "folders and files");
}

/* base NULL: it cannot be settled. */
static void settles(const char *path, const char *base, const char *rest,
		    const char *what)
{
	struct buf buf = PATH_BUF_INIT;
	char want[2 * FIXTURE_PATH_MAX];

	snprintf(want, sizeof(want), "%s%s", base ? base : "", rest);
	if (buf_add_str(&buf, path, NULL) < 0)
		bail_out("no memory");
	is_int(file_settle(&buf, NULL), base ? 0 : ERR_NOT_FOUND, what);
	is_str(buf_text(&buf), base ? want : path, what);
	buf_release(&buf);
}

static void test_settle(void)
{
	char before[FIXTURE_PATH_MAX];
	char here[FIXTURE_PATH_MAX];

	if (dir_make_all(in_scratch("settle/in/side"), 0700, NULL) < 0 ||
	    !getcwd(before, sizeof(before)) ||
	    chdir(in_scratch("settle/in")) < 0 || !getcwd(here, sizeof(here)))
		bail_out("cannot go to a folder of its own");
	settles("", here, "", "nothing is here");
	settles("side/./../side/", here, "/side", "what exists is resolved");
	settles("nope", here, "/nope", "what is new is kept");
	settles("nope/more/", here, "/nope/more/", "with more below");
	settles("side/../../new", in_scratch("settle"), "/new", "and above");
	settles("nope/../x", NULL, "", "not back out of what is not there");
	settles("nope/..", NULL, "", "nor at the end");
	settles("/", "/", "", "the root");
	settles("/nope-nope", "/", "nope-nope", "below the root");
	is_int(symlink("side", "link"), 0, "a symlink");
	settles("link/x", here, "/side/x", "is resolved");
	rmdir(in_scratch("settle/in/side"));
	settles("link", here, "/link", "a dead one is kept");
	if (chdir(before) < 0)
		bail_out("cannot go back");
}

int main(void)
{
	scratch_begin();
	test_atomic();
	test_unpublished();
	test_publish_new();
	test_read();
	test_full_disk();
	test_small_disk();
	test_write_limit();
	test_killed();
	test_copy();
	test_map();
	test_kinds();
	test_settle();
	scratch_end();
	return done_testing();
}
