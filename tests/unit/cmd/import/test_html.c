#include "cmd/import/parse/html.h"

#include <time.h>

#include "cmd/import/parse/html_entity.h"
#include "tests/tap.h"

static void gives(const char *html, const char *want)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);

	is_int(html_to_text(span_str(html), &out, NULL), 0, html);
	is_str(buf_text(&out), want, "gives its text");
	buf_release(&out);
}

static void test_blocks(void)
{
	gives("", "");
	gives("plain", "plain");
	gives("  a \n\t b  ", "a b");
	gives("<p>one</p><p>two</p>", "one\n\ntwo");
	gives("<p>one\n<p>two", "one\n\ntwo");
	gives("one<br>two<br/><br />three", "one\ntwo\n\nthree");
	gives("<div>a</div><div>b</div>c", "a\nb\nc");
	gives("<div><div><div>a</div></div></div>b", "a\nb");
	gives("a<b>b</b><i>c</i> <em>d</em>", "abc d");
	gives("<H2>Title</H2>text", "## Title\n\ntext");
	gives("<h2></h2>text", "text");
	gives("a<hr>b", "a\n\n---\n\nb");
	gives("<blockquote><p>said</p></blockquote>then", "said\n\nthen");
	gives("<br><p></p>x<p></p><br>", "x");
}

static void test_lists(void)
{
	gives("<ul><li>a</li><li>b</li></ul>c", "- a\n- b\n\nc");
	gives("x<ol><li>a<li>b</ol>", "x\n\n1. a\n2. b");
	gives("<ol start=3><li><p>a</p></li><li>b</li></ol>", "3. a\n\n4. b");
	gives("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
	      "- a\n  - b\n- c");
	gives("<ul><li></li><li>b</li><li></li></ul>c", "- b\n\nc");
	gives("<li>alone</li>", "- alone");
	gives("</ul></ol></li>x", "x");
	gives("<table><tr><th>a</th><th>b</th></tr>"
	      "<tr><td>1</td><td><p>2</p></td></tr></table>end",
	      "a | b\n1 | 2\n\nend");
	gives("<table><tr><td>a</td></tr><tr><td></td><td>b</td></tr></table>",
	      "a\n | b");
	gives("<table><tr><td>a</td><td></td></tr><tr><td>b</table>",
	      "a | \nb");
}

static void test_code(void)
{
	gives("use <code>a &lt; b</code>, ok", "use `a < b`, ok");
	gives("<code>a </code>b", "`a` b");
	gives("<pre>  x\n\ty &amp; z\n</pre>after",
	      "```\n  x\n\ty & z\n```\n\nafter");
	gives("<pre>\nfirst</pre>", "```\nfirst\n```");
	gives("<p>see</p><pre><code class=\"language-c\">int a;\n</code></pre>",
	      "see\n\n```c\nint a;\n```");
	gives("<pre>a<br>b<span>c</span></pre>", "```\na\nbc\n```");
	gives("<pre>a ``` b</pre>c", "````\na ``` b\n````\n\nc");
	gives("<pre>`````\n</pre>", "``````\n`````\n``````");
	gives("<pre>open", "```\nopen\n```");
	gives("<pre></pre>", "```\n```");
	gives("a</pre>b</code>c", "abc");
	gives("<pre>a<pre>b</pre>c</pre>d", "```\nabc\n```\n\nd");
}

static void test_links(void)
{
	gives("<a href=\"https://a.example/?x=1&amp;y\">text</a>.",
	      "text (https://a.example/?x=1&y).");
	gives("<a href='https://a.example/'>https://a.example/</a>",
	      "https://a.example/");
	gives("<a href=\"#top\">up</a> <a href='javascript:x()'>run</a>",
	      "up run");
	gives("<a name=x>anchor</a></a>", "anchor");
	gives("<img src=x alt=\"a &quot;cat&quot;\"> sits",
	      "a \"cat\" sits");
}

static void test_dropped(void)
{
	gives("a<script>alert('<b>')</script>b", "ab");
	gives("a<SCRIPT type=x>if (a</b>) x</SCRIPT >b", "ab");
	gives("a<style>p{}</style>b<title>t</title>c", "abc");
	gives("a<script>never ends <p>x", "a");
	gives("a<script></scripts></script>b", "ab");
	gives("a<!-- <b>no</b> --- -->b<!---->c<!-->d<!doctype html>e<?x?>f",
	      "abcdef");
	gives("a<!-- never ends <b>x</b>", "a<!-- never ends <b>x</b>");
}

static void test_malformed(void)
{
	gives("1 < 2 > 1 <3 </ <", "1 < 2 > 1 <3 </ <");
	gives("a<b", "a<b");
	gives("a<b c=\"x>y</b>z", "ayz");
	gives("a<b c=\"x>y</b> z <i>w</i>", "ay z w");
	gives("<p it's>ok</p>", "ok");
	gives("<p title=\"a>b\">ok</p>", "ok");
	gives("<>a</>b", "<>ab");
	gives("</p></p>a</div></table>", "a");
	gives("<averylongtagnamethatnobodyknows>x", "x");
	gives("<p<b>x", "x");
}

static void decodes(const char *text, const char *want)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);

	is_int(html_decode(span_str(text), &out, NULL), 0, text);
	is_str(buf_text(&out), want, "is decoded");
	buf_release(&out);
}

static void test_entities(void)
{
	decodes("&lt;&gt;&amp;&quot;&apos;", "<>&\"'");
	decodes("&eacute;&Eacute;&hellip;&mdash;&euro;&rarr;",
		"\xc3\xa9\xc3\x89\xe2\x80\xa6\xe2\x80\x94\xe2\x82\xac"
		"\xe2\x86\x92");
	decodes("&AElig;&zwnj;&thetasym;&zeta;&emsp;",
		"\xc3\x86\xe2\x80\x8c\xcf\x91\xce\xb6\xe2\x80\x83");
	decodes("&nbsp;", "\xc2\xa0");
	decodes("&#65;&#x42;&#X43;&#68", "ABCD");
	decodes("&#128512;&#x1f600;", "\xf0\x9f\x98\x80\xf0\x9f\x98\x80");
	decodes("&#150;&#x80;", "\xe2\x80\x93\xe2\x82\xac");
	decodes("&#0;&#xd800;&#x110000;&#99999999999999999999;",
		"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	decodes("&amp &lt 3", "& < 3");
	decodes("&copy &nosuch; &; & &# &#x; &#y &amp;lt;",
		"&copy &nosuch; &; & &# &#x; &#y &lt;");
	gives("a&nbsp;&nbsp;b&#32;c", "a  b c");
	gives("&nbsp;a&nbsp;", "a");
}

/* Each name must be found: the table is sorted. */
static void test_table(void)
{
	static const char *const names[] = {
		"AElig", "Hat", "Zeta", "aacute", "amp", "zwnj", "zwj",
		"yuml", "sup1", "sup", "there4", "frac12", "Prime", "prime"
	};
	char text[20];
	uint32_t point;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(text, sizeof(text), "&%s;", names[i]);
		ok(html_entity(span_str(text), &point) == strlen(text),
		   "%s is known", text);
	}
}

static void test_tokens(void)
{
	struct html_reader reader = HTML_READER_INIT(span_str(
		"x<DIV class=\"outer-cell mdl\" id=a data-x>in</div><br/>"
		"<p CLASS = 'outer-cell-2'>"));
	struct html_token token;
	struct span value;

	ok(html_next(&reader, &token) && token.kind == HTML_TEXT &&
	   span_equals(token.whole, span_str("x")), "a text");
	ok(html_next(&reader, &token) && token.kind == HTML_START &&
	   html_is(&token, "div") && !html_is(&token, "di"), "a start");
	ok(html_has_class(&token, "outer-cell"), "its first class");
	ok(html_has_class(&token, "mdl"), "its last class");
	ok(!html_has_class(&token, "outer"), "no part of one");
	value = html_attribute(&token, "id");
	ok(span_equals(value, span_str("a")), "a value without quotes");
	value = html_attribute(&token, "data-x");
	ok(value.at && !value.len, "an attribute without value");
	ok(!html_attribute(&token, "href").at, "an absent attribute");
	ok(html_next(&reader, &token) && token.kind == HTML_TEXT, "text");
	ok(html_next(&reader, &token) && token.kind == HTML_END &&
	   html_is(&token, "div"), "an end");
	ok(html_next(&reader, &token) && html_is(&token, "br"), "an empty one");
	ok(html_next(&reader, &token) && html_is(&token, "p"), "the last");
	ok(html_has_class(&token, "outer-cell-2"), "with spaces around '='");
	ok(!html_has_class(&token, "outer-cell"), "another class");
	ok(!html_next(&reader, &token), "the end");
	ok(!html_next(&reader, &token), "and again");
}

static void repeat(struct buf *out, const char *piece, size_t len)
{
	buf_reset(out);
	while (out->len < len)
		if (buf_add_str(out, piece, NULL) < 0)
			bail_out("out of memory");
}

/* Pieces that make a careless reader start over at each of them: 2 MB would
 * take hours then. */
static void test_linear(void)
{
	static const char *const pieces[] = {
		"<", "<a", "<a \"", "<a b=\"", "<!--", "<!", "</", "<script>",
		"<pre>`", "<li>x", "<ul>", "&", "&#1", "&a", "<a href=http://x>",
		"<p>", "<td>", "<code>", "<title", "</script", "<b c='>",
		"<pre>````</pre>", "<!-- --", "&#111111111111111"
	};
	struct buf html = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	clock_t begun = clock();
	size_t i;

	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		repeat(&html, pieces[i], (size_t)1 << 21);
		buf_reset(&out);
		is_int(html_to_text(buf_span(&html), &out, NULL), 0,
		       pieces[i]);
		ok(out.len <= html.len * 10, "is not blown up");
	}
	ok(clock() - begun < 60 * CLOCKS_PER_SEC, "all in linear time");
	buf_release(&html);
	buf_release(&out);
}

static void test_appending(void)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct buf small = BUF_INIT(6);

	is_int(buf_add_str(&out, "before ", NULL), 0, "a text");
	is_int(html_to_text(span_str("<p> x </p>"), &out, NULL), 0, "is added");
	is_str(buf_text(&out), "before x", "behind what was there");
	is_int(buf_add_str(&small, "ab", NULL), 0, "a small buffer");
	is_int(html_to_text(span_str("123<p>4"), &small, NULL), ERR_LIMIT,
	       "is too small");
	is_str(buf_text(&small), "ab", "and unchanged");
	buf_release(&out);
	buf_release(&small);
}

int main(void)
{
	test_blocks();
	test_lists();
	test_code();
	test_links();
	test_dropped();
	test_malformed();
	test_entities();
	test_table();
	test_tokens();
	test_linear();
	test_appending();
	return done_testing();
}
