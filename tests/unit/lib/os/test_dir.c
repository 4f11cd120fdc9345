#include "lib/os/dir.h"

#include <sys/stat.h>

#include "lib/os/file.h"
#include "tests/unit/fixture.h"

static void write_file(const char *name)
{
	if (file_write_atomic(in_scratch(name), span_str("x"), 0600, NULL) < 0)
		bail_out("cannot write %s", name);
}

static void test_make_below(void)
{
	static const char *const names[] = { "b", "b/c", "b/c/d", "e", NULL };
	static const char *const blocked[] = { "g", "f", NULL };
	static const char *const astray[] = { "h/i", NULL };

	is_int(dir_make_below(scratch, names, 0700, NULL), 0, "several");
	ok(file_is_dir(in_scratch("b/c/d")) && file_is_dir(in_scratch("e")),
	   "are there");
	is_int(dir_make_below(scratch, names, 0700, NULL), 0, "again");
	is_int(dir_make_below(scratch, blocked, 0700, NULL), ERR_EXISTS,
	       "a file is in the way of one");
	is_int(dir_make_below(scratch, astray, 0700, NULL), ERR_NOT_FOUND,
	       "the one above is not named");
	is_int(dir_make_below(in_scratch("none"), names, 0700, NULL),
	       ERR_NOT_FOUND, "no base");
}

static void test_make(void)
{
	struct err err = ERR_INIT;

	is_int(dir_make(in_scratch("a"), 0700, NULL), 0, "made");
	is_int(dir_make(in_scratch("a"), 0700, NULL), 0, "made again");
	is_int(dir_make(in_scratch("x/y"), 0700, NULL), ERR_NOT_FOUND,
	       "no parent");
	is_int(dir_make_all(in_scratch("x/y//z/"), 0700, NULL), 0, "made all");
	ok(file_is_dir(in_scratch("x/y/z")), "down to the last");
	write_file("f");
	is_int(dir_make(in_scratch("f"), 0700, &err), ERR_EXISTS,
	       "a file is in the way");
	is_int(dir_make_all(in_scratch("f/g"), 0700, NULL), ERR_EXISTS,
	       "or above");
	test_make_below();
	is_int(dir_sync(scratch, NULL), 0, "synced");
	is_int(dir_sync(in_scratch("none"), NULL), ERR_NOT_FOUND, "none");
}

static int add_name(void *context, const char *name, enum dir_kind kind,
		    struct err *err)
{
	return buf_printf(context, err, "%s:%d ", name, (int)kind);
}

static int stop_at_b(void *context, const char *name, enum dir_kind kind,
		     struct err *err)
{
	(void)kind;
	(void)context;
	if (!strcmp(name, "b"))
		return err_set(err, ERR_CANCELED, "enough");
	return 0;
}

static int remove_all_of(void *context, const char *name, enum dir_kind kind,
			 struct err *err)
{
	(void)kind;
	++*(int *)context;
	(void)name;
	(void)unlink(in_scratch("list/b"));
	(void)unlink(in_scratch("list/\xff"));
	(void)err;
	return 0;
}

static void test_each(void)
{
	struct buf seen = BUF_INIT(1000);
	int count = 0;

	is_int(dir_make(in_scratch("list"), 0700, NULL), 0, "a folder");
	is_int(dir_each(in_scratch("list"), add_name, &seen, NULL), 0,
	       "an empty one");
	is_str(buf_text(&seen), "", "calls nobody");
	write_file("list/b");
	write_file("list/\xff");
	write_file("list/B");
	if (mkdir(in_scratch("list/a"), 0700) < 0 ||
	    symlink("a", in_scratch("list/c")) < 0 ||
	    mkfifo(in_scratch("list/d"), 0600) < 0)
		bail_out("cannot make entries");
	is_int(dir_each(in_scratch("list"), add_name, &seen, NULL), 0,
	       "listed");
	is_str(buf_text(&seen), "B:0 a:1 b:0 c:2 d:3 \xff:0 ",
	       "in the order of bytes, with kinds");
	is_int(dir_each(in_scratch("list"), stop_at_b, NULL, NULL),
	       ERR_CANCELED, "a callback stops it");
	is_int(dir_each(in_scratch("list"), remove_all_of, &count, NULL), 0,
	       "a callback that removes");
	is_int(count, 4, "what is gone is not shown");
	is_int(dir_each(in_scratch("none"), add_name, &seen, NULL),
	       ERR_NOT_FOUND, "none");
	is_int(dir_each(in_scratch("f"), add_name, &seen, NULL), ERR_IO,
	       "a file is no folder");
	buf_release(&seen);
}

static void test_remove_bounds(void)
{
	char root[FIXTURE_PATH_MAX * 2];

	snprintf(root, sizeof(root), "%s/root", scratch);
	if (dir_make_all(in_scratch("root/in/deep"), 0700, NULL) < 0 ||
	    dir_make_all(in_scratch("outside/deep"), 0700, NULL) < 0 ||
	    symlink("../outside", in_scratch("root/link")) < 0)
		bail_out("cannot make folders");
	is_int(dir_remove_all(root, root, NULL), ERR_DENIED, "not the root");
	is_int(dir_remove_all(root, in_scratch("outside"), NULL), ERR_DENIED,
	       "not outside");
	is_int(dir_remove_all(root, in_scratch("root/../outside"), NULL),
	       ERR_DENIED, "not by dots");
	is_int(dir_remove_all(root, in_scratch("root2"), NULL), ERR_DENIED,
	       "not a longer name");
	is_int(dir_remove_all("", "x", NULL), ERR_DENIED, "not without root");
	is_int(dir_remove_all(root, in_scratch("root/link/deep"), NULL),
	       ERR_DENIED, "not through a symlink");
	ok(file_is_dir(in_scratch("outside/deep")) &&
	   file_is_dir(in_scratch("root/in/deep")), "all of it stands");
	is_int(dir_remove_all(root, in_scratch("root/link"), NULL), 0,
	       "a symlink itself");
	ok(!file_exists(in_scratch("root/link")) &&
	   file_is_dir(in_scratch("outside/deep")), "goes, not its target");
}

static void test_remove(void)
{
	char root[FIXTURE_PATH_MAX * 2];

	snprintf(root, sizeof(root), "%s/root/.//", scratch);
	if (symlink("../../outside", in_scratch("root/in/link")) < 0 ||
	    symlink("nowhere", in_scratch("root/in/deep/dead")) < 0)
		bail_out("cannot make symlinks");
	write_file("root/in/deep/f");
	write_file("root/in/g");
	is_int(dir_remove_all(root, in_scratch("root/./in//deep"), NULL), 0,
	       "a folder below");
	ok(!file_exists(in_scratch("root/in/deep")) &&
	   file_exists(in_scratch("root/in/g")), "and nothing else");
	is_int(dir_remove_all(root, in_scratch("root/in"), NULL), 0,
	       "a folder with a symlink");
	ok(!file_exists(in_scratch("root/in")) &&
	   file_is_dir(in_scratch("outside/deep")),
	   "which is not followed");
	is_int(dir_remove_all(root, in_scratch("root/in"), NULL), 0, "twice");
	is_int(dir_remove_all(root, in_scratch("root/no/such"), NULL), 0,
	       "a missing path");
	write_file("root/f");
	is_int(dir_remove_all(root, in_scratch("root/f"), NULL), 0, "a file");
	ok(!file_exists(in_scratch("root/f")), "goes as well");
}

static void test_depth(void)
{
	struct buf path = BUF_INIT(PATH_TEXT_MAX);
	int i;
	int rc = path_join(&path, scratch, "deep", NULL);

	for (i = 0; i < 80 && rc == 0; i++)
		rc = path_add(&path, "d", NULL);
	is_int(rc == 0 ? dir_make_all(buf_text(&path), 0700, NULL) : rc, 0,
	       "80 levels");
	is_int(dir_remove_all(scratch, in_scratch("deep"), NULL), ERR_LIMIT,
	       "are too deep to remove");
	is_int(dir_remove_all(scratch, in_scratch("deep/d/d/d/d/d/d/d/d/d/d/d/"
						  "d/d/d/d/d/d/d/d/d/d/d/d/d"),
			      NULL), 0, "the lower part is not");
	is_int(dir_remove_all(scratch, in_scratch("deep"), NULL), 0,
	       "nor the rest");
	buf_release(&path);
}

static void test_temp(void)
{
	struct buf one = BUF_INIT(PATH_TEXT_MAX);
	struct buf two = BUF_INIT(PATH_TEXT_MAX);
	struct stat status;

	is_int(dir_make_temp(scratch, "q-", &one, NULL), 0, "a temp folder");
	is_int(dir_make_temp(scratch, "q-", &two, NULL), 0, "another");
	ok(strcmp(buf_text(&one), buf_text(&two)) != 0, "of another name");
	ok(stat(buf_text(&one), &status) == 0 &&
	   (status.st_mode & 0777) == 0700, "for us alone");
	is_int(dir_make_temp(in_scratch("none"), "q-", &one, NULL),
	       ERR_NOT_FOUND, "none without a folder");
	buf_release(&one);
	buf_release(&two);
}

static void unmakes(const char *path, const char *want_top)
{
	struct buf top = PATH_BUF_INIT;

	is_int(dir_make_all_new(path, 0700, &top, NULL), 0, path);
	is_str(buf_text(&top), want_top, "the topmost that is new");
	dir_unmake(path, buf_text(&top));
	ok(access(want_top, F_OK) < 0, "it is gone again");
	buf_release(&top);
}

static void test_unmake(void)
{
	struct buf top = PATH_BUF_INIT;
	char here[FIXTURE_PATH_MAX];

	if (!getcwd(here, sizeof(here)) || chdir(scratch) < 0 ||
	    dir_make_all("old/er", 0700, NULL) < 0)
		bail_out("cannot go to a folder of its own");
	unmakes("old/er/a/b/c", "old/er/a");
	unmakes("old//er//a///b//", "old//er//a");
	unmakes("new", "new");
	unmakes("new/er", "new");
	unmakes("./old/../new/er", "./old/../new");
	ok(access("old/er", F_OK) == 0, "what was there stays");
	is_int(dir_make_all_new("old/er", 0700, &top, NULL), 0, "all there");
	dir_unmake("old/er", buf_text(&top));
	ok(access("old/er", F_OK) == 0, "and stays");
	is_int(dir_make_all_new("old/er/a/b", 0700, &top, NULL), 0, "two");
	is_int(dir_make("old/er/a/other", 0700, NULL), 0, "another's");
	dir_unmake("old/er/a/b", buf_text(&top));
	ok(access("old/er/a/other", F_OK) == 0, "what is not empty stays");
	buf_release(&top);
	if (chdir(here) < 0)
		bail_out("cannot go back");
}

int main(void)
{
	scratch_begin();
	test_make();
	test_each();
	test_remove_bounds();
	test_remove();
	test_depth();
	test_temp();
	test_unmake();
	scratch_end();
	ok(!file_exists(scratch), "the scratch folder is gone");
	return done_testing();
}
