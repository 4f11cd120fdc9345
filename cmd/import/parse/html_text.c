#include "cmd/import/parse/html.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "cmd/import/parse/html_entity.h"
#include "lib/base/utf8.h"

#define LISTS_MAX 12		/* deeper ones are shown at this depth */
#define MARKER_MAX 64
#define NBSP 0xa0u
#define FENCE 3

/* What a tag means here. */
enum meaning {
	MEANS_LINE,		/* begins and ends a line */
	MEANS_PARAGRAPH,
	MEANS_HEADING,
	MEANS_BREAK,
	MEANS_RULE,
	MEANS_LIST,
	MEANS_ITEM,
	MEANS_ROW,
	MEANS_CELL,
	MEANS_PRE,
	MEANS_CODE,
	MEANS_LINK,
	MEANS_IMAGE,
	MEANS_NOTHING
};

struct tag {
	const char *name;
	enum meaning meaning;
};

/* Sorted by name. */
static const struct tag tags[] = {
	{ "a", MEANS_LINK }, { "address", MEANS_LINE },
	{ "article", MEANS_PARAGRAPH }, { "aside", MEANS_PARAGRAPH },
	{ "blockquote", MEANS_PARAGRAPH }, { "br", MEANS_BREAK },
	{ "caption", MEANS_LINE }, { "code", MEANS_CODE },
	{ "dd", MEANS_LINE }, { "details", MEANS_LINE },
	{ "div", MEANS_LINE }, { "dl", MEANS_PARAGRAPH },
	{ "dt", MEANS_LINE }, { "fieldset", MEANS_LINE },
	{ "figcaption", MEANS_LINE }, { "figure", MEANS_PARAGRAPH },
	{ "footer", MEANS_LINE }, { "form", MEANS_LINE },
	{ "h1", MEANS_HEADING }, { "h2", MEANS_HEADING },
	{ "h3", MEANS_HEADING }, { "h4", MEANS_HEADING },
	{ "h5", MEANS_HEADING }, { "h6", MEANS_HEADING },
	{ "header", MEANS_LINE }, { "hr", MEANS_RULE },
	{ "img", MEANS_IMAGE }, { "li", MEANS_ITEM }, { "main", MEANS_LINE },
	{ "nav", MEANS_LINE }, { "ol", MEANS_LIST }, { "option", MEANS_LINE },
	{ "p", MEANS_PARAGRAPH }, { "pre", MEANS_PRE },
	{ "section", MEANS_PARAGRAPH }, { "summary", MEANS_LINE },
	{ "table", MEANS_PARAGRAPH }, { "td", MEANS_CELL },
	{ "th", MEANS_CELL }, { "tr", MEANS_ROW }, { "ul", MEANS_LIST },
};

struct writer {
	struct buf *out;
	size_t begin;		/* of our text in it */
	int lines;		/* newlines due before the next text */
	bool has_space;		/* a space is due */
	char marker[MARKER_MAX];	/* of an item, due before its text */
	size_t depth;		/* of lists */
	long next[LISTS_MAX];	/* number of the next item; 0: "-" */
	int cells;		/* of the row so far */
	size_t row;		/* where it begins in out */
	size_t cell;		/* and its cell, unless that is the first */
	size_t pre;		/* depth of <pre> */
	size_t fence;		/* where it stands in out */
	bool is_fence_open;	/* its line is not ended yet */
	size_t code;		/* depth of <code> outside of <pre> */
	struct span href;	/* of the link that is open */
	size_t link;		/* where its text begins in out */
};

static void want_lines(struct writer *writer, int lines)
{
	if (writer->pre || writer->marker[0] ||
	    (writer->cell && writer->cell == writer->out->len))
		return;
	if (writer->lines < lines)
		writer->lines = lines;
	writer->has_space = false;
}

/* Write what is due before text: lines, marker or a space. */
static void settle(struct writer *writer)
{
	bool is_first = writer->out->len == writer->begin;

	if (is_first)
		writer->lines = 0;
	for (; writer->lines > 0; writer->lines--) {
		buf_put_char(writer->out, '\n');
		is_first = true;
	}
	if (writer->marker[0])
		buf_put_str(writer->out, writer->marker);
	else if (writer->has_space && !is_first)
		buf_put_char(writer->out, ' ');
	writer->marker[0] = '\0';
	writer->has_space = false;
}

static void put(struct writer *writer, struct span text)
{
	settle(writer);
	buf_put_span(writer->out, text);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* The entity or the run of ordinary bytes at the begin: returns its length. */
static size_t put_piece(struct writer *writer, struct span text)
{
	char bytes[UTF8_MAX];
	uint32_t point = 0;
	size_t len = 0;

	if (text.at[0] == '&')
		len = html_entity(text, &point);
	if (len) {
		point = point == NBSP ? ' ' : point;
		if (point != ' ' || writer->pre ||
		    writer->out->len != writer->begin)
			put(writer, span_of(bytes, utf8_encode(point, bytes)));
		return len;
	}
	for (len = 1; len < text.len && text.at[len] != '&'; len++)
		if (!writer->pre && is_space(text.at[len]))
			break;
	put(writer, span_of(text.at, len));
	return len;
}

/* End the line of the fence; the newline that often follows it is none. */
static void end_fence_line(struct writer *writer, struct span *text)
{
	if (!writer->is_fence_open)
		return;
	writer->is_fence_open = false;
	if (text->len && text->at[0] == '\r')
		*text = span_of(text->at + 1, text->len - 1);
	if (text->len && text->at[0] == '\n')
		*text = span_of(text->at + 1, text->len - 1);
	buf_put_char(writer->out, '\n');
}

static void put_text(struct writer *writer, struct span text)
{
	size_t at = 0;

	end_fence_line(writer, &text);
	while (at < text.len) {
		if (!writer->pre && is_space(text.at[at])) {
			writer->has_space = true;
			at++;
			continue;
		}
		at += put_piece(writer, span_of(text.at + at, text.len - at));
	}
}

/* --- Lists, headings, tables ---------------------------------------------- */

static void change_list(struct writer *writer, const struct html_token *token)
{
	struct span start = html_attribute(token, "start");
	bool is_ordered = html_is(token, "ol");
	long first = 0;
	size_t i;

	writer->marker[0] = '\0';
	want_lines(writer, writer->depth > (token->kind == HTML_END) ? 1 : 2);
	if (token->kind == HTML_END) {
		writer->depth -= writer->depth > 0;
		return;
	}
	for (i = 0; i < start.len && i < 6 && start.at[i] >= '0' &&
		    start.at[i] <= '9'; i++)
		first = first * 10 + (start.at[i] - '0');
	if (writer->depth < LISTS_MAX)
		writer->next[writer->depth] = !is_ordered ? 0 :
			first ? first : 1;
	writer->depth++;
}

static void begin_item(struct writer *writer)
{
	size_t level = writer->depth < LISTS_MAX ? writer->depth : LISTS_MAX;
	long *next = level ? &writer->next[level - 1] : NULL;
	int indent = level ? (int)(level - 1) * 2 : 0;

	writer->marker[0] = '\0';
	want_lines(writer, 1);
	if (writer->pre)
		return;
	if (next && *next)
		snprintf(writer->marker, MARKER_MAX, "%*s%ld. ", indent, "",
			 (*next)++);
	else
		snprintf(writer->marker, MARKER_MAX, "%*s- ", indent, "");
}

static void begin_heading(struct writer *writer,
			  const struct html_token *token)
{
	size_t level = (size_t)(token->name.at[1] - '0');

	want_lines(writer, 2);
	if (writer->pre || writer->marker[0])
		return;
	memset(writer->marker, '#', level);
	memcpy(writer->marker + level, " ", 2);
}

static void begin_cell(struct writer *writer)
{
	if (writer->pre || !writer->cells++)
		return;
	writer->has_space = false;
	/* Paragraphs do not break the row, but it may still have to begin. */
	if (writer->out->len > writer->row)
		writer->lines = 0;
	put(writer, span_str(" | "));
	writer->cell = writer->out->len;
}

/* --- Code ----------------------------------------------------------------- */

static void begin_pre(struct writer *writer)
{
	if (!writer->pre) {
		want_lines(writer, 2);
		settle(writer);
		writer->fence = writer->out->len;
		buf_put_str(writer->out, "```");
		writer->is_fence_open = true;
	}
	writer->pre++;
}

/* The longest run of backticks behind the fence. */
static size_t longest_run(const struct writer *writer)
{
	size_t longest = 0;
	size_t run = 0;
	size_t i;

	for (i = writer->fence + FENCE; i < writer->out->len; i++) {
		run = writer->out->data[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

/* Backticks into the first fence until it is longer than what it holds. */
static void lengthen(struct writer *writer, size_t more)
{
	struct buf *out = writer->out;
	size_t from = writer->fence + FENCE;

	buf_fail(out, buf_reserve(out, more, NULL));
	if (out->failed)
		return;
	memmove(out->data + from + more, out->data + from,
		out->len - from + 1);
	memset(out->data + from, '`', more);
	out->len += more;
}

static void end_pre(struct writer *writer)
{
	struct span nothing = { NULL, 0 };
	size_t more;

	if (!writer->pre || --writer->pre || writer->out->failed)
		return;
	end_fence_line(writer, &nothing);
	if (writer->out->data[writer->out->len - 1] != '\n')
		buf_put_char(writer->out, '\n');
	more = longest_run(writer);
	more = more < FENCE ? 0 : more - FENCE + 1;
	if (more)
		lengthen(writer, more);
	for (more += FENCE; more > 0; more--)
		buf_put_char(writer->out, '`');
	writer->has_space = false;
	want_lines(writer, 2);
}

/* <code class="language-c"> right behind <pre> names the language. */
static void name_language(struct writer *writer,
			  const struct html_token *token)
{
	static const char word[] = "language-";
	struct span name = html_attribute(token, "class");
	size_t len = 0;

	if (!writer->is_fence_open || !span_begins(name, word))
		return;
	name = span_of(name.at + sizeof(word) - 1,
		       name.len - (sizeof(word) - 1));
	while (len < name.len && !is_space(name.at[len]) &&
	       name.at[len] != '`' && name.at[len] != '&')
		len++;
	buf_put(writer->out, name.at, len);
}

static void change_code(struct writer *writer, const struct html_token *token)
{
	bool is_start = token->kind == HTML_START;
	bool has_space = !is_start && writer->has_space;

	if (writer->pre && is_start)
		name_language(writer, token);
	if (writer->pre || (!is_start && !writer->code))
		return;
	writer->code += is_start ? 1 : (size_t)-1;
	if (writer->code != is_start)
		return;
	/* A space before the end goes behind it. */
	writer->has_space = writer->has_space && is_start;
	put(writer, span_str("`"));
	writer->has_space = has_space;
}

/* --- Links and images ----------------------------------------------------- */

static void begin_link(struct writer *writer, const struct html_token *token)
{
	writer->href = html_attribute(token, "href");
	writer->link = writer->out->len;
}

static bool is_address(struct span text)
{
	return span_begins(text, "http://") ||
	       span_begins(text, "https://") || span_begins(text, "mailto:");
}

/* Is that what the link shows? */
static bool is_shown(const struct writer *writer, struct span address)
{
	const struct buf *out = writer->out;
	size_t at = writer->link;

	while (at < out->len && is_space(out->data[at]))
		at++;
	return out->len - at >= address.len &&
	       !memcmp(out->data + out->len - address.len, address.at,
		       address.len);
}

static void end_link(struct writer *writer)
{
	struct buf address = BUF_INIT(BUF_NO_LIMIT);
	struct span href = writer->href;

	writer->href = span_of(NULL, 0);
	if (!is_address(href) || writer->pre)
		return;
	buf_fail(writer->out, html_decode(href, &address, NULL));
	if (!is_shown(writer, buf_span(&address))) {
		writer->has_space = true;
		put(writer, span_str("("));
		put(writer, buf_span(&address));
		put(writer, span_str(")"));
	}
	buf_release(&address);
}

/* --- All of it ------------------------------------------------------------ */

static int by_name(const void *key, const void *entry)
{
	return strcmp(key, ((const struct tag *)entry)->name);
}

static enum meaning meaning_of(const struct html_token *token)
{
	const struct tag *found;
	char name[12];
	size_t i;

	if (token->name.len >= sizeof(name))
		return MEANS_NOTHING;
	for (i = 0; i < token->name.len; i++) {
		char c = token->name.at[i];

		name[i] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	name[i] = '\0';
	found = bsearch(name, tags, sizeof(tags) / sizeof(tags[0]),
			sizeof(tags[0]), by_name);
	return found ? found->meaning : MEANS_NOTHING;
}

static void start_tag(struct writer *writer, const struct html_token *token)
{
	switch (meaning_of(token)) {
	case MEANS_LINE:
		want_lines(writer, 1);
		break;
	case MEANS_PARAGRAPH:
		want_lines(writer, 2);
		break;
	case MEANS_HEADING:
		begin_heading(writer, token);
		break;
	case MEANS_BREAK:
		if (writer->pre)
			put_text(writer, span_str("\n"));
		else
			want_lines(writer, writer->lines + 1);
		break;
	case MEANS_RULE:
		want_lines(writer, 2);
		if (!writer->pre)
			put(writer, span_str("---"));
		want_lines(writer, 2);
		break;
	case MEANS_LIST:
		change_list(writer, token);
		break;
	case MEANS_ITEM:
		begin_item(writer);
		break;
	case MEANS_ROW:
		writer->cells = 0;
		writer->cell = 0;
		writer->row = writer->out->len;
		want_lines(writer, 1);
		break;
	case MEANS_CELL:
		begin_cell(writer);
		break;
	case MEANS_PRE:
		begin_pre(writer);
		break;
	case MEANS_CODE:
		change_code(writer, token);
		break;
	case MEANS_LINK:
		begin_link(writer, token);
		break;
	case MEANS_IMAGE:
		put_text(writer, html_attribute(token, "alt"));
		break;
	default:
		break;
	}
}

static void end_tag(struct writer *writer, const struct html_token *token)
{
	switch (meaning_of(token)) {
	case MEANS_HEADING:
		/* An empty one. */
		if (writer->marker[0] == '#')
			writer->marker[0] = '\0';
		want_lines(writer, 2);
		break;
	case MEANS_PARAGRAPH:
		want_lines(writer, 2);
		break;
	case MEANS_ROW:
		writer->cell = 0;
		want_lines(writer, 1);
		break;
	case MEANS_LINE:
	case MEANS_ITEM:
		want_lines(writer, 1);
		break;
	case MEANS_LIST:
		change_list(writer, token);
		break;
	case MEANS_PRE:
		end_pre(writer);
		break;
	case MEANS_CODE:
		change_code(writer, token);
		break;
	case MEANS_LINK:
		end_link(writer);
		break;
	default:
		break;
	}
}

int html_to_text(struct span html, struct buf *out, struct err *err)
{
	struct html_reader reader = HTML_READER_INIT(html);
	struct writer writer = { .out = out, .begin = out->len };
	struct html_token token;

	while (!out->failed && html_next(&reader, &token)) {
		if (token.kind == HTML_TEXT)
			put_text(&writer, token.whole);
		else if (token.kind == HTML_START)
			start_tag(&writer, &token);
		else
			end_tag(&writer, &token);
	}
	if (writer.pre) {
		writer.pre = 1;
		end_pre(&writer);
	}
	while (out->len > writer.begin && is_space(out->data[out->len - 1]))
		buf_cut(out, out->len - 1);
	return buf_settle(out, writer.begin, err);
}
