#include "cmd/import/parse/value_lines.h"
#include "lib/base/buf.h"
#include "tests/feed.h"
#include "tests/tap.h"

/* A line of words on each value, a NUL being shown as 0. */
static int add_words(const struct value_line *line, struct buf *out)
{
	size_t i;
	int added = 0;

	for (i = 0; added >= 0 && i < line->text.len; i++)
		added = buf_add_char(out, line->text.at[i] ? line->text.at[i] :
				     '0', NULL);
	if (added >= 0)
		added = buf_printf(out, NULL, "@%d:%d%s%s%s%s|",
				   (int)line->line, (int)line->offset,
				   line->found == FOUND_ONE ? "" : " bad: ", line->why.text,
				   line->is_torn ? " torn" : "",
				   line->duplicates ? " twice" : "");
	if (line->found == FOUND_ONE && (!line->value || line->why.code))
		bail_out("a value is no value");
	return added;
}

static int next_found(struct value_lines *lines, struct value_line *line)
{
	int rc = value_lines_next(lines, line, NULL);

	return rc < 0 ? rc : (int)line->found;
}

static const char *read_all(struct fed fed)
{
	static struct buf out = BUF_INIT(1 << 16);
	struct feed feed = { fed_read, &fed };
	struct value_lines *lines = NULL;
	struct err err = ERR_INIT;
	struct value_line line;
	int rc;

	buf_reset(&out);
	if (value_lines_new(feed, &lines, &err) < 0)
		bail_out("%s", err.text);
	while ((rc = value_lines_next(lines, &line, &err)) == 0 &&
	       line.found != FOUND_END) {
		if (add_words(&line, &out) < 0)
			bail_out("out of memory");
	}
	if (buf_printf(&out, NULL, "%d %s", rc, err.text) < 0)
		bail_out("out of memory");
	value_lines_free(lines);
	return buf_text(&out);
}

static void check_bytes(struct span text, const char *want)
{
	struct fed fed = { text, 0, 0, false };

	is_str(read_all(fed), want, want);
	fed.step = 1;
	is_str(read_all(fed), want, "the same, byte by byte");
}

static void check(const char *text, const char *want)
{
	check_bytes(span_str(text), want);
}

static void test_lines(void)
{
	check("", "0 ");
	check("\n", "0 ");
	check("\n \r\n\t\n", "0 ");
	check("{}\n[1]\n", "{}@1:0|[1]@2:3|0 ");
	check("{}\n[1]", "{}@1:0|[1]@2:3|0 ");
	check("\xef\xbb\xbf{}\r\n\r\n [1] \r\n", "{}@1:3|[1]@3:10|0 ");
	check("{\"a\":1}{\"b\":2} 3\n4", "{\"a\":1}@1:0|{\"b\":2}@1:7|3@1:15|"
	      "4@2:17|0 ");
	check("{\"a\":1,\"a\":2}\n", "{\"a\":1,\"a\":2}@1:0 twice|0 ");
	check("\"\\ud800\"\n", "\"\\ud800\"@1:0|0 ");
	check("\"a\\nb\"", "\"a\\nb\"@1:0|0 ");
}

static void test_bad(void)
{
	check("x\n1\n", "x@1:0 bad: no value at line 1, column 1 (byte 0)|"
	      "1@2:2|0 ");
	check("1\n{\"a\":tru}\r\n2",
	      "1@1:0|{\"a\":tru}\r@2:2 bad: no value at line 2, column 6 "
	      "(byte 7)|2@3:13|0 ");
	check("1 {\"a\"}\n2", "1@1:0| {\"a\"}@1:1 bad: no colon at line 1, "
	      "column 7 (byte 6)|2@2:8|0 ");
	check("[1\n,2]\n", "[1@1:0 bad: open container at line 1, column 3 "
	      "(byte 2)|,2]@2:3 bad: no value at line 2, column 1 (byte 3)"
	      "|0 ");
	check("NaN\n1\n", "NaN@1:0 bad: no value at line 1, column 1 "
	      "(byte 0)|1@2:4|0 ");
}

static void test_torn(void)
{
	check("{}\n{\"a", "{}@1:0|{\"a@2:3 bad: open string at line 2, column "
	      "4 (byte 6) torn|0 ");
	check("{}{\"a", "{}@1:0|{\"a@1:2 bad: open string at line 1, column 6 "
	      "(byte 5) torn|0 ");
	check("{}\n{\"a\n", "{}@1:0|{\"a@2:3 bad: open string "
	      "at line 2, column 4 (byte 6)|0 ");
}

/* Where a record was cut short and the next one is whole. */
static void test_spliced(void)
{
	static const char zeros[] = "{\"a\":\"x\0\0\0{\"b\":2}\n";
	static const char bare[] = "{\"a\":1\0{\"b\":2}\n";

	check("{\"a\":1,\"mess{\"b\":2}\n3", "{\"a\":1,\"mess@1:0 bad: a record "
	      "is cut short by the one that begins at line 1, column 13 "
	      "(byte 12)|{\"b\":2}@1:12|3@2:20|0 ");
	/* In a string, behind a backslash, a number, a word, a value. */
	check("{\"a\":\"b \\\"c{\"b\":{\"c\":2}}\n", "{\"a\":\"b \\\"c@1:0 bad: "
	      "a record is cut short by the one that begins at line 1, column "
	      "12 (byte 11)|{\"b\":{\"c\":2}}@1:11|0 ");
	check("{\"a\":\"b\\{\"b\":2}", "{\"a\":\"b\\@1:0 bad: a record is cut short "
	      "by the one that begins at line 1, column 9 (byte 8)|{\"b\":2}"
	      "@1:8|0 ");
	check("{\"a\":12{\"b\":2}", "{\"a\":12@1:0 bad: a record is cut short by "
	      "the one that begins at line 1, column 8 (byte 7)|{\"b\":2}@1:7"
	      "|0 ");
	check("{\"a\":{\"x\":1}{\"b\":2}", "{\"a\":{\"x\":1}@1:0 bad: a record is "
	      "cut short by the one that begins at line 1, column 13 (byte 12)"
	      "|{\"b\":2}@1:12|0 ");
	/* Three, of which two are cut; and what follows is as well. */
	check("{\"a\":\"x{\"b\":\"y{\"c\":3}{\"d\":4} {\"e", "{\"a\":\"x{\"b\":\"y@1:0 "
	      "bad: a record is cut short by the one that begins at line 1, "
	      "column 15 (byte 14)|{\"c\":3}@1:14|{\"d\":4}@1:21| {\"e@1:28 bad: "
	      "open string at line 1, column 33 (byte 32) torn|0 ");
	check_bytes(span_of(zeros, sizeof(zeros) - 1), "{\"a\":\"x000@1:0 bad: a "
		    "record is cut short by the one that begins at line 1, "
		    "column 11 (byte 10)|{\"b\":2}@1:10|0 ");
	/* In the place of a value: it is like the one that was cut. */
	check("{\"a\":1,\"b\":{\"a\":2,\"b\":3}\n", "{\"a\":1,\"b\":@1:0 bad: a record "
	      "is cut short by the one that begins at line 1, column 12 "
	      "(byte 11)|{\"a\":2,\"b\":3}@1:11|0 ");
	check("{\"a\":1,\"b\":{\"a\":2,\"c\":3}\n", "{\"a\":1,\"b\":{\"a\":2,\"c\":3}@1:0 "
	      "bad: open container at line 1, column 25 (byte 24)|0 ");
	check("x\"}{\"b\":2}", "x\"}@1:0 bad: a record is cut short by the one that "
	      "begins at line 1, column 4 (byte 3)|{\"b\":2}@1:3|0 ");
	check_bytes(span_of(bare, sizeof(bare) - 1), "{\"a\":10@1:0 bad: a "
		    "record is cut short by the one that begins at line 1, "
		    "column 8 (byte 7)|{\"b\":2}@1:7|0 ");
	/* What is inside a record is none; text that looks like one neither. */
	check("{\"a\":{\"b\":2}\n", "{\"a\":{\"b\":2}@1:0 bad: open container at line "
	      "1, column 13 (byte 12)|0 ");
	check("{\"a\":[{\"b\":2},{\"c\":3},\n", "{\"a\":[{\"b\":2},{\"c\":3},@1:0 bad: "
	      "no value at line 1, column 23 (byte 22)|0 ");
	check("{\"a\":\"{\\\"b\\\":2}\n", "{\"a\":\"{\\\"b\\\":2}@1:0 bad: open string "
	      "at line 1, column 16 (byte 15)|0 ");
}

/* Each of many may be whole up to the end. */
static void test_many_begins(void)
{
	struct buf text = BUF_INIT(1 << 24);
	struct fed fed = { { NULL, 0 }, 0, 0, false };
	struct feed feed = { fed_read, &fed };
	struct value_lines *lines = NULL;
	struct value_line line;
	size_t i;

	for (i = 0; i < 500000; i++)
		buf_put_str(&text, "{\"a\":\"");
	fed.text = buf_span(&text);
	if (text.failed || value_lines_new(feed, &lines, NULL) < 0)
		bail_out("out of memory");
	ok(next_found(lines, &line) == FOUND_BAD &&
	   line.text.len == text.len && next_found(lines, &line) == FOUND_END,
	   "a line of begins without an end is one bad one");
	value_lines_free(lines);
	buf_release(&text);
}

static void test_zeros(void)
{
	static const char zeros[] = "1\n\0\0\0\n\0\0{\"a\":2}\n\0\0";

	check_bytes(span_of(zeros, sizeof(zeros) - 1),
		    "1@1:0|000@2:2 bad: zeros instead of a value at line 2, "
		    "column 1 (byte 2)|00@3:6 bad: zeros instead of a value "
		    "at line 3, column 1 (byte 6)|{\"a\":2}@3:8|00@4:16 bad: "
		    "zeros instead of a value at line 4, column 1 (byte 16) "
		    "torn|0 ");
}

static void test_feed_fails(void)
{
	struct fed fed = { span_str("1\n{\"a\""), 0, 0, true };

	is_str(read_all(fed), "1@1:0|-4 the disk is gone",
	       "an error of the feed is no torn line");
}

/* A long line, a short one. */
struct long_source {
	size_t at;
	size_t long_len;
};

static int give_long(void *arg, void *bytes, size_t len, size_t *out_len,
		     struct err *err)
{
	static const char after[] = "\n{\"b\":1}\n";
	struct long_source *source = arg;
	size_t left = source->long_len + strlen(after) - source->at;

	(void)err;
	if (source->at < source->long_len) {
		left = source->long_len - source->at;
		len = len < left ? len : left;
		memset(bytes, source->at ? ' ' : 'x', len);
	} else {
		len = len < left ? len : left;
		memcpy(bytes, after + strlen(after) - left, len);
	}
	source->at += len;
	*out_len = len;
	return 0;
}

static void test_long(size_t len, bool is_too_long)
{
	struct long_source source = { 0, len };
	struct feed feed = { give_long, &source };
	struct value_lines *lines = NULL;
	struct err err = ERR_INIT;
	struct value_line line;

	if (value_lines_new(feed, &lines, &err) < 0)
		bail_out("%s", err.text);
	is_int(next_found(lines, &line), FOUND_BAD, "a long bad line");
	is_int(line.text.len, is_too_long ? 0 : len, "has its text or none");
	is_int(line.why.code, is_too_long ? ERR_LIMIT : ERR_INVALID,
	       "and why");
	ok(line.offset == 0 && line.line == 1 && !line.is_torn, "its place");
	is_int(next_found(lines, &line), FOUND_ONE, "the next line");
	ok(span_equals(line.text, span_str("{\"b\":1}")) && line.line == 2 &&
	   line.offset == len + 1, "is right");
	is_int(next_found(lines, &line), FOUND_END, "and then the end");
	value_lines_free(lines);
}

/* Memory goes with the values, and so their number with the length. */
static void test_dense(void)
{
	size_t len = 3 * JDOC_VALUES_FREE;
	const struct jdoc_options options = { .max_bytes = 0 };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	struct jdoc *doc = NULL;
	size_t i;

	buf_put_char(&text, '[');
	for (i = 0; i < len; i++)
		buf_put_str(&text, i % 2 ? "," : "0");
	buf_put_str(&text, "0]");
	is_int(jdoc_parse(buf_span(&text), &options, &doc, &err), ERR_LIMIT,
	       "too many values for its length");
	ok(strstr(err.text, "too many values at line 1"), "with the place");
	jdoc_free(doc);
	buf_release(&text);
}

int main(void)
{
	test_lines();
	test_bad();
	test_torn();
	test_zeros();
	test_spliced();
	test_many_begins();
	test_feed_fails();
	test_long(3 << 20, false);
	test_long(VALUE_LINE_MAX + 1, true);
	test_dense();
	return done_testing();
}
