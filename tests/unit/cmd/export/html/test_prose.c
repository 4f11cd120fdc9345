#include "cmd/export/html/text.h"

#include "lib/base/err.h"
#include "tests/tap.h"

static struct buf out = BUF_INIT((size_t)64 << 20);

static const char *prose(struct span text)
{
	buf_reset(&out);
	html_put_prose(&out, text);
	is_int(buf_end(&out, NULL), 0, "put");
	return buf_text(&out);
}

static void becomes(const char *text, const char *want)
{
	struct span got = span_str(prose(span_str(text)));

	ok(span_has(got, want), "%s: %.*s", want, (int)got.len, got.at);
}

static void never_holds(const char *text, const char *what)
{
	struct span got = span_str(prose(span_str(text)));

	ok(!span_has(got, what), "no %s: %.*s", what, (int)got.len, got.at);
}

static void test_markdown(void)
{
	becomes("# a\n\n**b** `c`", "<h3 dir=\"auto\">a</h3>");
	becomes("###### a", "<h6 dir=\"auto\">a</h6>");
	becomes("a\nb", "a<br />\nb");
	becomes("```c\nint x;\n```", "<figcaption>c</figcaption>");
	becomes("> a\n> > b", "<blockquote dir=\"auto\"><p>a</p>\n<blockquote>");
	becomes("|a|b|\n|---|--:|\n|c|d|", "<td dir=\"auto\" class=\"right\">d</td>");
	becomes("- [x] a", "<li class=\"task\">☑ a");
	becomes("7. a", "<ol start=\"7\" dir=\"auto\">");
	becomes("&copy; &#65;", "&copy; A");
}

static void test_links(void)
{
	becomes("[a](http://b/?c&d \"e\")", "href=\"http://b/?c&amp;d\" title=\"e\">a</a>");
	becomes("[a](HTTPS://b)", "<a rel=\"noreferrer noopener nofollow\" href=\"HTTPS://b\"");
	becomes("<mailto:a@b.c>", "href=\"mailto:a@b.c\"");
	becomes("[a](javascript:b)", "a <small>(javascript:b)</small>");
	becomes("![a](http://b/c.png)", "▧ <a rel=");
	never_holds("![a](http://b/c.png)", "<img");
	never_holds("[a](javascript:b)", "href");
	never_holds("[a](java&#115;cript:b)", "href");
	never_holds("[a](\x01javascript:b)", "href");
	never_holds("[a](data:text/html,b)", "href");
	never_holds("[a](http&#58;//b)", "href");
	never_holds("[a](//b)", "href");
	never_holds("[a](http://b\"onclick=c)", "\"onclick");
	/* A link in a link would close the outer one. */
	never_holds("[![a](http://b)](http://c)", "href=\"http://b\"");
}

static void test_hostile(void)
{
	never_holds("<script>a</script>", "<script");
	never_holds("<!-- a -->", "<!--");
	never_holds("a <b onclick=c>d</b>", "<b ");
	never_holds("```\"><img src=x>\n```", "<img");
	never_holds("&#x202e;a", "\xe2\x80\xae");
	never_holds("a\x1b[31mb", "\x1b");
	never_holds("a\xff" "b", "\xff");
	becomes("a\xe2\x80\x8f" "b", "a\xe2\x80\x8f" "b");
	becomes("<!-- a -->", "&lt;!-- a --&gt;");
	prose(span_of("a\0b", 3));
	ok(span_has(buf_span(&out), "\\u{0}"), "a NUL is shown");
}

static void test_nothing_lost(void)
{
	becomes("a\n\n[b]: http://c \"d\"", "[b]: http://c &quot;d&quot;");
	becomes("|a|\n|---|\n|b|c|", "<summary>As it was written");
	never_holds("|a|\n|---|\n|[b](http://c)|", "As it was");
	never_holds("[a][b] c\n\n[b]: http://d", "As it was");
	never_holds("[a](http://b/c\\_d) [e](http://f/?g&amp;h)", "As it was");
	never_holds("1. a\n2. b\n- [x] c\n\n```d e\nf\n```\n<http://g> h@i.jk", "As it was");
}

/* Short texts that would become long pages. */
static void test_bombs(void)
{
	struct buf text = BUF_INIT((size_t)1 << 20);
	size_t i;

	for (i = 0; i < 20000; i++)
		buf_put_str(&text, "> ");
	prose(buf_span(&text));
	ok(out.len < 100000, "quotes without end: %zu", out.len);
	buf_reset(&text);
	buf_put_str(&text, "[a]: http://");
	for (i = 0; i < 50000; i++)
		buf_put_char(&text, 'b');
	buf_put_str(&text, "\n\n");
	for (i = 0; i < 20000; i++)
		buf_put_str(&text, "[a] ");
	prose(buf_span(&text));
	ok(out.len < text.len * 2, "a long link, often: %zu", out.len);
	buf_reset(&text);
	for (i = 0; i < 5000; i++)
		buf_put_str(&text, "|a");
	buf_put_char(&text, '\n');
	for (i = 0; i < 5000; i++)
		buf_put_str(&text, "|---");
	for (i = 0; i < 20000; i++)
		buf_put_str(&text, "\n|b");
	prose(buf_span(&text));
	ok(out.len < text.len * 3, "a table without end: %zu", out.len);
	buf_reset(&text);
	for (i = 0; i < 300000; i++)
		buf_put_char(&text, '*');
	prose(buf_span(&text));
	ok(span_begins(buf_span(&out), "<div class=\"plain\""), "too long");
	buf_release(&text);
}

static void test_small_pieces(void)
{
	buf_reset(&out);
	html_put_count(&out, 1, "a", "b");
	html_put_count(&out, 1234567, "a", "b");
	html_put_size(&out, 999);
	html_put_size(&out, 1000);
	html_put_size(&out, 1048576);
	html_put_size(&out, 999999999);
	html_put_words(&out, span_str("\n  abc\ndef"), 100);
	html_put_words(&out, span_str("a\xc3\xa4"), 2);
	is_str(buf_text(&out), "1 a1,234,567 b999 bytes1.0 KB1.0 MB1.0 GBabc…a…",
	       "counts, sizes and words");
}

int main(void)
{
	test_markdown();
	test_links();
	test_hostile();
	test_nothing_lost();
	test_bombs();
	test_small_pieces();
	buf_release(&out);
	return done_testing();
}
