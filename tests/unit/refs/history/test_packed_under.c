/* refs/history/packed_under: what halves find is what reading all finds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/file.h"
#include "refs/history/packed_under.h"
#include "tests/tap.h"

#define ID "0123456789012345678901234567890123456789"
#define SORTED "# pack-refs with: peeled fully-peeled sorted \n"
#define REFS 4000

static char path[] = "/tmp/packed.XXXXXX";

static void write_file(const char *head, const struct buf *lines)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(head, file) < 0 ||
	    fwrite(buf_text(lines), 1, lines->len, file) != lines->len ||
	    fclose(file) != 0)
		bail_out("cannot write %s", path);
}

/* refs/heads/c0000/d, c0001/d, ... every tenth a tag with what it points to. */
static void make_lines(struct buf *out)
{
	size_t i;

	for (i = 0; i < REFS; i++) {
		buf_putf(out, ID " refs/heads/c%04zu/d\n", i);
		if (i % 10 == 0)
			buf_put_str(out, "^" ID "\n");
	}
	buf_put_str(out, ID " refs/other/x\n");
}

static bool finds(const char *prefix, const char *want)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	int rc = packed_refs_under(path, prefix, &out, &err);
	bool is_good = rc == 0 && !strcmp(buf_text(&out), want);

	if (!is_good)
		diag("%s: %d %s: '%.200s'", prefix, rc, err.text,
		     buf_text(&out));
	buf_release(&out);
	return is_good;
}

static size_t count(const char *prefix)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	size_t n = 0, i;

	ok(packed_refs_under(path, prefix, &out, NULL) == 0, "%s", prefix);
	for (i = 0; i < out.len; i++)
		n += out.data[i] == '\n';
	buf_release(&out);
	return n;
}

static void test_file(const char *head)
{
	struct buf lines = BUF_INIT(BUF_NO_LIMIT);
	char prefix[64], want[128];
	size_t good = 0, i;

	make_lines(&lines);
	is_int(buf_end(&lines, NULL), 0, "lines");
	write_file(head, &lines);
	for (i = 0; i < REFS; i++) {
		snprintf(prefix, sizeof(prefix), "refs/heads/c%04zu/", i);
		snprintf(want, sizeof(want), ID " refs/heads/c%04zu/d\n", i);
		good += finds(prefix, want);
	}
	is_int(good, REFS, "each is found");
	is_int(count("refs/heads/"), REFS, "all of a folder");
	is_int(count("refs/"), REFS + 1, "all there are");
	is_int(count("refs/heads/c00"), 100, "a part of a name");
	ok(finds("refs/heads/a/", ""), "none before the first");
	ok(finds("refs/heads/c0005x", ""), "none between two");
	ok(finds("refs/zzz", ""), "none behind the last");
	/* The last line is whole without its end. */
	buf_cut(&lines, lines.len - 1);
	write_file(head, &lines);
	ok(finds("refs/other/", ID " refs/other/x\n"), "the last of all");
	buf_release(&lines);
}

static void test_odd(void)
{
	struct buf lines = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	write_file("", &lines);
	ok(finds("refs/", ""), "an empty file");
	write_file(SORTED, &lines);
	ok(finds("refs/", ""), "a header alone");
	for (i = 0; i < 40000; i++)
		buf_put_char(&lines, 'x');
	buf_put_str(&lines, "\n" ID " refs/heads/c/d\n");
	write_file(SORTED, &lines);
	ok(finds("refs/heads/c/", ID " refs/heads/c/d\n"),
	   "behind a line without an end");
	buf_reset(&lines);
	buf_put_str(&lines, ID " refs/heads/z/d\n" ID " refs/heads/b/d\n");
	write_file("", &lines);
	ok(finds("refs/heads/b/", ID " refs/heads/b/d\n"), "without an order");
	remove(path);
	ok(finds("refs/", ""), "no file");
	if (mkdir(path, 0700) < 0)
		bail_out("cannot make %s", path);
	is_int(packed_refs_under(path, "refs/", &lines, NULL), ERR_DENIED,
	       "a folder");
	remove(path);
	buf_release(&lines);
}

int main(void)
{
	int fd = mkstemp(path);

	if (fd < 0)
		bail_out("cannot make %s", path);
	close(fd);
	test_file(SORTED);
	test_file("");
	test_odd();
	return done_testing();
}
