/*
 * Front matter, links and fences of Markdown.
 */
#include "cmd/import/notes/note.h"
#include "cmd/import/parse/markdown/fence.h"
#include "cmd/import/parse/markdown/front_matter.h"
#include "cmd/import/parse/markdown/links.h"
#include "tests/tap.h"

static bool says(struct span got, const char *want)
{
	if (span_equals(got, span_str(want)))
		return true;
	diag("'%.*s', not '%s'", (int)got.len, got.at, want);
	return false;
}

static struct span split(const char *text)
{
	return front_matter_split(span_str(text)).text;
}

static void test_split(void)
{
	struct front_matter parts;

	parts = front_matter_split(span_str("---\na: b\n---\nbody\n"));
	ok(says(parts.text, "a: b\n") && says(parts.body, "body\n"),
	   "front matter and body");
	parts = front_matter_split(span_str("\xef\xbb\xbf---\r\na: b\r\n...\r\nx"));
	ok(says(parts.text, "a: b\r\n") && says(parts.body, "x"),
	   "a mark of order, and lines of another kind");
	ok(says(split("+++\na = 1\n+++\n"), "a = 1\n"), "toml");
	ok(!split("---\na: b\n").at && !split("a\n---\nb\n---\n").at &&
	   !split("--- x\n---\n").at && !split("").at, "none");
	parts = front_matter_split(span_str("---\n---\n"));
	ok(parts.text.at && !parts.text.len && !parts.body.len, "an empty one");
}

static int gather(void *arg, struct span value)
{
	struct buf *out = arg;

	buf_putf(out, "%.*s|", (int)value.len, value.at);
	return 0;
}

static bool lists(const char *text, const char *want)
{
	static const char *const names[] = { "tags", "tag", NULL };
	struct buf got = BUF_INIT(4096);
	const struct front_matter_visitor visitor = { gather, &got };
	bool is_right;

	(void)front_matter_each(span_str(text), names, &visitor);
	is_right = says(buf_span(&got), want);
	buf_release(&got);
	return is_right;
}

static void test_members(void)
{
	static const char *const names[] = { "title", NULL };

	ok(says(front_matter_get(span_str("a: b\nTitle : \"x: # y\" # z\n"), names),
		"x: # y"), "a quoted value, by a name in any case");
	ok(says(front_matter_get(span_str("title: it's # said\r\n"), names),
		"it's"), "a comment");
	ok(!front_matter_get(span_str(" title: x\n- title: y\n"), names).at,
	   "only at the top");
	ok(lists("tags: [a, \"b, c\", '#d', ]\n", "a|b, c|#d|"), "a list");
	ok(lists("tags:\n  - a\n\n- b # c\nx: y\n- z\n", "a|b|"),
	   "a list below");
	ok(lists("tag: a, b\n", "a|b|") && lists("tags:\n", "") &&
	   lists("tags: [\n a,\n b\n]\n", "a|b|") && lists("x: y", ""),
	   "lists of other forms");
}

static int gather_link(void *arg, const struct markdown_link *link)
{
	struct buf *out = arg;

	buf_putf(out, "%s%s%.*s|", link->is_embedded ? "!" : "",
		 link->is_wiki ? "@" : "", (int)link->target.len,
		 link->target.at);
	return 0;
}

static bool links(const char *text, const char *want)
{
	struct buf got = BUF_INIT(4096);
	const struct markdown_link_visitor visitor = { gather_link, &got };
	bool is_right;

	(void)markdown_links_each(span_str(text), &visitor);
	is_right = says(buf_span(&got), want);
	buf_release(&got);
	return is_right;
}

static void test_links(void)
{
	ok(links("[[a]] [[b#c|d]] ![[e.png]] [[ f ]]", "@a|@b|!@e.png|@f|"),
	   "names");
	ok(links("[x](a.md#b) ![y](<c d.png>) [z](e.md \"t\") [](f(1).md)",
		 "a.md|!c d.png|e.md|f(1).md|"), "paths");
	ok(links("[x](https://a/b) [y](mailto:z) [z](//h/i) [w](#top)", ""),
	   "what leads elsewhere");
	ok(links("`[[a]]` ``[[b]]` ``\n```\n[[c]]\n```\n~~~\n[[d]]", ""),
	   "nothing in code");
	ok(links("[[a [[b]] \\[[c]] [[]] [[d", "@b|"), "what is none");
	ok(links("| [[a\\|b]] | [![i](j.png)](k.md) |", "@a|!j.png|k.md|"),
	   "in a table, and one in another");
}

static bool leads(const char *from, const char *to, const char *want)
{
	struct buf out = BUF_INIT(4096);
	bool is_there = note_path_from(span_str(from), span_str(to), &out);
	bool is_right = want ? is_there && says(buf_span(&out), want) :
		!is_there;

	buf_release(&out);
	return is_right;
}

static void test_paths(void)
{
	ok(leads("a/b.md", "c.md", "a/c.md") &&
	   leads("a/b.md", "../c%20d.md", "c d.md") &&
	   leads("a/b.md", "./x/../c.md", "a/c.md") &&
	   leads("a/b.md", "/c.md", "c.md") && leads("b.md", "a%zz", "a%zz"),
	   "relative paths");
	ok(leads("a/b.md", "../../c.md", NULL) && leads("b.md", "", NULL) &&
	   leads("a.md", "..", NULL), "what leads beyond");
	ok(note_kind_of("a/b.MD") == NOTE_TEXT &&
	   note_kind_of("a/.b/c.md") == NOTE_HIDDEN &&
	   note_kind_of("x.png") == NOTE_ATTACHED &&
	   note_kind_of("LICENSE") == NOTE_OTHER &&
	   note_kind_of("a.md/b") == NOTE_OTHER, "kinds of files");
}

int main(void)
{
	test_split();
	test_members();
	test_links();
	test_paths();
	return done_testing();
}
