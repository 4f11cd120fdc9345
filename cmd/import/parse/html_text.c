#include "cmd/import/parse/html.h"

#include <stdint.h>
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
static int settle(struct writer *writer, struct err *err)
{
	bool is_first = writer->out->len == writer->begin;
	int rc = 0;

	if (is_first)
		writer->lines = 0;
	for (; rc == 0 && writer->lines > 0; writer->lines--) {
		rc = buf_add_char(writer->out, '\n', err);
		is_first = true;
	}
	if (rc == 0 && writer->marker[0])
		rc = buf_add_str(writer->out, writer->marker, err);
	else if (rc == 0 && writer->has_space && !is_first)
		rc = buf_add_char(writer->out, ' ', err);
	writer->marker[0] = '\0';
	writer->has_space = false;
	return rc;
}

static int put(struct writer *writer, struct span text, struct err *err)
{
	int rc = settle(writer, err);

	return rc == 0 ? buf_add_span(writer->out, text, err) : rc;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* The entity or the run of ordinary bytes at the begin; *out its length. */
static int put_piece(struct writer *writer, struct span text, size_t *out,
		     struct err *err)
{
	char bytes[UTF8_MAX];
	uint32_t point = 0;
	size_t len = 0;

	if (text.at[0] == '&')
		len = html_entity(text, &point);
	if (len) {
		*out = len;
		point = point == NBSP ? ' ' : point;
		if (point == ' ' && !writer->pre &&
		    writer->out->len == writer->begin)
			return 0;
		return put(writer, span_of(bytes, utf8_encode(point, bytes)),
			   err);
	}
	for (len = 1; len < text.len && text.at[len] != '&'; len++)
		if (!writer->pre && is_space(text.at[len]))
			break;
	*out = len;
	return put(writer, span_of(text.at, len), err);
}

/* End the line of the fence; the newline that often follows it is none. */
static int end_fence_line(struct writer *writer, struct span *text,
			  struct err *err)
{
	if (!writer->is_fence_open)
		return 0;
	writer->is_fence_open = false;
	if (text->len && text->at[0] == '\r')
		*text = span_of(text->at + 1, text->len - 1);
	if (text->len && text->at[0] == '\n')
		*text = span_of(text->at + 1, text->len - 1);
	return buf_add_char(writer->out, '\n', err);
}

static int put_text(struct writer *writer, struct span text, struct err *err)
{
	size_t at = 0;
	size_t len;
	int rc = end_fence_line(writer, &text, err);

	while (rc == 0 && at < text.len) {
		if (!writer->pre && is_space(text.at[at])) {
			writer->has_space = true;
			at++;
			continue;
		}
		rc = put_piece(writer, span_of(text.at + at, text.len - at),
			       &len, err);
		at += len;
	}
	return rc;
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

static int begin_item(struct writer *writer, struct err *err)
{
	size_t level = writer->depth < LISTS_MAX ? writer->depth : LISTS_MAX;
	struct buf marker = BUF_INIT(MARKER_MAX - 1);
	long *next = level ? &writer->next[level - 1] : NULL;
	int indent = level ? (int)(level - 1) * 2 : 0;
	int rc;

	writer->marker[0] = '\0';
	want_lines(writer, 1);
	if (writer->pre)
		return 0;
	if (next && *next)
		rc = buf_printf(&marker, err, "%*s%ld. ", indent, "",
				(*next)++);
	else
		rc = buf_printf(&marker, err, "%*s- ", indent, "");
	if (rc == 0)
		memcpy(writer->marker, buf_text(&marker), marker.len + 1);
	buf_release(&marker);
	return rc;
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

static int begin_cell(struct writer *writer, struct err *err)
{
	int rc;

	if (writer->pre || !writer->cells++)
		return 0;
	writer->has_space = false;
	/* Paragraphs do not break the row, but it may still have to begin. */
	if (writer->out->len > writer->row)
		writer->lines = 0;
	rc = put(writer, span_str(" | "), err);
	writer->cell = writer->out->len;
	return rc;
}

/* --- Code ----------------------------------------------------------------- */

static int begin_pre(struct writer *writer, struct err *err)
{
	int rc = 0;

	if (!writer->pre) {
		want_lines(writer, 2);
		rc = settle(writer, err);
		writer->fence = writer->out->len;
		if (rc == 0)
			rc = buf_add_str(writer->out, "```", err);
		writer->is_fence_open = true;
	}
	writer->pre++;
	return rc;
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
static int lengthen(struct writer *writer, size_t more, struct err *err)
{
	struct buf *out = writer->out;
	size_t from = writer->fence + FENCE;
	int rc = buf_reserve(out, more, err);

	if (rc < 0)
		return rc;
	memmove(out->data + from + more, out->data + from,
		out->len - from + 1);
	memset(out->data + from, '`', more);
	out->len += more;
	return 0;
}

static int end_pre(struct writer *writer, struct err *err)
{
	struct span nothing = { NULL, 0 };
	size_t more;
	int rc;

	if (!writer->pre || --writer->pre)
		return 0;
	rc = end_fence_line(writer, &nothing, err);
	if (rc == 0 && writer->out->data[writer->out->len - 1] != '\n')
		rc = buf_add_char(writer->out, '\n', err);
	more = longest_run(writer);
	more = more < FENCE ? 0 : more - FENCE + 1;
	if (rc == 0 && more)
		rc = lengthen(writer, more, err);
	for (more += FENCE; rc == 0 && more > 0; more--)
		rc = buf_add_char(writer->out, '`', err);
	writer->has_space = false;
	want_lines(writer, 2);
	return rc;
}

/* <code class="language-c"> right behind <pre> names the language. */
static int name_language(struct writer *writer,
			 const struct html_token *token, struct err *err)
{
	static const char word[] = "language-";
	struct span name = html_attribute(token, "class");
	size_t len = 0;

	if (!writer->is_fence_open || !span_begins(name, word))
		return 0;
	name = span_of(name.at + sizeof(word) - 1,
		       name.len - (sizeof(word) - 1));
	while (len < name.len && !is_space(name.at[len]) &&
	       name.at[len] != '`' && name.at[len] != '&')
		len++;
	return buf_add(writer->out, name.at, len, err);
}

static int change_code(struct writer *writer, const struct html_token *token,
		       struct err *err)
{
	bool is_start = token->kind == HTML_START;
	bool has_space = !is_start && writer->has_space;
	int rc;

	if (writer->pre)
		return is_start ? name_language(writer, token, err) : 0;
	if (!is_start && !writer->code)
		return 0;
	writer->code += is_start ? 1 : (size_t)-1;
	if (writer->code != is_start)
		return 0;
	/* A space before the end goes behind it. */
	writer->has_space = writer->has_space && is_start;
	rc = put(writer, span_str("`"), err);
	writer->has_space = has_space;
	return rc;
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

static int end_link(struct writer *writer, struct err *err)
{
	struct buf address = BUF_INIT(BUF_NO_LIMIT);
	struct span href = writer->href;
	int rc;

	writer->href = span_of(NULL, 0);
	if (!is_address(href) || writer->pre)
		return 0;
	rc = html_decode(href, &address, err);
	if (rc == 0 && !is_shown(writer, buf_span(&address))) {
		writer->has_space = true;
		rc = put(writer, span_str("("), err);
		if (rc == 0)
			rc = put(writer, buf_span(&address), err);
		if (rc == 0)
			rc = put(writer, span_str(")"), err);
	}
	buf_release(&address);
	return rc;
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

static int start_tag(struct writer *writer, const struct html_token *token,
		     struct err *err)
{
	int rc;

	switch (meaning_of(token)) {
	case MEANS_LINE:
		want_lines(writer, 1);
		return 0;
	case MEANS_PARAGRAPH:
		want_lines(writer, 2);
		return 0;
	case MEANS_HEADING:
		begin_heading(writer, token);
		return 0;
	case MEANS_BREAK:
		if (writer->pre)
			return put_text(writer, span_str("\n"), err);
		want_lines(writer, writer->lines + 1);
		return 0;
	case MEANS_RULE:
		want_lines(writer, 2);
		rc = writer->pre ? 0 : put(writer, span_str("---"), err);
		want_lines(writer, 2);
		return rc;
	case MEANS_LIST:
		change_list(writer, token);
		return 0;
	case MEANS_ITEM:
		return begin_item(writer, err);
	case MEANS_ROW:
		writer->cells = 0;
		writer->cell = 0;
		writer->row = writer->out->len;
		want_lines(writer, 1);
		return 0;
	case MEANS_CELL:
		return begin_cell(writer, err);
	case MEANS_PRE:
		return begin_pre(writer, err);
	case MEANS_CODE:
		return change_code(writer, token, err);
	case MEANS_LINK:
		begin_link(writer, token);
		return 0;
	case MEANS_IMAGE:
		return put_text(writer, html_attribute(token, "alt"), err);
	default:
		return 0;
	}
}

static int end_tag(struct writer *writer, const struct html_token *token,
		   struct err *err)
{
	switch (meaning_of(token)) {
	case MEANS_HEADING:
		/* An empty one. */
		if (writer->marker[0] == '#')
			writer->marker[0] = '\0';
		want_lines(writer, 2);
		return 0;
	case MEANS_PARAGRAPH:
		want_lines(writer, 2);
		return 0;
	case MEANS_ROW:
		writer->cell = 0;
		want_lines(writer, 1);
		return 0;
	case MEANS_LINE:
	case MEANS_ITEM:
		want_lines(writer, 1);
		return 0;
	case MEANS_LIST:
		change_list(writer, token);
		return 0;
	case MEANS_PRE:
		return end_pre(writer, err);
	case MEANS_CODE:
		return change_code(writer, token, err);
	case MEANS_LINK:
		return end_link(writer, err);
	default:
		return 0;
	}
}

static int put_token(struct writer *writer, const struct html_token *token,
		     struct err *err)
{
	switch (token->kind) {
	case HTML_TEXT:
		return put_text(writer, token->whole, err);
	case HTML_START:
		return start_tag(writer, token, err);
	default:
		return end_tag(writer, token, err);
	}
}

int html_to_text(struct span html, struct buf *out, struct err *err)
{
	struct html_reader reader = HTML_READER_INIT(html);
	struct writer writer = { .out = out, .begin = out->len };
	struct html_token token;
	int rc = 0;

	while (rc == 0 && html_next(&reader, &token))
		rc = put_token(&writer, &token, err);
	if (rc == 0 && writer.pre) {
		writer.pre = 1;
		rc = end_pre(&writer, err);
	}
	while (rc == 0 && out->len > writer.begin &&
	       is_space(out->data[out->len - 1]))
		buf_cut(out, out->len - 1);
	if (rc < 0)
		buf_cut(out, writer.begin);
	return rc;
}
