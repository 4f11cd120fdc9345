/*
 * Lists of many sessions, whose file has pages that do not open.
 */
#include <fcntl.h>
#include <unistd.h>

#include "lib/os/dir.h"
#include "objects/store/store.h"
#include "refs/index/lists/lists_internal.h"
#include "refs/trust/open.h"
#include "refs/write/write.h"
#include "tests/unit/version_fixture.h"

static struct vault *vault;
static struct err err = ERR_INIT;

static void must(int rc, const char *what)
{
	if (rc < 0)
		bail_out("%s: %s", what, err.text);
}

/* Overwrite what stands behind three quarters: texts of sessions. */
static int damage(void *arg, const char *name, enum dir_kind kind,
		  struct err *why)
{
	static const char zeros[PAGE_BYTES];
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	off_t at;
	int fd;

	(void)arg;
	(void)kind;
	must(vault_local_path(vault, "index/many/lists/", &path, why), "path");
	buf_put_str(&path, name);
	fd = open(buf_text(&path), O_WRONLY);
	buf_release(&path);
	at = lseek(fd, 0, SEEK_END) / 4 * 3;
	ok(at > 2 * (off_t)PAGE_BYTES &&
	   pwrite(fd, zeros, sizeof(zeros), at) == (ssize_t)sizeof(zeros),
	   "a page is damaged");
	close(fd);
	return 0;
}

static void damage_file(void)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);

	must(vault_local_path(vault, "index/many/lists", &folder, &err), "path");
	must(dir_each(buf_text(&folder), damage, NULL, &err), "damage");
	buf_release(&folder);
}

/* Add one to n sessions. */
static void write_session(struct writer *writer, size_t n)
{
	struct record_parts parts = { .type = "session:create" };
	char at[HLC_TEXT_MAX];
	char entity[64];
	char data[128];

	must(vault_now(vault, at, &err), "clock");
	snprintf(entity, sizeof(entity), "session:m:%zu", n);
	snprintf(data, sizeof(data), "{\"created\":\"2023-01-01T%02zu:%02zu:"
		 "%02zuZ\",\"title\":\"of %zu and more\"}", n / 3600,
		 n / 60 % 60, n % 60, n);
	parts.at = at;
	parts.entity = span_str(entity);
	parts.data = span_str(data);
	must(writer_add_parts(writer, &parts, NULL, NULL, &err), "add");
}

static void write_many(size_t from, size_t to)
{
	struct writer *writer = NULL;
	struct write_result result;

	must(writer_new(vault, "many", WRITER_MAY_CREATE, &writer, &err),
	     "writer");
	for (; from < to; from++)
		write_session(writer, from);
	must(writer_commit(writer, "many", &result, &err), "commit");
	writer_free(writer);
}

/* How many of so many sessions are not told in their order? is_damaged: the
 * file is, when the first ones were told. */
static size_t count_wrong(size_t want, bool is_damaged)
{
	struct lists_session session;
	struct lists *lists = NULL;
	struct view *view = NULL;
	bool is_end = false;
	size_t wrong = 0;
	char title[64];
	size_t n;

	must(view_open(vault, "many", &view, &err), "view");
	must(lists_open(view, LISTS_KEEP_FROM, &lists, &err), "lists");
	for (n = 0; n <= want; n++) {
		if (is_damaged && n == 10)
			damage_file();
		must(lists_next(lists, &session, &is_end, &err), "next");
		if (is_end)
			break;
		snprintf(title, sizeof(title), "of %zu and more",
			 want - 1 - n);
		wrong += !span_equals(session.title, span_str(title));
	}
	lists_free(lists);
	view_free(view);
	return wrong + (want - n);
}

static void count_progress(void *arg, const char *what, uint64_t done,
			   uint64_t total)
{
	uint64_t *told = arg;

	if (strcmp(what, "listing") || done <= *told || total)
		bail_out("%s: %llu", what, (unsigned long long)done);
	*told = done;
}

/* Rows lie in more than one page. */
static void test_pages(void)
{
	uint64_t told = 0;

	write_many(0, 3000);
	vault->calls.progress = count_progress;
	vault->calls.arg = &told;
	is_int(count_wrong(3000, false), 0, "all of many are told");
	ok(told > 2000 && told < 3010, "of their folding is told: %llu",
	   (unsigned long long)told);
	told = 0;
	is_int(count_wrong(3000, false), 0, "also from what is known then");
	ok(!told, "which takes no folding");
	vault->calls = (struct vault_calls){ .tell = NULL };
	is_int(count_wrong(3000, true), 0, "also when a page does not open "
	       "behind those that were told already");
	write_many(3000, 3001);
	is_int(count_wrong(3001, false), 0, "and one more");
	damage_file();
	is_int(count_wrong(3001, false), 0, "also when what was known does not "
	       "open");
}

/* A file that opens and says something else, as no other than this device
 * could make it. */
static void test_false(void)
{
	struct lists_file file = LISTS_FILE_INIT;
	struct buf body = BUF_INIT(BUF_NO_LIMIT);
	struct lists_head head;
	struct view *view = NULL;
	const void *bytes = NULL;
	bool is_true = false;

	must(view_open(vault, "many", &view, &err), "view");
	/* A page that nothing had to read may still be damaged. */
	lists_files_drop(view);
	is_int(count_wrong(3001, 0), 0, "it is made anew");
	must(lists_check(view, &is_true, &err), "check");
	ok(is_true, "a file says what the fold says");
	must(lists_file_find(view, &file, &err), "find");
	head = *file.head;
	must(lists_file_piece(&file, 0, head.more, 1, &bytes, &err), "bytes");
	must(buf_add(&body, bytes, (size_t)head.more, &err), "copy");
	body.data[head.texts + head.texts_len - 1] ^= 1;
	lists_files_drop(view);
	must(lists_file_write(view, &head, &body, &err), "write");
	must(lists_check(view, &is_true, &err), "check");
	ok(!is_true, "one that is false is found");
	must(lists_check(view, &is_true, &err), "check");
	ok(is_true, "and is deleted");
	is_int(count_wrong(3001, false), 0, "so that it tells nothing");
	lists_file_release(&file);
	buf_release(&body);
	view_free(view);
}

int main(void)
{
	struct vault_options options = { .is_plain = true };

	scratch_begin();
	if (sodium_init() < 0)
		bail_out("libsodium");
	must(store_init_library(&err), "library");
	options.keys_folder = in_scratch("keys");
	must(vault_create(in_scratch("v"), &options, &vault, &err), "vault");
	test_pages();
	test_false();
	vault_close(vault);
	scratch_end();
	return done_testing();
}
