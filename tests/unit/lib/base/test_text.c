#include "lib/base/text.h"

#include "tests/tap.h"

static void is_escaped(const char *text, const char *want)
{
	struct buf buf = BUF_INIT(1000);

	is_int(text_escape(&buf, span_str(text), 0, NULL), 0, "escaped");
	is_str(buf_text(&buf), want, want);
	buf_release(&buf);
}

static void test_escape(void)
{
	struct buf buf = BUF_INIT(1000);

	is_escaped("plain text, \\ and \xc3\xa9 \xf0\x9f\x98\x80",
		   "plain text, \\ and \xc3\xa9 \xf0\x9f\x98\x80");
	is_escaped("\x1b[31mred\x1b]0;t\x07", "\\e[31mred\\e]0;t\\u{7}");
	is_escaped("a\nb\tc\rd", "a\\nb\\tc\\rd");
	is_escaped("\x7f", "\\u{7f}");
	is_escaped("\xc2\x9b" "31m", "\\u{9b}31m");
	is_escaped("\xe2\x80\xae" "abc\xe2\x80\xac", "\\u{202e}abc\\u{202c}");
	is_escaped("\xe2\x81\xa6x\xe2\x81\xa9", "\\u{2066}x\\u{2069}");
	is_escaped("\xe2\x80\xa8", "\\u{2028}");
	is_escaped("\xf3\xa0\x81\x81", "\\u{e0041}");
	is_escaped("\xff" "a\x9b", "\\xffa\\x9b");
	is_escaped("\xc0\x9b", "\\xc0\\x9b");
	is_escaped("\xed\xa0\x80", "\\xed\\xa0\\x80");
	is_escaped("\xe2\x80", "\\xe2\\x80");
	is_int(text_escape(&buf, span_of("a\0b", 3), 0, NULL), 0, "a NUL");
	is_str(buf_text(&buf), "a\\u{0}b", "is shown");
	buf_reset(&buf);
	is_int(text_escape(&buf, span_str("a\nb\tc\rd\x1b"), TEXT_KEEP_LINES,
			   NULL), 0, "lines kept");
	is_str(buf_text(&buf), "a\nb\tc\\rd\\e", "and no more than that");
	buf_release(&buf);
}

static void test_limit(void)
{
	struct buf buf = BUF_INIT(5);

	is_int(text_escape(&buf, span_str("ab"), 0, NULL), 0, "fits");
	is_int(text_escape(&buf, span_str("c\x1b\x1b"), 0, NULL), ERR_LIMIT,
	       "does not");
	is_str(buf_text(&buf), "ab", "and changes nothing");
	buf_release(&buf);
}

/* Every character is read, and nothing else. */
static void test_utf8(void)
{
	unsigned long c;
	int wrong = 0;

	for (c = 0; c <= 0x10ffff; c++) {
		char bytes[4];
		unsigned long got = 0;
		size_t len;

		if (c < 0x80) {
			bytes[0] = (char)c;
			len = 1;
		} else if (c < 0x800) {
			bytes[0] = (char)(0xc0 | c >> 6);
			len = 2;
		} else if (c < 0x10000) {
			bytes[0] = (char)(0xe0 | c >> 12);
			bytes[1] = (char)(0x80 | (c >> 6 & 0x3f));
			len = 3;
		} else {
			bytes[0] = (char)(0xf0 | c >> 18);
			bytes[1] = (char)(0x80 | (c >> 12 & 0x3f));
			bytes[2] = (char)(0x80 | (c >> 6 & 0x3f));
			len = 4;
		}
		if (len > 1)
			bytes[len - 1] = (char)(0x80 | (c & 0x3f));
		if (c >= 0xd800 && c <= 0xdfff)
			wrong += text_utf8_next(span_of(bytes, len), NULL) != 0;
		else
			wrong += text_utf8_next(span_of(bytes, len), &got) !=
				 len || got != c;
		wrong += text_utf8_next(span_of(bytes, len - 1), NULL) != 0;
	}
	is_int(wrong, 0, "every character");
	ok(!text_is_utf8(span_str("\xe0\x80\xaf")), "too long a form");
	ok(!text_is_utf8(span_str("\xf4\x90\x80\x80")), "beyond the last");
	ok(!text_is_utf8(span_str("\xf8\x88\x80\x80\x80")), "five bytes");
	ok(!text_is_utf8(span_str("\x80")), "a lone continuation");
	ok(text_is_utf8(span_str("")), "nothing is text");
}

static void test_cut(void)
{
	struct span text = span_str("a\xc3\xa9\xf0\x9f\x98\x80z");
	static const size_t want[] = { 0, 1, 1, 3, 3, 3, 3, 7, 8, 8 };
	size_t i;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		is_int(text_cut(text, i).len, (long long)want[i],
		       "cut between characters");
}

static void test_one_line(void)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	buf_put_str(&text, " \n a \t\r\nb\xc3\xa9 ");
	text_one_line(&text, 100);
	is_str(buf_text(&text), "a b\xc3\xa9", "one line");
	text_one_line(&text, 4);
	is_str(buf_text(&text), "a b", "cut between characters");
	text_one_line(&text, 0);
	is_int(text.len, 0, "nothing");
	buf_release(&text);
	text_one_line(&text, 9);
	is_int(text.len, 0, "of nothing");
}

int main(void)
{
	test_escape();
	test_limit();
	test_utf8();
	test_cut();
	test_one_line();
	return done_testing();
}
