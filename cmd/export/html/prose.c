#include "cmd/export/html/text.h"

#include <md4c.h>
#include <stdlib.h>
#include <strings.h>

#include "cmd/export/html/gaps.h"
#include "lib/base/markdown.h"
#include "lib/base/utf8.h"

/* md4c has inputs for which it takes time that is no longer in proportion;
 * longer ones are no prose. */
#define PROSE_MAX ((size_t)256 << 10)
#define QUOTES_DEEPEST 24	/* lists and quotes; deeper ones are flat */
/* A short text can name a long link a thousand times, or open a table of a
 * thousand columns: what becomes so much longer is put as it stands. */
#define GROWTH_MAX 24
#define GROWTH_FREE ((size_t)64 << 10)

struct prose {
	struct buf *out;
	size_t end_max;		/* of out */
	struct gaps gaps;
	size_t quotes;		/* that we are in */
	size_t links;		/* likewise: a link in a link is spelled out */
};

/* Told to md4c by each callback. */
static int prose_stops(const struct prose *prose)
{
	return prose->out->failed || prose->out->len > prose->end_max;
}

/* The character that an entity names by its number; 0: it has a name. */
static unsigned long number_of(const char *text, MD_SIZE size)
{
	char digits[16] = "";
	bool is_hex;

	if (size < 4 || text[1] != '#' || size >= sizeof(digits))
		return 0;
	is_hex = text[2] == 'x' || text[2] == 'X';
	memcpy(digits, text + 2 + is_hex, size - 3 - is_hex);
	return strtoul(digits, NULL, is_hex ? 16 : 10);
}

static void put_entity(struct buf *out, const char *text, MD_SIZE size)
{
	unsigned long c = number_of(text, size);
	char bytes[UTF8_MAX];

	/* By name: a browser that does not know it shows it. */
	if (!c)
		buf_put(out, text, size);
	else if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		html_put_text(out, span_of(text, size));
	else
		html_put_text(out, span_of(bytes, utf8_encode((uint32_t)c,
							      bytes)));
}

static void put_attribute(struct prose *prose, const MD_ATTRIBUTE *attribute)
{
	struct buf *out = prose->out;
	const MD_OFFSET *at = attribute->substr_offsets;
	size_t i;

	for (i = 0; attribute->size && at[i] < attribute->size; i++) {
		const char *text = attribute->text + at[i];
		MD_SIZE size = at[i + 1] - at[i];

		if (attribute->substr_types[i] == MD_TEXT_ENTITY)
			put_entity(out, text, size);
		else
			html_put_text(out, span_of(text, size));
	}
}

static struct span attribute_span(const MD_ATTRIBUTE *attribute)
{
	return span_of(attribute->text, attribute->size);
}

/* Would a browser go there, and nothing else? */
static bool is_link(const MD_ATTRIBUTE *href)
{
	static const char *const schemes[] = {
		"http://", "https://", "mailto:"
	};
	size_t i;
	size_t len;

	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		len = strlen(schemes[i]);
		if (href->size > len && !strncasecmp(href->text, schemes[i],
						     len))
			return true;
	}
	return false;
}

/* Tags of blocks that have no more to say. */
static const char *const block_tags[] = {
	[MD_BLOCK_QUOTE] = "blockquote", [MD_BLOCK_UL] = "ul",
	[MD_BLOCK_OL] = "ol", [MD_BLOCK_LI] = "li", [MD_BLOCK_P] = "p",
	[MD_BLOCK_THEAD] = "thead", [MD_BLOCK_TBODY] = "tbody",
	[MD_BLOCK_TR] = "tr",
};

static bool is_nested(MD_BLOCKTYPE type)
{
	return type == MD_BLOCK_QUOTE || type == MD_BLOCK_UL ||
	       type == MD_BLOCK_OL || type == MD_BLOCK_LI;
}

static void put_item(struct buf *out, const MD_BLOCK_LI_DETAIL *item)
{
	if (!item->is_task)
		buf_put_str(out, "<li>");
	else
		buf_put_str(out, item->task_mark == ' ' ?
			    "<li class=\"task\">☐ " :
			    "<li class=\"task\">☑ ");
}

/* The outermost block has the direction of its first letter, what is in it
 * the same, so that marks of a list stand where its text begins. */
static const char *direction(const struct prose *prose, bool is_list)
{
	return prose->quotes == is_list ? " dir=\"auto\"" : "";
}

static void put_code(struct prose *prose, const MD_BLOCK_CODE_DETAIL *code)
{
	struct buf *out = prose->out;

	gaps_excuse(&prose->gaps, attribute_span(&code->info));
	buf_put_str(out, "<figure class=\"code\">");
	if (code->info.size) {
		buf_put_str(out, "<figcaption>");
		put_attribute(prose, &code->info);
		buf_put_str(out, "</figcaption>");
	}
	buf_put_str(out, "<pre tabindex=\"0\"><code>");
}

static void put_cell(struct buf *out, MD_BLOCKTYPE type,
		     const MD_BLOCK_TD_DETAIL *cell)
{
	static const char *const aligns[] = {
		[MD_ALIGN_DEFAULT] = "", [MD_ALIGN_LEFT] = " class=\"left\"",
		[MD_ALIGN_CENTER] = " class=\"center\"",
		[MD_ALIGN_RIGHT] = " class=\"right\"",
	};

	buf_putf(out, "<%s dir=\"auto\"%s>", type == MD_BLOCK_TH ? "th" : "td",
		 aligns[cell->align]);
}

/* Below the page's own headings. */
static unsigned heading_level(const MD_BLOCK_H_DETAIL *heading)
{
	return heading->level < 4 ? heading->level + 2 : 6;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct prose *prose = arg;
	struct buf *out = prose->out;

	if (is_nested(type) && ++prose->quotes > QUOTES_DEEPEST)
		return 0;
	switch (type) {
	case MD_BLOCK_LI:
		put_item(out, detail);
		break;
	case MD_BLOCK_OL:
		buf_putf(out, "<ol start=\"%u\"%s>",
			 ((MD_BLOCK_OL_DETAIL *)detail)->start,
			 direction(prose, true));
		break;
	case MD_BLOCK_HR:
		buf_put_str(out, "<hr />\n");
		break;
	case MD_BLOCK_H:
		buf_putf(out, "<h%u%s>", heading_level(detail),
			 direction(prose, false));
		break;
	case MD_BLOCK_CODE:
		put_code(prose, detail);
		break;
	case MD_BLOCK_TABLE:
		buf_put_str(out, "<div class=\"table\" tabindex=\"0\"><table>");
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		put_cell(out, type, detail);
		break;
	case MD_BLOCK_P:
		buf_putf(out, "<p%s>", direction(prose, false));
		break;
	case MD_BLOCK_DOC:
	case MD_BLOCK_HTML:
		break;
	default:
		buf_putf(out, "<%s%s>", block_tags[type], is_nested(type) ?
			 direction(prose, true) : "");
	}
	return prose_stops(prose);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct prose *prose = arg;
	struct buf *out = prose->out;

	if (is_nested(type) && prose->quotes-- > QUOTES_DEEPEST)
		return 0;
	switch (type) {
	case MD_BLOCK_DOC:
	case MD_BLOCK_HTML:
	case MD_BLOCK_HR:
		break;
	case MD_BLOCK_H:
		buf_putf(out, "</h%u>\n", heading_level(detail));
		break;
	case MD_BLOCK_CODE:
		buf_put_str(out, "</code></pre></figure>\n");
		break;
	case MD_BLOCK_TABLE:
		buf_put_str(out, "</table></div>\n");
		break;
	case MD_BLOCK_TH:
		buf_put_str(out, "</th>");
		break;
	case MD_BLOCK_TD:
		buf_put_str(out, "</td>");
		break;
	default:
		buf_putf(out, "</%s>\n", block_tags[type]);
	}
	return prose_stops(prose);
}

static void begin_link(struct prose *prose, const MD_ATTRIBUTE *href,
		       const MD_ATTRIBUTE *title)
{
	struct buf *out = prose->out;

	if (prose->links++ || !is_link(href)) {
		buf_put_str(out, "<span class=\"unlinked\">");
		return;
	}
	buf_put_str(out, "<a rel=\"noreferrer noopener nofollow\" href=\"");
	put_attribute(prose, href);
	if (title->size) {
		buf_put_str(out, "\" title=\"");
		put_attribute(prose, title);
	}
	buf_put_str(out, "\">");
}

static void end_link(struct prose *prose, const MD_ATTRIBUTE *href,
		     const MD_ATTRIBUTE *title)
{
	struct buf *out = prose->out;

	gaps_excuse(&prose->gaps, attribute_span(href));
	gaps_excuse(&prose->gaps, attribute_span(title));
	if (!--prose->links && is_link(href)) {
		buf_put_str(out, "</a>");
		return;
	}
	buf_put_str(out, " <small>(");
	put_attribute(prose, href);
	if (title->size) {
		buf_put_char(out, ' ');
		put_attribute(prose, title);
	}
	buf_put_str(out, ")</small></span>");
}

static const char *const span_tags[] = {
	[MD_SPAN_EM] = "em", [MD_SPAN_STRONG] = "strong",
	[MD_SPAN_CODE] = "code", [MD_SPAN_DEL] = "del",
};

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct prose *prose = arg;

	if (type == MD_SPAN_A) {
		const MD_SPAN_A_DETAIL *link = detail;

		begin_link(prose, &link->href, &link->title);
	} else if (type == MD_SPAN_IMG) {
		const MD_SPAN_IMG_DETAIL *picture = detail;

		buf_put_str(prose->out, "<span class=\"picture\">▧ ");
		begin_link(prose, &picture->src, &picture->title);
	} else {
		buf_putf(prose->out, "<%s>", span_tags[type]);
	}
	return prose_stops(prose);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct prose *prose = arg;

	if (type == MD_SPAN_A) {
		const MD_SPAN_A_DETAIL *link = detail;

		end_link(prose, &link->href, &link->title);
	} else if (type == MD_SPAN_IMG) {
		const MD_SPAN_IMG_DETAIL *picture = detail;

		end_link(prose, &picture->src, &picture->title);
		buf_put_str(prose->out, "</span>");
	} else {
		buf_putf(prose->out, "</%s>", span_tags[type]);
	}
	return prose_stops(prose);
}

static int put_told(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size,
		    void *arg)
{
	struct prose *prose = arg;

	gaps_told(&prose->gaps, span_of(text, size));
	switch (type) {
	case MD_TEXT_NULLCHAR:
		html_put_text(prose->out, span_of("\0", 1));
		break;
	case MD_TEXT_BR:
	case MD_TEXT_SOFTBR:
		buf_put_str(prose->out, "<br />\n");
		break;
	case MD_TEXT_ENTITY:
		put_entity(prose->out, text, size);
		break;
	default:
		html_put_text(prose->out, span_of(text, size));
	}
	return prose_stops(prose);
}

/* Definitions of links stand below the text. Where words of it are told
 * nowhere, as of a row with more cells than its table, all of it is told
 * again, as it was written. */
static void put_gaps(struct prose *prose)
{
	struct buf *out = prose->out;
	struct gaps *gaps = &prose->gaps;

	gaps_end(gaps);
	if (gaps->links.len && !gaps->has_words) {
		buf_put_str(out, "<div class=\"plain links\" dir=\"auto\">");
		html_put_text(out, buf_span(&gaps->links));
		buf_put_str(out, "</div>\n");
	}
	if (gaps->has_words) {
		buf_put_str(out, "<details class=\"part\"><summary>As it was "
			    "written</summary>\n");
		html_put_plain(out, gaps->text);
		buf_put_str(out, "</details>\n");
	}
	buf_fail(out, gaps->links.failed);
}

void html_put_prose(struct buf *out, struct span text)
{
	static const MD_PARSER parser = {
		.flags = MD_DIALECT_GITHUB | MD_FLAG_NOHTML,
		.enter_block = enter_block, .leave_block = leave_block,
		.enter_span = enter_span, .leave_span = leave_span,
		.text = put_told,
	};
	struct prose prose = {
		.out = out, .gaps = GAPS_INIT(text),
		.end_max = out->len + GROWTH_FREE + GROWTH_MAX * text.len,
	};
	size_t begin = out->len;
	int rc;

	if (!text.len || out->failed)
		return;
	if (text.len > PROSE_MAX) {
		html_put_plain(out, text);
		return;
	}
	buf_put_str(out, "<div class=\"prose\">");
	rc = markdown_read(text, &parser, &prose);
	if (rc != ERR_INVALID)
		buf_fail(out, rc);
	if (rc == 0)
		put_gaps(&prose);
	buf_put_str(out, "</div>\n");
	gaps_release(&prose.gaps);
	if (rc == ERR_INVALID && !out->failed) {
		buf_cut(out, begin);
		html_put_plain(out, text);
	}
}
