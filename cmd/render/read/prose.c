#include "cmd/render/read/prose.h"

#include <md4c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/render/read/prose_whole.h"
#include "cmd/render/read/table_cells.h"
#include "lib/base/markdown.h"
#include "lib/base/utf8.h"

#define RULE_COLUMNS 40

/* A list that is open: of bullets, or the number of its next item. */
struct prose_list {
	bool is_ordered;
	unsigned next;
};

struct prose {
	struct flow *flow;
	unsigned base;		/* style of all of it */
	unsigned style;
	unsigned strong, emphasis, code, strike;	/* spans that are open */
	uint16_t link;
	struct buf url;		/* of the open link, to be told behind it ... */
	struct buf title;	/* ... as is this */
	struct buf seen;	/* what its text says so far */
	struct prose_list lists[FLOW_LEVELS];
	size_t lists_n;
	bool is_code;		/* in a block of it */
	struct text_grid grid;
	struct grid_field *field;	/* of the table that is read */
};

static void set_style(struct prose *prose)
{
	prose->style = prose->base;
	if (prose->strong)
		prose->style |= SAY_AND_BOLD;
	if (prose->emphasis)
		prose->style |= SAY_AND_ITALIC;
	if (prose->strike)
		prose->style |= SAY_AND_STRIKE;
	if (prose->code)
		prose->style = (prose->style & ~SAY_COLOR_BITS) | SAY_YELLOW;
	if (prose->link)
		prose->style |= SAY_AND_UNDERLINE;
}

static void prose_put(struct prose *prose, unsigned style, struct span text)
{
	if (prose->link)
		buf_put_span(&prose->seen, text);
	if (prose->field)
		flow_cells_put(&prose->field->text, style, prose->link, text);
	else
		flow_put(prose->flow, style, prose->link, text);
}

/* What stands open in an item, before something else begins in it. */
static void end_open(struct prose *prose)
{
	if (prose->flow->cells.n)
		flow_end(prose->flow, true);
}

static void begin_block(struct prose *prose)
{
	end_open(prose);
	flow_gap(prose->flow);
}

static void begin_list(struct prose *prose, bool is_ordered, unsigned first)
{
	end_open(prose);
	if (!prose->lists_n)
		flow_gap(prose->flow);
	if (prose->lists_n++ < FLOW_LEVELS)
		prose->lists[prose->lists_n - 1] = (struct prose_list){
			is_ordered, first
		};
}

static void begin_item(struct prose *prose, const MD_BLOCK_LI_DETAIL *item)
{
	struct prose_list *list = prose->lists_n <= FLOW_LEVELS ?
				  &prose->lists[prose->lists_n - 1] : NULL;
	char mark[24] = "• ";
	char blanks[24] = "  ";

	end_open(prose);
	if (list && list->is_ordered) {
		snprintf(mark, sizeof(mark), "%u. ", list->next++);
		snprintf(blanks, sizeof(blanks), "%*s", (int)strlen(mark), "");
	} else if (item->is_task) {
		snprintf(mark, sizeof(mark), "%s ",
			 item->task_mark == ' ' ? "☐" : "☑");
	}
	flow_push(prose->flow, mark, blanks);
	/* A loose list has paragraphs, which ask for a line between. */
	prose->flow->is_tight = true;
}

/* An item without any text still has its mark. */
static void end_item(struct prose *prose)
{
	const struct flow *flow = prose->flow;

	if (flow->cells.n || (flow->depth <= FLOW_LEVELS &&
			      !flow->levels[flow->depth - 1].is_begun))
		flow_end(prose->flow, true);
	flow_pop(prose->flow);
}

static void begin_heading(struct prose *prose, unsigned level)
{
	char mark[8] = "###### ";

	begin_block(prose);
	prose->strong++;
	set_style(prose);
	if (level < 3)
		prose->style |= SAY_AND_UNDERLINE;
	/* Without colors it is to be told from other lines all the same. */
	if (!say_has_color())
		prose_put(prose, prose->style, span_str(mark + 6 - level));
}

static void begin_code(struct prose *prose, const MD_BLOCK_CODE_DETAIL *code)
{
	begin_block(prose);
	if (code->info.size) {
		flow_put(prose->flow, SAY_AND_DIM, 0,
			 span_of(code->info.text, code->info.size));
		flow_end(prose->flow, false);
	}
	flow_push(prose->flow, "  ", "  ");
	prose->is_code = true;
}

static void print_rule(struct prose *prose)
{
	size_t i;

	begin_block(prose);
	for (i = 0; i < RULE_COLUMNS; i++)
		flow_put(prose->flow, SAY_AND_DIM, 0, span_str("─"));
	flow_end(prose->flow, false);
}

static void begin_field(struct prose *prose, const MD_BLOCK_TD_DETAIL *field,
			bool is_head)
{
	prose->field = text_grid_add(&prose->grid,
				     field->align == MD_ALIGN_RIGHT ?
				     GRID_RIGHT :
				     field->align == MD_ALIGN_CENTER ?
				     GRID_CENTER : GRID_LEFT);
	prose->strong += is_head;
	set_style(prose);
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct prose *prose = arg;

	switch (type) {
	case MD_BLOCK_QUOTE:
		begin_block(prose);
		flow_push(prose->flow, "│ ", "│ ");
		prose->flow->is_tight = true;
		break;
	case MD_BLOCK_UL:
		begin_list(prose, false, 0);
		break;
	case MD_BLOCK_OL:
		begin_list(prose, true,
			   ((const MD_BLOCK_OL_DETAIL *)detail)->start);
		break;
	case MD_BLOCK_LI:
		begin_item(prose, detail);
		break;
	case MD_BLOCK_HR:
		print_rule(prose);
		break;
	case MD_BLOCK_H:
		begin_heading(prose,
			      ((const MD_BLOCK_H_DETAIL *)detail)->level);
		break;
	case MD_BLOCK_CODE:
		begin_code(prose, detail);
		break;
	case MD_BLOCK_P:
	case MD_BLOCK_HTML:
		begin_block(prose);
		break;
	case MD_BLOCK_TABLE:
		begin_block(prose);
		prose->grid.columns =
			((const MD_BLOCK_TABLE_DETAIL *)detail)->col_count;
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		begin_field(prose, detail, type == MD_BLOCK_TH);
		break;
	case MD_BLOCK_DOC:
	case MD_BLOCK_THEAD:
	case MD_BLOCK_TBODY:
	case MD_BLOCK_TR:
		break;
	}
	return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct prose *prose = arg;

	(void)detail;
	switch (type) {
	case MD_BLOCK_QUOTE:
		end_open(prose);
		flow_pop(prose->flow);
		break;
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
		prose->lists_n--;
		break;
	case MD_BLOCK_LI:
		end_item(prose);
		break;
	case MD_BLOCK_H:
		prose->strong--;
		set_style(prose);
		flow_end(prose->flow, true);
		break;
	case MD_BLOCK_CODE:
		if (prose->flow->cells.n)
			flow_end(prose->flow, false);
		flow_pop(prose->flow);
		prose->is_code = false;
		break;
	case MD_BLOCK_TABLE:
		text_grid_print(&prose->grid, prose->flow);
		text_grid_release(&prose->grid);
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		prose->strong -= type == MD_BLOCK_TH;
		prose->field = NULL;
		set_style(prose);
		break;
	default:
		end_open(prose);
		break;
	}
	return 0;
}

static void begin_link(struct prose *prose, const MD_ATTRIBUTE *href,
		       const MD_ATTRIBUTE *title)
{
	struct span url = span_of(href->text, href->size);

	buf_reset(&prose->url);
	buf_reset(&prose->title);
	buf_put(&prose->title, title->text, title->size);
	buf_reset(&prose->seen);
	buf_put_span(&prose->url, url);
	prose->link = flow_link(prose->flow, url);
}

static void put_behind(struct prose *prose, const char *before,
		       struct span text, const char *behind)
{
	unsigned style = prose->base | SAY_AND_DIM;

	prose_put(prose, style, span_str(before));
	prose_put(prose, style, text);
	prose_put(prose, style, span_str(behind));
}

/* Where the terminal follows no links, the address stands behind the words. */
static void end_link(struct prose *prose)
{
	struct span url = buf_span(&prose->url);
	bool says_it = span_ends(url, buf_text(&prose->seen)) &&
		       prose->seen.len + sizeof("https://") >= url.len;

	prose->link = 0;
	set_style(prose);
	if (prose->title.len)
		put_behind(prose, " (", buf_span(&prose->title), ")");
	if (!says_it && url.len && !screen_follows(url))
		put_behind(prose, " <", url, ">");
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	const MD_SPAN_A_DETAIL *link = detail;
	const MD_SPAN_IMG_DETAIL *picture = detail;
	struct prose *prose = arg;

	prose->strong += type == MD_SPAN_STRONG;
	prose->emphasis += type == MD_SPAN_EM;
	prose->strike += type == MD_SPAN_DEL;
	prose->code += type == MD_SPAN_CODE;
	if (type == MD_SPAN_A)
		begin_link(prose, &link->href, &link->title);
	if (type == MD_SPAN_IMG) {
		begin_link(prose, &picture->src, &picture->title);
		prose_put(prose, prose->base | SAY_AND_DIM, span_str("picture: "));
	}
	set_style(prose);
	/* Without colors its marks stay. */
	if (type == MD_SPAN_CODE && !say_has_color())
		prose_put(prose, prose->style, span_str("`"));
	return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct prose *prose = arg;

	(void)detail;
	if (type == MD_SPAN_CODE && !say_has_color())
		prose_put(prose, prose->style, span_str("`"));
	prose->strong -= type == MD_SPAN_STRONG;
	prose->emphasis -= type == MD_SPAN_EM;
	prose->strike -= type == MD_SPAN_DEL;
	prose->code -= type == MD_SPAN_CODE;
	if (type == MD_SPAN_A || type == MD_SPAN_IMG)
		end_link(prose);
	set_style(prose);
	return 0;
}

/* "&amp;", "&#65;"; what is not known stands as it does. */
static void put_entity(struct prose *prose, struct span text)
{
	static const struct { const char *name, *text; } table[] = {
		{ "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" },
		{ "&quot;", "\"" }, { "&apos;", "'" }, { "&nbsp;", " " },
		{ "&copy;", "©" }, { "&hellip;", "…" }, { "&mdash;", "—" },
		{ "&ndash;", "–" }, { "&rarr;", "→" }, { "&larr;", "←" },
		{ "&times;", "×" }, { "&deg;", "°" },
	};
	char digits[12] = "";
	char bytes[UTF8_MAX];
	unsigned long point;
	bool is_hex = text.len > 3 && (text.at[2] | 32) == 'x';
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (span_equals(text, span_str(table[i].name)))
			text = span_str(table[i].text);
	}
	if (text.len > 3 && text.at[1] == '#' && text.len < sizeof(digits)) {
		memcpy(digits, text.at + 2 + is_hex, text.len - 3 - is_hex);
		point = strtoul(digits, NULL, is_hex ? 16 : 10);
		if (point && point <= 0x10ffff &&
		    (point < 0xd800 || point > 0xdfff))
			text = span_of(bytes, utf8_encode((uint32_t)point,
							  bytes));
	}
	prose_put(prose, prose->style, text);
}

/* Lines of code are not broken. */
static void put_code(struct prose *prose, struct span text)
{
	while (text.len) {
		bool has_end = memchr(text.at, '\n', text.len) != NULL;

		flow_cells_put(&prose->flow->cells, SAY_YELLOW, 0,
			       span_take_line(&text));
		if (has_end)
			flow_end(prose->flow, false);
	}
}

static int take_text(MD_TEXTTYPE type, const MD_CHAR *at, MD_SIZE size,
		     void *arg)
{
	struct prose *prose = arg;
	struct span text = span_of(at, size);

	if (prose->is_code)
		put_code(prose, text);
	else if (type == MD_TEXT_ENTITY)
		put_entity(prose, text);
	else if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
		/* Who wrote it saw the lines that they made. */
		prose_put(prose, prose->style, span_str(prose->field ? " " : "\n"));
	else if (type == MD_TEXT_NULLCHAR)
		prose_put(prose, prose->style, span_str("\xef\xbf\xbd"));
	else
		prose_put(prose, prose->style, text);
	return 0;
}

void prose_print_plain(struct flow *flow, unsigned style, struct span text)
{
	while (text.len) {
		flow_cells_put(&flow->cells, style, 0, span_take_line(&text));
		flow_end(flow, false);
	}
}

void prose_print(struct flow *flow, unsigned style, struct span text)
{
	static const MD_PARSER parser = {
		.flags = PROSE_FLAGS,
		.enter_block = enter_block, .leave_block = leave_block,
		.enter_span = enter_span, .leave_span = leave_span,
		.text = take_text,
	};
	struct prose prose = {
		.flow = flow, .base = style, .style = style,
		.url = BUF_INIT(BUF_NO_LIMIT), .seen = BUF_INIT(BUF_NO_LIMIT),
		.title = BUF_INIT(BUF_NO_LIMIT),
		.grid = TEXT_GRID_INIT,
	};
	struct buf links = BUF_INIT(BUF_NO_LIMIT);

	if (!prose_is_whole(text, &links) ||
	    markdown_read(text, &parser, &prose) < 0)
		prose_print_plain(flow, style, text);
	else if (links.len)
		prose_print_plain(flow, SAY_AND_DIM, buf_span(&links));
	text_grid_release(&prose.grid);
	buf_release(&prose.url);
	buf_release(&prose.seen);
	buf_release(&prose.title);
	buf_release(&links);
}
