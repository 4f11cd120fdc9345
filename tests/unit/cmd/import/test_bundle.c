#include "cmd/import/input/bundle.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "tests/tap.h"

static struct buf top = PATH_BUF_INIT;

static const char *in_top(const char *name)
{
	static struct buf path = PATH_BUF_INIT;

	if (path_join(&path, buf_text(&top), name, NULL) < 0)
		bail_out("path");
	return buf_text(&path);
}

static void make_file(const char *name, const char *text)
{
	if (file_write_atomic(in_top(name), span_str(text), 0644, NULL) < 0)
		bail_out("cannot make %s", name);
}

static void make_folder(const char *name)
{
	if (dir_make_all(in_top(name), 0755, NULL) < 0)
		bail_out("cannot make %s", name);
}

static void make_all(void)
{
	if (dir_make_temp("/tmp", "bundle", &top, NULL) < 0)
		bail_out("no folder");
	make_folder("a/b");
	make_folder("a-b");
	make_folder("empty");
	make_file("a/b/conversations.json", "[1]");
	make_file("a/x", "");
	make_file("a-b/file-1.png", "png");
	make_file("a/file-12.png", "png 12");
	make_file("z", "the last");
	if (symlink("z", in_top("link")) < 0 ||
	    symlink("a", in_top("folder-link")) < 0 ||
	    mkfifo(in_top("pipe"), 0644) < 0)
		bail_out("cannot make links");
}

static struct bundle *open_top(void)
{
	struct bundle *bundle = NULL;
	struct err err = ERR_INIT;

	if (bundle_open(buf_text(&top), &bundle, &err) < 0)
		bail_out("%s", err.text);
	return bundle;
}

static const char *names_of(const struct bundle *bundle)
{
	static struct buf names = BUF_INIT(4096);
	size_t i;

	buf_reset(&names);
	for (i = 0; i < bundle_count(bundle); i++) {
		if (buf_printf(&names, NULL, "%s:%d ",
			       bundle_at(bundle, i)->name,
			       (int)bundle_at(bundle, i)->size) < 0)
			bail_out("names");
	}
	return buf_text(&names);
}

static const char *base_of(const struct bundle *bundle, const char *prefix)
{
	const struct bundle_file *file =
		bundle_find_base(bundle, span_str(prefix));

	return file ? file->name : NULL;
}

static void test_list(void)
{
	struct bundle *bundle = open_top();

	is_str(names_of(bundle), "a-b/file-1.png:3 a/b/conversations.json:3 "
	       "a/file-12.png:6 a/x:0 z:8 ",
	       "regular files alone, by the bytes of their names");
	ok(!bundle_is_archive(bundle), "it is a folder");
	ok(!bundle_at(bundle, 5), "there is nothing behind the last");
	is_str(bundle_find(bundle, "a/x")->name, "a/x", "found by name");
	ok(!bundle_find(bundle, "a") && !bundle_find(bundle, "zz") &&
	   !bundle_find(bundle, "") && !bundle_find(bundle, "link"),
	   "folders, links and strangers are not found");
	is_str(base_of(bundle, "file-1"), "a-b/file-1.png",
	       "found by the begin of the last part");
	is_str(base_of(bundle, "file-12"), "a/file-12.png", "and the other");
	is_str(base_of(bundle, "z"), "z", "and one at the top");
	is_str(base_of(bundle, "conversations.json"),
	       "a/b/conversations.json", "and by all of it");
	is_str(base_of(bundle, "b"), NULL, "a folder is no file");
	is_str(base_of(bundle, "file-2"), NULL, "nor is what is not there");
	is_str(base_of(bundle, ""), "a/b/conversations.json",
	       "every name begins with nothing");
	bundle_free(bundle);
}

static void test_below(void)
{
	struct bundle *bundle = open_top();
	struct bundle *below = NULL;
	struct bundle *deeper = NULL;
	struct buf bytes = BUF_INIT(4096);
	struct err err = ERR_INIT;

	is_int(bundle_below(bundle, "a/", &below, &err), 0, "a part");
	is_str(names_of(below), "b/conversations.json:3 file-12.png:6 x:0 ",
	       "has the files below a folder");
	is_int(bundle_below(below, "b/", &deeper, &err), 0, "a part of it");
	is_str(names_of(deeper), "conversations.json:3 ", "has fewer");
	is_str(base_of(deeper, "conv"), "conversations.json", "finds them");
	is_int(bundle_load(deeper, bundle_at(deeper, 0), 3, &bytes, &err), 0,
	       "and reads them");
	is_str(buf_text(&bytes), "[1]", "as they are");
	bundle_free(deeper);
	bundle_free(below);
	is_int(bundle_below(bundle, "none/", &below, &err), 0, "of nothing");
	is_int(bundle_count(below), 0, "there is an empty part");
	is_str(base_of(below, ""), NULL, "where nothing is found");
	bundle_free(below);
	bundle_free(bundle);
	buf_release(&bytes);
}

static void test_read(void)
{
	struct bundle *bundle = open_top();
	const struct bundle_file *file = bundle_find(bundle, "z");
	struct buf bytes = BUF_INIT(4096);
	struct err err = ERR_INIT;
	struct feed feed;
	char block[16];
	size_t len;

	is_int(bundle_load(bundle, file, 8, &bytes, &err), 0, "all of a file");
	is_str(buf_text(&bytes), "the last", "is loaded");
	is_int(bundle_head(bundle, file, 3, &bytes, &err), 0, "its begin");
	is_str(buf_text(&bytes), "the", "replaces it");
	is_int(bundle_load(bundle, file, 7, &bytes, &err), ERR_LIMIT,
	       "a file may be too large");
	err_clear(&err);
	is_int(bundle_load(bundle, bundle_find(bundle, "a/x"), 0, &bytes,
			   &err), 0, "an empty file");
	is_int(bytes.len, 0, "is empty");
	is_int(bundle_feed(bundle, file, &feed, &err), 0, "a feed");
	ok(feed.read(feed.arg, block, 5, &len, &err) == 0 && len == 5 &&
	   feed.read(feed.arg, block + 5, 9, &len, &err) == 0 && len == 3 &&
	   !memcmp(block, "the last", 8), "gives the bytes");
	ok(feed.read(feed.arg, block, 5, &len, &err) == 0 && len == 0,
	   "and ends");
	if (unlink(in_top("z")) < 0 || symlink("a/x", in_top("z")) < 0)
		bail_out("cannot change the folder");
	ok(bundle_load(bundle, file, 8, &bytes, &err) < 0,
	   "a link that came later is not followed");
	bundle_free(bundle);
	buf_release(&bytes);
}

static void test_refused(void)
{
	struct bundle *bundle = NULL;
	struct err err = ERR_INIT;

	is_int(bundle_open(in_top("none"), &bundle, &err), ERR_NOT_FOUND,
	       "what is not there");
	err_clear(&err);
	ok(bundle_open(in_top("a/file-12.png"), &bundle, &err) < 0 &&
	   err.text[0] && !bundle, "a file that is no archive");
}

int main(void)
{
	make_all();
	test_list();
	test_below();
	test_read();
	test_refused();
	if (dir_remove_all("/tmp", buf_text(&top), NULL) < 0)
		bail_out("cannot clean up");
	buf_release(&top);
	return done_testing();
}
