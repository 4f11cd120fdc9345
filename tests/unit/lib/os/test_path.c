#include "lib/os/path.h"

#include "tests/tap.h"

static void is_joined(const char *dir, const char *name, const char *want)
{
	struct buf out = PATH_BUF_INIT;

	is_int(path_join(&out, dir, name, NULL), 0, "joined");
	is_str(buf_text(&out), want, want);
	buf_release(&out);
}

static void test_join(void)
{
	struct buf path = BUF_INIT(10);

	is_joined("a", "b", "a/b");
	is_joined("a/", "b", "a/b");
	is_joined("/", "b", "/b");
	is_joined("", "b", "b");
	is_int(path_join(&path, "12345", "6789", NULL), 0, "the longest");
	is_int(path_join(&path, buf_text(&path), "x", NULL), ERR_LIMIT,
	       "is long enough");
	is_str(buf_text(&path), "12345/6789", "and stands");
	is_int(path_join(&path, "a", "b", NULL), 0, "joined again");
	is_int(path_join(&path, buf_text(&path), "c", NULL), 0,
	       "onto its own text");
	is_str(buf_text(&path), "a/b/c", "which is read first");
	is_int(path_add(&path, "d", NULL), 0, "added");
	is_str(buf_text(&path), "a/b/c/d", "one component");
	is_int(path_add(&path, "1234", NULL), ERR_LIMIT, "too long to add");
	is_str(buf_text(&path), "a/b/c/d", "changes nothing");
	buf_release(&path);
}

static void is_parent(const char *path, const char *want)
{
	struct buf out = PATH_BUF_INIT;

	is_int(path_parent(&out, path, NULL), 0, "has a parent");
	is_str(buf_text(&out), want, path);
	buf_release(&out);
}

static void test_parent(void)
{
	is_parent("a/b", "a");
	is_parent("a//b", "a");
	is_parent("a", ".");
	is_parent("/a", "/");
	is_parent("//a", "/");
	is_parent("/", "/");
	is_str(path_base("a/b"), "b", "base");
	is_str(path_base("b"), "b", "base alone");
	is_str(path_base("a/"), "", "no base");
}

static void test_inside(void)
{
	ok(path_is_inside("/a", "/a/b"), "below");
	ok(path_is_inside("/a", "/a"), "itself");
	ok(path_is_inside("/a/", "/a//./b"), "spelled otherwise");
	ok(path_is_inside("/", "/a"), "the root folder");
	ok(path_is_inside("a", "a/b"), "both relative");
	ok(!path_is_inside("/a", "/ab"), "a longer name");
	ok(!path_is_inside("/a/b", "/a"), "above");
	ok(!path_is_inside("/a", "a/b"), "one relative");
	ok(!path_is_inside("/a", "/a/../b"), "dots");
	ok(!path_is_inside("/a/..", "/a"), "dots in the root");
	ok(path_is_inside("../a", "../a/b"), "the same dots in both");
	ok(path_is_inside("/a/..", "/a/./../b"), "also behind a name");
	ok(!path_is_inside("..", "../.."), "but no more of them");
	ok(!path_is_inside("../a", "../a/../a"), "nor back and forth");
	ok(!path_is_inside(".", ".."), "nor out of here");
	ok(path_is_inside("/a", "/a/..b"), "a name that begins with dots");
}

int main(void)
{
	test_join();
	test_parent();
	test_inside();
	return done_testing();
}
