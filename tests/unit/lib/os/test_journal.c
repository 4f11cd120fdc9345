/*
 * Journals: what was appended is read, a torn end costs one entry, and what
 * anybody else did to the file is noticed.
 */
#include <unistd.h>

#include "lib/os/file.h"
#include "lib/os/journal.h"
#include "tests/unit/fixture.h"

#define MAX 4096

static const unsigned char secret[LOCAL_SEAL_SECRET_BYTES] = { 1, 2, 3 };

static char path[FIXTURE_PATH_MAX * 2];
static char lock_path[FIXTURE_PATH_MAX * 2];
static struct local_seal seal;

static bool append(const char *text)
{
	struct journal journal = JOURNAL_INIT(MAX);
	bool is_refused = false;
	int rc = journal_open(&journal, path, lock_path, &seal, &is_refused,
			      NULL);

	if (rc == 0) {
		rc = journal_add(&journal, span_str(text), NULL);
		journal_close(&journal);
	}
	ok(rc == 0, "'%.20s' is appended", text);
	return is_refused;
}

static int take(void *arg, struct span entry, struct err *err)
{
	struct buf *all = arg;

	buf_put_span(all, entry);
	buf_put_char(all, ' ');
	return buf_end(all, err);
}

static int read_all(struct buf *out, bool *is_torn)
{
	const struct journal_visitor visitor = { take, out };

	buf_reset(out);
	return journal_each(path, &seal, 2 * MAX, &visitor, is_torn, NULL);
}

static void test_appended(void)
{
	struct buf all = BUF_INIT(BUF_NO_LIMIT);
	bool is_torn;

	ok(read_all(&all, &is_torn) == 0 && !all.len, "no file, no entry");
	append("one");
	append("two");
	append("three");
	ok(read_all(&all, &is_torn) == 0 && !is_torn, "they are read");
	is_str(buf_text(&all), "one two three ", "in their order");
	buf_release(&all);
}

/* Each shorter file, which a stop may leave. */
static void test_torn(void)
{
	struct buf whole = BUF_INIT(BUF_NO_LIMIT);
	struct buf all = BUF_INIT(BUF_NO_LIMIT);
	bool is_torn;
	size_t bad = 0;
	size_t len;

	if (file_read(path, MAX, &whole, NULL) < 0)
		bail_out("cannot read '%s'", path);
	for (len = 1; len < whole.len; len++) {
		if (file_write_atomic(path, span_of(whole.data, len), 0600,
				      NULL) < 0 ||
		    read_all(&all, &is_torn) < 0)
			bad++;
		if (strncmp("one two three ", buf_text(&all), all.len) != 0)
			bad++;
	}
	ok(!bad, "a shorter file has its whole entries");
	append("four");
	ok(read_all(&all, &is_torn) == 0 && !is_torn, "it is mended");
	is_str(buf_text(&all), "one two four ", "the torn one is gone");
	buf_release(&whole);
	buf_release(&all);
}

/* Every byte, one after the other. */
static void test_changed(void)
{
	struct buf whole = BUF_INIT(BUF_NO_LIMIT);
	struct buf all = BUF_INIT(BUF_NO_LIMIT);
	size_t last;
	size_t bad = 0;
	size_t i;
	bool is_torn;

	if (file_read(path, MAX, &whole, NULL) < 0)
		bail_out("cannot read '%s'", path);
	last = whole.len - 48 - JOURNAL_TAG - strlen("four");
	for (i = 0; i < whole.len; i++) {
		whole.data[i] ^= 1;
		if (file_write_atomic(path, buf_span(&whole), 0600, NULL) < 0)
			bad++;
		/* In the last, an end that was cut off is as good as one. */
		if (read_all(&all, &is_torn) == 0 && (!is_torn || i < last))
			bad++;
		whole.data[i] ^= 1;
	}
	ok(!bad, "every changed byte is noticed: %zu were not", bad);
	if (file_write_atomic(path, buf_span(&whole), 0600, NULL) < 0)
		bail_out("cannot write '%s'", path);
	buf_release(&whole);
	buf_release(&all);
}

static void test_bounded(void)
{
	struct buf all = BUF_INIT(BUF_NO_LIMIT);
	char text[200];
	bool is_torn;
	int i;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (i = 0; i < 40; i++)
		append(text);
	append("newest");
	ok(read_all(&all, &is_torn) == 0, "after the oldest went");
	ok(all.len < MAX && strstr(buf_text(&all), "newest ") &&
	   !strstr(buf_text(&all), "four"), "the newest are kept");
	buf_release(&all);
}

static void test_others(void)
{
	struct buf all = BUF_INIT(BUF_NO_LIMIT);
	bool is_torn;

	local_seal_init(&seal, secret, "journal", "other");
	ok(read_all(&all, &is_torn) == ERR_UNTRUSTED, "another's is refused");
	ok(append("mine"), "and put aside");
	ok(read_all(&all, &is_torn) == 0, "a new one begins");
	is_str(buf_text(&all), "mine ", "with what came since");
	buf_release(&all);
}

int main(void)
{
	scratch_begin();
	snprintf(path, sizeof(path), "%s/journal", scratch);
	snprintf(lock_path, sizeof(lock_path), "%s/lock", scratch);
	local_seal_init(&seal, secret, "journal", "this");
	test_appended();
	test_torn();
	test_changed();
	test_bounded();
	test_others();
	scratch_end();
	return done_testing();
}
