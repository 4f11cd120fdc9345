/*
 * Watched folders: what is told of them, to whom.
 */
#include "lib/os/notify.h"

#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "tests/unit/fixture.h"

static struct {
	uint64_t changed;
	uint64_t lost;
	size_t folders;
	char name[64];		/* the last one */
} came;

static void take_change(void *arg, uint64_t owners, const char *name,
			bool is_folder)
{
	(void)arg;
	came.changed |= owners;
	came.folders += is_folder;
	snprintf(came.name, sizeof(came.name), "%s", name);
}

static void take_loss(void *arg, uint64_t owners)
{
	(void)arg;
	came.lost |= owners;
}

static const struct notify_calls calls = { NULL, take_change, take_loss };

/* Take until all these have been told of something, or nothing comes. */
static void take(struct notify *notify, uint64_t wanted)
{
	struct pollfd ready = { notify_fd(notify), POLLIN, 0 };

	memset(&came, 0, sizeof(came));
	while ((wanted & ~(came.changed | came.lost) || !wanted) &&
	       poll(&ready, 1, wanted ? 20000 : 50) > 0)
		notify_take(notify, &calls);
}

static void append(const char *name)
{
	FILE *file = fopen(in_scratch(name), "a");

	if (!file || fputs("more\n", file) < 0 || fclose(file))
		bail_out("cannot append to a file");
}

static void make_folder(const char *name)
{
	if (dir_make_all(in_scratch(name), 0700, NULL) < 0)
		bail_out("cannot make a folder");
}

static struct notify *new_notify(const char *folder, unsigned owner)
{
	struct notify *notify = NULL;

	if (notify_open(&notify, NULL) < 0)
		bail_out("nothing can be watched here");
	make_folder(folder);
	is_int(notify_add(notify, in_scratch(folder), owner, true, NULL), 0,
	       "a folder is watched");
	return notify;
}

static void test_changes(void)
{
	struct notify *notify = new_notify("a", 3);
	struct err err = ERR_INIT;

	make_folder("b/deep");
	is_int(notify_add(notify, in_scratch("b"), 5, true, NULL), 0, "another");
	is_int(notify_add(notify, in_scratch("b"), 63, true, NULL), 0,
	       "by two of them");
	is_int(notify_add(notify, in_scratch("no"), 5, true, &err), ERR_NOT_FOUND,
	       "there is no such folder");
	take(notify, 0);
	ok(!came.changed && !came.lost, "nothing has come");
	append("a/file");
	take(notify, 8);
	ok(came.changed == 8 && !strcmp(came.name, "file") && !came.folders,
	   "a file came");
	take(notify, 0);
	append("b/deep/file");
	append("b/file");
	take(notify, 32);
	ok(came.changed == ((uint64_t)1 << 63 | 32),
	   "one that came to the other is told to both");
	take(notify, 0);
	append("a/file");
	take(notify, 8);
	ok(came.changed == 8, "it grew");
	take(notify, 0);
	unlink(in_scratch("a/file"));
	take(notify, 0);
	ok(!came.changed, "that it went is no change");
	make_folder("a/new");
	take(notify, 8);
	ok(came.folders == 1 && !strcmp(came.name, "new"), "a folder came");
	notify_free(notify);
}

static void test_folders_alone(void)
{
	struct notify *notify = new_notify("h", 4);

	is_int(notify_add(notify, in_scratch("h"), 6, false, NULL), 0,
	       "by one for folders alone");
	append("h/file");
	take(notify, 16);
	ok(came.changed == 16, "to whom no file is told");
	take(notify, 0);
	make_folder("h/folder");
	take(notify, 80);
	ok(came.changed == 80 && came.folders, "but a folder");
	notify_free(notify);
}

static void test_owners(void)
{
	struct notify *notify = new_notify("c", 0);

	make_folder("d");
	is_int(notify_add(notify, in_scratch("d"), 0, true, NULL), 0, "and another");
	is_int(notify_add(notify, in_scratch("d"), 1, true, NULL), 0, "by two");
	notify_begin(notify, 0);
	is_int(notify_add(notify, in_scratch("c"), 0, true, NULL), 0, "again");
	notify_end(notify, 0);
	append("d/file");
	append("c/file");
	take(notify, 3);
	ok(came.changed == 3, "both are told");
	take(notify, 0);
	append("d/file");
	take(notify, 2);
	ok(came.changed == 2, "not of what is watched no more");
	notify_begin(notify, 1);
	notify_end(notify, 1);
	take(notify, 0);
	append("d/file");
	append("c/file");
	take(notify, 1);
	ok(came.changed == 1, "nobody watches it");
	notify_free(notify);
}

static void test_losses(void)
{
	struct notify *notify = new_notify("e", 7);
	unsigned i;

	if (rename(in_scratch("e"), in_scratch("f")) < 0)
		bail_out("cannot move a folder");
	take(notify, 128);
	ok(came.lost == 128, "a folder that was moved is lost");
	notify_begin(notify, 7);
	notify_end(notify, 7);
	take(notify, 0);
	is_int(notify_add(notify, in_scratch("f"), 7, true, NULL), 0,
	       "where it is now it is watched");
	if (rmdir(in_scratch("f")) < 0)
		bail_out("cannot remove a folder");
	take(notify, 128);
	ok(came.lost == 128, "one that was removed is lost");
	make_folder("g");
	is_int(notify_add(notify, in_scratch("g"), 7, true, NULL), 0, "a new one");
	for (i = 0; i < 20000; i++)
		append(i % 2 ? "g/one" : "g/two");
	memset(&came, 0, sizeof(came));
	for (i = 0; i < 100 && !came.lost; i++)
		notify_take(notify, &calls);
	ok(came.lost & 128, "what was too much is lost");
	notify_free(notify);
}

int main(void)
{
	scratch_begin();
	test_changes();
	test_folders_alone();
	test_owners();
	test_losses();
	notify_free(NULL);
	scratch_end();
	return done_testing();
}
