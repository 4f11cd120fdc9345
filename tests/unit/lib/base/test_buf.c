#include "lib/base/buf.h"

#include "tests/tap.h"

static void test_growth(void)
{
	struct buf buf = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	bool is_good = true;

	is_str(buf_text(&buf), "", "empty text is not NULL");
	is_int(buf_span(&buf).len, 0, "empty span");
	for (i = 0; i < 10000; i++)
		is_good = is_good && buf_add_char(&buf, (char)i, NULL) == 0;
	ok(is_good && buf.len == 10000, "10,000 characters");
	for (i = 0; i < 10000; i++)
		is_good = is_good && buf.data[i] == (char)i;
	ok(is_good, "are what was added");
	is_int(buf.data[buf.len], 0, "terminated");
	buf_reset(&buf);
	is_str(buf_text(&buf), "", "reset is empty");
	buf_release(&buf);
	buf_release(&buf);
	ok(!buf.data && !buf.len, "released twice");
}

static void test_limit(void)
{
	struct buf buf = BUF_INIT(5);
	struct err err = ERR_INIT;

	is_int(buf_add_str(&buf, "12345", &err), 0, "exactly the limit fits");
	is_int(buf_add_char(&buf, '6', &err), ERR_LIMIT, "one more does not");
	is_str(buf_text(&buf), "12345", "and nothing changed");
	ok(strstr(err.text, "5 bytes") != NULL, "the limit is named");
	is_int(buf_printf(&buf, NULL, "%d", 7), ERR_LIMIT, "printf as well");
	is_int(buf_reserve(&buf, (size_t)-1, NULL), ERR_LIMIT,
	       "no overflow in the sum");
	is_int(buf_add(&buf, "", 0, NULL), 0, "nothing always fits");
	buf_release(&buf);
}

static void test_pieces(void)
{
	struct buf buf = BUF_INIT(100);

	is_int(buf_add_u32(&buf, 0x01020304, NULL), 0, "u32");
	is_bytes(buf.data, buf.len, "\1\2\3\4", 4, "is big-endian");
	buf_reset(&buf);
	is_int(buf_printf(&buf, NULL, "%s-%03d", "a", 7), 0, "printf");
	is_int(buf_add_span(&buf, span_of("xyz", 2), NULL), 0, "span");
	is_str(buf_text(&buf), "a-007xy", "text of all");
	buf_wipe(&buf);
	ok(!buf.data, "wiped and released");
	is_int(buf_add_span(&buf, span_of(NULL, 0), NULL), 0, "absent span");
	is_str(buf_text(&buf), "", "adds nothing");
	buf_release(&buf);
}

/* A failure stays, what comes behind does nothing, and it is told once. */
static void test_built(void)
{
	struct buf buf = BUF_INIT(8);
	struct err err = ERR_INIT;

	buf_put_str(&buf, "ab");
	buf_put_char(&buf, 'c');
	buf_put_span(&buf, span_str("de"));
	buf_putf(&buf, "%d", 42);
	is_int(buf_end(&buf, &err), 0, "all of it fits");
	is_str(buf_text(&buf), "abcde42", "in its order");
	buf_put_u32(&buf, 7);
	buf_put_char(&buf, 'x');
	is_int(buf_end(&buf, &err), ERR_LIMIT, "then something does not");
	ok(strstr(err.text, "8 bytes") != NULL, "the limit is named");
	is_str(buf_text(&buf), "abcde42", "and nothing comes behind it");
	buf_fail(&buf, ERR_NOMEM);
	is_int(buf_end(&buf, NULL), ERR_LIMIT, "the first failure counts");
	buf_reset(&buf);
	is_int(buf_end(&buf, NULL), 0, "reset forgets it");
	buf_fail(&buf, 0);
	is_int(buf_end(&buf, NULL), 0, "success is no failure");
	buf_fail(&buf, ERR_INVALID);
	is_int(buf_end(&buf, NULL), ERR_INVALID, "one from outside");
	buf_release(&buf);
	is_int(buf_end(&buf, NULL), 0, "so does release");
}

static void test_settle(void)
{
	struct buf buf = BUF_INIT(8);
	struct err err = ERR_INIT;

	buf_put_str(&buf, "before");
	is_int(buf_settle(&buf, 0, &err), 0, "all fits");
	is_str(buf_text(&buf), "before", "and stays");
	buf_put_str(&buf, "x");
	buf_put_str(&buf, "too long");
	is_int(buf_settle(&buf, 6, &err), ERR_LIMIT, "something does not fit");
	is_str(buf_text(&buf), "before", "what was put behind it goes");
	is_int(buf_end(&buf, NULL), 0, "and the failure with it");
	buf_release(&buf);
	buf_fail(&buf, ERR_NOMEM);
	is_int(buf_settle(&buf, 0, NULL), ERR_NOMEM, "of one without memory");
	ok(!buf.len, "too");
}

static void test_span(void)
{
	ok(span_equals(span_str("ab"), span_of("abc", 2)), "equal");
	ok(!span_equals(span_str("ab"), span_str("abc")), "prefix not equal");
	ok(span_equals(span_str(NULL), span_str("")), "absent equals empty");
	ok(span_compare(span_str("ab"), span_str("abc")) < 0, "prefix first");
	ok(span_compare(span_str("\xff"), span_str("a")) > 0,
	   "bytes are unsigned");
	ok(span_compare(span_str("x"), span_str("x")) == 0, "same");
	ok(span_begins(span_str("abc"), "ab"), "begins");
	ok(!span_begins(span_str("a"), "ab"), "too short to begin");
}

int main(void)
{
	test_growth();
	test_limit();
	test_pieces();
	test_built();
	test_settle();
	test_span();
	return done_testing();
}
