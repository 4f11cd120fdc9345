/*
 * Markdown as HTML: whatever it is, only our own tags come, each is closed,
 * nothing is loaded, links are ones for people, and no word is lost.
 */
#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>

#include "cmd/export/html/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char *const tags[] = {
	"div", "p", "br", "hr", "h3", "h4", "h5", "h6", "b", "a", "em", "strong", "code", "del",
	"span", "small", "ul", "ol", "li", "blockquote", "figure",
	"figcaption", "pre", "table", "thead", "tbody", "tr", "th", "td",
	"details", "summary", NULL
};

/* One name more on the stack, or the last one less. */
static void nest(struct buf *open, struct span name, bool is_end)
{
	size_t i = 0;

	while (tags[i] && !span_equals(name, span_str(tags[i])))
		i++;
	assert(tags[i]);
	if (!is_end) {
		buf_put_char(open, (char)('A' + i));
		return;
	}
	assert(open->len && open->data[open->len - 1] == (char)('A' + i));
	buf_cut(open, open->len - 1);
}

static void check_link(struct span tag)
{
	size_t at = span_find(tag, "href=\"", 0);
	struct span to = span_of(tag.at + at + 6, tag.len - at - 6);

	assert(at != SPAN_NOWHERE);
	assert(tolower((unsigned char)to.at[0]) == 'h' ||
	       tolower((unsigned char)to.at[0]) == 'm');
	assert(span_has(tag, "rel=\"noreferrer"));
}

/* A letter that no number of an entity and no mark of a task holds. */
static bool is_plain(char letter)
{
	return letter >= 'g' && letter <= 'z' && letter != 'x';
}

/* Each word stands there; labels of links once for all. */
static void check_words(struct span text, struct span told)
{
	char word[64];
	size_t len = 0;
	size_t i;

	for (i = 0; i <= text.len; i++) {
		if (i < text.len && is_plain(text.at[i]) &&
		    len < sizeof(word) - 1) {
			word[len++] = text.at[i];
			continue;
		}
		word[len] = '\0';
		assert(!len || span_has(told, word));
		len = 0;
	}
}

static struct span take_tag(struct span text, struct buf *open)
{
	size_t end = span_find(text, ">", 0);
	bool is_end = text.at[1] == '/';
	struct span tag = span_of(text.at + 1 + is_end, end - 1 - is_end);
	size_t len = 0;

	assert(end != SPAN_NOWHERE);
	while (len < tag.len && isalnum((unsigned char)tag.at[len]))
		len++;
	if (tag.at[tag.len - 1] != '/')
		nest(open, span_of(tag.at, len), is_end);
	if (len == 1 && tag.at[0] == 'a' && !is_end)
		check_link(tag);
	return tag;
}

static void check_page(struct span text, struct buf *told)
{
	struct buf open = BUF_INIT(BUF_NO_LIMIT);
	struct span piece;
	const char *next;

	while (text.len) {
		next = memchr(text.at, '<', text.len);
		piece = span_of(text.at, next ? (size_t)(next - text.at) :
				text.len);
		assert(!memchr(piece.at, '>', piece.len));
		buf_put_span(told, piece);
		text = span_of(piece.at + piece.len, text.len - piece.len);
		if (!next)
			break;
		piece = take_tag(text, &open);
		if (span_begins(piece, "a "))
			buf_put_span(told, piece);
		text = span_of(piece.at + piece.len + 1, text.len -
			       (size_t)(piece.at + piece.len + 1 - text.at));
	}
	assert(!open.len);
	buf_release(&open);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct buf told = BUF_INIT(BUF_NO_LIMIT);

	html_put_prose(&out, span_of(data, len));
	if (buf_end(&out, NULL) < 0)
		abort();
	check_page(buf_span(&out), &told);
	check_words(span_of(data, len), buf_span(&told));
	buf_release(&told);
	buf_release(&out);
	return 0;
}
