#include "cmd/import/sniff.h"
#include "tests/tap.h"

static void described(struct span text, const char *want)
{
	struct buf out = BUF_INIT(4096);

	sniff_describe(text, &out);
	if (buf_end(&out, NULL) < 0)
		bail_out("cannot describe");
	is_str(buf_text(&out), want, want);
	buf_release(&out);
}

static void test_describe(void)
{
	static const char wide[] = "{\0\"\0a\0";
	static const char zeros[] = "a\0b";

	described(span_str(""), "an empty file");
	described(span_str(" \n"), "white space alone");
	described(span_str("PK\003\004"), "a zip archive");
	described(span_str("\xff\xfe{"), "UTF-16 text");
	described(span_of(wide, sizeof(wide) - 1), "UTF-16 text");
	described(span_of(zeros, sizeof(zeros) - 1), "binary data");
	described(span_str("{\"a\":{\"x\":1},\"b\":2}"),
		  "a JSON object with the members a, b");
	described(span_str("{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,"
			   "\"g\":7}"),
		  "a JSON object with the members a, b, c, d, e, f ...");
	described(span_str("{}"), "a JSON object with the members (none)");
	described(span_str("[1]"), "a JSON array");
	described(span_str(" [ {\"a\":[{\"c\":1}],\"b\":"),
		  "a JSON array of objects with the members a, b");
	described(span_str("{\"a\":1}\n{\"b\":1}\n"),
		  "JSON lines of objects with the members a");
	described(span_str("<!DOCTYPE html>\n<p>"), "an HTML page");
	described(span_str(" <HTML lang=x>"), "an HTML page");
	described(span_str("<?xml version='1.0'?>"), "an XML document");
	described(span_str("# A title\n\ntext"), "Markdown text");
	described(span_str("name,\"text, more\"\n1,\"a\nb\"\n"),
		  "a CSV table that begins with name,\"text, more\"");
	described(span_str("\xef\xbb\xbfhello, you\nand no comma"),
		  "plain text");
	described(span_str("\"{\\\"a\\\":1}\""), "a JSON string");
	described(span_str("gr\xfc\xdf" "e aus K\xf6ln"),
		  "text that is no UTF-8 (byte 2)");
	described(span_str("\x01\x02\xff\xff\xff\xff\xff"), "binary data");
}

static void test_lines(void)
{
	struct span text = span_str("\xef\xbb\xbf\r\n{\"a\":{\"b\":1}}\r\n\n"
				    "{\"c\":[]}\n{\"d\"");

	ok(sniff_is_lines(text), "JSON lines");
	ok(span_equals(sniff_line(text, 2), span_str("{\"c\":[]}")),
	   "the second line that is not blank");
	ok(span_equals(sniff_line(text, 3), span_str("{\"d\"")),
	   "the last is torn");
	ok(!sniff_line(text, 4).at && !sniff_line(text, 0).at,
	   "there are no others");
	ok(sniff_lines_have(text, "c") && sniff_lines_have(text, "d") &&
	   !sniff_lines_have(text, "b"), "members in any line");
	ok(!sniff_lines_have(span_of(NULL, 0), "a"), "nothing has none");
	ok(!sniff_is_lines(span_str("{\n{\n")), "a torn first line");
	ok(!sniff_is_lines(span_str("{\"a\":1}\n")), "one line alone");
	ok(!sniff_is_lines(span_str("{\"a\":1}\n[")), "no object behind it");
	ok(!sniff_is_lines(span_str("{} x\n{}")), "more on the first line");
	ok(sniff_is_lines(span_str("{\"an object of more than sixty-four "
				   "bytes, to be sure of the step\":\"}\"}\n"
				   "{")), "a long line");
}

static void test_signs(void)
{
	static const struct {
		const char *signs;
		bool are_there;
	} cases[] = {
		{ "", true }, { "a", true }, { "a.b", true }, { "b", false },
		{ "*b", true }, { "*d", false }, { "@c", true },
		{ "@a @c", true }, { "@a @b", false }, { "x|y|a", true },
		{ "x|y", false }, { "!x|y", true }, { "!x|a", false },
		{ "!*d !@e", true }, { "a x", false }, { "a !c @c|x", true },
		{ "!*b", false }, { "*", false },
	};
	struct span text = span_str("{\"a\":{\"b\":1}}\n{\"c\":[]}\n");
	char name[SNIFF_SIGN_MAX + 8];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(sniff_signs(text, cases[i].signs) == cases[i].are_there,
		   "'%s'", cases[i].signs);
	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	ok(!sniff_signs(text, name), "a name that is too long is none");
	ok(!sniff_signs(span_of(NULL, 0), "a") &&
	   sniff_signs(span_of(NULL, 0), "!a"), "nothing has none");
}

static void test_encoding(void)
{
	static const char wide[] = "\xff\xfe\0\0";

	is_str(sniff_encoding(span_of(wide, 4)), "UTF-32", "four bytes each");
	is_str(sniff_encoding(span_of(wide, 2)), "UTF-16", "two bytes each");
	is_str(sniff_encoding(span_str("{}")), NULL, "one byte each");
	is_str(sniff_encoding(span_str("\xef\xbb\xbf{}")), NULL, "UTF-8");
	is_str(sniff_encoding(span_str("")), NULL, "nothing");
}

int main(void)
{
	test_describe();
	test_lines();
	test_signs();
	test_encoding();
	return done_testing();
}
