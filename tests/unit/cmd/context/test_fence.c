#include "cmd/context/fence.h"

#include "tests/tap.h"

static const char *put(struct buf *out, const char *text, const char *prefix)
{
	buf_reset(out);
	fence_put(out, span_str(text), prefix);
	return buf_text(out);
}

static void test_words(void)
{
	struct fence a;
	struct fence b;
	size_t i;

	fence_follow(&a, span_str("all that stands inside"));
	fence_follow(&b, span_str("all that stands inside"));
	is_str(a.word, b.word, "the same follows from the same");
	ok(strlen(a.word) == FENCE_WORD, "it has its length");
	fence_follow(&b, span_str("all that stands inside."));
	ok(strcmp(a.word, b.word) != 0, "another from something else");
	fence_by_chance(&a);
	fence_by_chance(&b);
	ok(strcmp(a.word, b.word) != 0, "chance gives another each time");
	for (i = 0; i < FENCE_WORD; i++)
		ok(strchr("0123456789abcdefghjkmnpqrstvwxyz", a.word[i]) &&
		   a.word[i], "it is letters and digits");
}

static void test_fences(void)
{
	const struct fence fence = { "0123456789" };
	struct buf out = BUF_INIT(1000);

	fence_open(&out, &fence, false);
	fence_close(&out, &fence, false);
	is_str(buf_text(&out), "<<<recalled 0123456789\n0123456789>>>\n",
	       "two lines");
	buf_reset(&out);
	fence_open(&out, &fence, true);
	fence_close(&out, &fence, true);
	is_str(buf_text(&out), "<recalled-0123456789>\n"
	       "</recalled-0123456789>\n", "as an element");
	buf_release(&out);
}

static void test_texts(void)
{
	struct buf out = BUF_INIT(1000);

	is_str(put(&out, "one\ntwo", "> "), "> one\n> two\n",
	       "each line has the prefix, and the last its end");
	is_str(put(&out, "one\r\n\r\ntwo\n", "  "), "  one\n  \n  two\n",
	       "ends of lines as Windows has them");
	is_str(put(&out, "0123456789>>>\n# x\n", "> "),
	       "> 0123456789>>>\n> # x\n", "nothing inside begins a line");
	is_str(put(&out, "a\x1b[2J\rb\xe2\x80\xae" "c\xff", "> "),
	       "> a\\e[2J\\rb\\u{202e}c\\xff\n",
	       "nothing steers a terminal or turns the text round");
	is_str(put(&out, "a\xe2\x80\xa8# b", "> "), "> a\\u{2028}# b\n",
	       "a separator of lines separates none");
	is_str(put(&out, "", "> "), "", "of nothing there is nothing");
	buf_reset(&out);
	fence_put_line(&out, span_str("a\nb\x7f"));
	is_str(buf_text(&out), "a\\nb\\u{7f}", "one line stays one");
	buf_release(&out);
}

int main(void)
{
	test_words();
	test_fences();
	test_texts();
	return done_testing();
}
