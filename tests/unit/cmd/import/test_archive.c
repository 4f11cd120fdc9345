#include "cmd/import/input/archive.h"
#include "cmd/import/input/input.h"
#include "lib/base/xxh.h"
#include "lib/os/dir.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "tests/tap.h"
#include "tests/unit/zip_made.h"

static struct buf top = PATH_BUF_INIT;
static char large[INPUT_HEAD_BYTES + 100];	/* more than a head */

static char *in_top(const char *name)
{
	struct buf path = PATH_BUF_INIT;

	if (path_join(&path, buf_text(&top), name, NULL) < 0)
		bail_out("path");
	return path.data;
}

/* An archive of two files. */
static char *make_zip(const char *name, const char *a, const char *b)
{
	const struct made_member members[] = {
		{ .name = "a", .bytes = a },
		{ .name = "deep/b", .bytes = b, .is_deflated = true },
	};
	struct made_zip zip = MADE_ZIP;
	char *path = in_top(name);

	made_add(&zip, &members[0]);
	made_add(&zip, &members[1]);
	made_end(&zip, zip.count, false);
	if (file_write_atomic(path, buf_span(&zip.bytes), 0644, NULL) < 0)
		bail_out("cannot make %s", path);
	made_release(&zip);
	return path;
}

static struct import_input member_of(struct archive *archive,
				     const char *name)
{
	struct import_input input = IMPORT_INPUT_INIT;

	input.path = in_top(name);
	input.member = input.path + strlen(input.path) - strlen(name);
	input.archive = archive_hold(archive);
	return input;
}

static void test_members(struct archive *archive)
{
	struct import_input a = member_of(archive, "a");
	struct import_input b = member_of(archive, "deep/b");
	struct import_input none = member_of(archive, "c");
	unsigned char first[HASH128_BYTES];
	unsigned char second[HASH128_BYTES];
	struct err err = ERR_INIT;
	char byte;
	size_t len;

	is_int(input_open(&a, &err), 0, "a member opens");
	is_int(a.head.len, INPUT_HEAD_BYTES, "with its head");
	is_int(a.size, strlen(large), "and its size");
	is_int(input_open(&b, &err), 0, "another opens");
	is_int(input_load(&b, 10, &err), 0, "and loads");
	is_str(buf_text(&b.head), "two", "what it holds");
	is_int(input_load(&a, sizeof(large), &err), ERR_INVALID,
	       "the first cannot be read on, and says so");
	err_clear(&err);
	input_close(&a);
	is_int(input_open(&a, &err), 0, "unless it is opened again");
	ok(input_read(&a, &byte, 1, &len, &err) == 0 && byte == 'o',
	   "and gives its bytes");
	is_int(input_hash(&a, first, &err), 0, "its hash");
	is_int(input_hash(&b, second, &err), 0, "and the other's");
	ok(memcmp(first, second, sizeof(first)), "differ");
	is_int(input_open(&none, &err), ERR_NOT_FOUND, "one that is not there");
	input_release(&a);
	input_release(&b);
	input_release(&none);
}

static void test_one_is_open(struct archive *one, struct archive *two,
			     struct archive *const *slot)
{
	struct import_input in_one = member_of(one, "a");
	struct import_input in_two = member_of(two, "a");
	struct err err = ERR_INIT;

	ok(input_open(&in_one, &err) == 0 && *slot == one,
	   "an archive is open");
	ok(input_open(&in_two, &err) == 0 && *slot == two,
	   "another takes its place");
	is_int(input_load(&in_one, sizeof(large), &err), ERR_INVALID,
	       "who read the one was cut off");
	err_clear(&err);
	is_str(buf_text(&in_two.head), "three", "who reads the other reads");
	input_close(&in_one);
	ok(input_open(&in_one, &err) == 0 && *slot == one, "and back");
	ok(input_load(&in_one, sizeof(large), &err) == 0 &&
	   !strcmp(buf_text(&in_one.head), large), "to the same");
	input_release(&in_one);
	input_release(&in_two);
}

int main(void)
{
	struct archive *slot = NULL;
	struct archive *one = NULL;
	struct archive *two = NULL;
	char *path;

	if (dir_make_temp("/tmp", "archive", &top, NULL) < 0)
		bail_out("no folder");
	memset(large, 'o', sizeof(large) - 1);
	path = make_zip("one.zip", large, "two");
	is_int(archive_new(path, &slot, &one, NULL), 0, "an archive");
	free(path);
	path = make_zip("two.zip", "three", "four");
	is_int(archive_new(path, &slot, &two, NULL), 0, "another");
	free(path);
	ok(!slot, "neither is open yet");
	test_members(one);
	test_one_is_open(one, two, &slot);
	archive_drop(one);
	ok(!slot, "with its last holder it closes");
	archive_drop(two);
	archive_drop(NULL);
	if (dir_remove_all("/tmp", buf_text(&top), NULL) < 0)
		bail_out("cannot clean up");
	buf_release(&top);
	return done_testing();
}
