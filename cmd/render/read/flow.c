#include "cmd/render/read/flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"

#define ROOM_MIN 10
#define TAB_BLANKS 4

void flow_release(struct flow *flow)
{
	while (flow->links.n)
		free(flow->links.at[--flow->links.n]);
	free(flow->links.at);
	free(flow->cells.at);
}

static unsigned columns_of(const char *text)
{
	struct span rest = span_str(text);
	unsigned columns = 0;
	uint32_t point;
	size_t len;

	while ((len = utf8_decode(rest, &point))) {
		columns += screen_columns(point);
		rest = span_of(rest.at + len, rest.len - len);
	}
	return columns;
}

static size_t levels_of(const struct flow *flow)
{
	return flow->depth < FLOW_LEVELS ? flow->depth : FLOW_LEVELS;
}

unsigned flow_room(const struct flow *flow)
{
	unsigned used = 0;
	size_t i;

	for (i = 0; i < levels_of(flow); i++)
		used += columns_of(flow->levels[i].rest);
	if (!flow->width)
		return 0;
	return flow->width > used + ROOM_MIN ? flow->width - used : ROOM_MIN;
}

void flow_push(struct flow *flow, const char *first, const char *rest)
{
	if (flow->depth++ < FLOW_LEVELS) {
		struct flow_level *level = &flow->levels[flow->depth - 1];

		snprintf(level->first, sizeof(level->first), "%s", first);
		snprintf(level->rest, sizeof(level->rest), "%s", rest);
		level->is_begun = false;
	}
}

void flow_pop(struct flow *flow)
{
	flow->depth--;
}

uint16_t flow_link(struct flow *flow, struct span url)
{
	char *copy;

	if (flow->links.n >= UINT16_MAX ||
	    array_room(&flow->links, NULL) < 0)
		return 0;
	copy = malloc(url.len + 1);
	if (!copy)
		return 0;
	if (url.len)
		memcpy(copy, url.at, url.len);
	copy[url.len] = '\0';
	flow->links.at[flow->links.n++] = copy;
	return (uint16_t)flow->links.n;
}

static void put_point(struct flow_cells *cells, unsigned style, uint16_t link,
		      uint32_t point)
{
	if (array_room(cells, NULL) == 0)
		cells->at[cells->n++] = (struct flow_cell){
			point, link, (uint8_t)style,
			(uint8_t)screen_columns(point)
		};
}

void flow_cells_put(struct flow_cells *cells, unsigned style, uint16_t link,
		    struct span text)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	uint32_t point;
	size_t len;
	int i;

	if (say_is_for_people() &&
	    text_escape(&safe, text, TEXT_KEEP_LINES, NULL) == 0)
		text = buf_span(&safe);
	for (; text.len; text = span_of(text.at + len, text.len - len)) {
		len = utf8_decode(text, &point);
		if (!len) {
			len = 1;
			point = 0xfffd;
		}
		for (i = 0; point == '\t' && i < TAB_BLANKS - 1; i++)
			put_point(cells, style, link, ' ');
		put_point(cells, style, link, point == '\t' || point == '\n' ?
			  ' ' : point);
	}
	buf_release(&safe);
}

void flow_put(struct flow *flow, unsigned style, uint16_t link,
	      struct span text)
{
	while (text.len) {
		bool has_end = memchr(text.at, '\n', text.len) != NULL;

		flow_cells_put(&flow->cells, style, link,
			       span_take_line(&text));
		if (has_end)
			flow_end(flow, true);
	}
}

/* May a line end before that cell? */
static bool breaks_before(const struct flow_cells *cells, size_t i)
{
	const struct flow_cell *at = &cells->at[i];

	if (!i || !at->columns)
		return false;
	return at[-1].point == ' ' || at->columns > 1 ||
	       at[-1].columns > 1;
}

size_t flow_fit(const struct flow_cells *cells, size_t from, unsigned columns,
		size_t *next)
{
	unsigned used = 0;
	size_t end = 0;
	size_t i;

	for (i = from; i < cells->n; i++) {
		if (i > from && breaks_before(cells, i))
			end = i;
		used += cells->at[i].columns;
		/* A word that fits nowhere stands out; blanks may. */
		if (columns && used > columns && end &&
		    cells->at[i].point != ' ')
			break;
	}
	if (i == cells->n)
		end = i;
	*next = end;
	while (end > from && cells->at[end - 1].point == ' ')
		end--;
	return end - from;
}

static size_t print_run(const struct flow_cells *cells, size_t from, size_t to)
{
	const struct flow_cell *first = &cells->at[from];
	struct buf run = BUF_INIT(BUF_NO_LIMIT);
	char bytes[UTF8_MAX];

	for (; from < to && cells->at[from].style == first->style &&
	     cells->at[from].link == first->link; from++)
		buf_put(&run, bytes, utf8_encode(cells->at[from].point,
						 bytes));
	if (buf_end(&run, NULL) == 0)
		say_styled(first->style, buf_span(&run));
	buf_release(&run);
	return from;
}

void flow_print(const struct flow *flow, const struct flow_cells *cells,
		size_t from, size_t to)
{
	while (from < to) {
		uint16_t link = cells->at[from].link;
		struct span url = span_str(link ? flow->links.at[link - 1] :
					   NULL);
		bool leads = link && screen_follows(url);

		if (leads)
			screen_link(url);
		do
			from = print_run(cells, from, to);
		while (from < to && cells->at[from].link == link);
		if (leads)
			screen_link_end();
	}
}

void flow_print_marks(struct flow *flow, bool is_blank)
{
	size_t i;

	for (i = 0; i < levels_of(flow); i++) {
		struct flow_level *level = &flow->levels[i];
		const char *mark = level->is_begun ? level->rest :
				   level->first;

		if (!is_blank || mark[strspn(mark, " ")])
			say_styled(SAY_AND_DIM, span_str(mark));
		level->is_begun = true;
	}
	flow->is_tight = false;
}

unsigned flow_columns(const struct flow_cells *cells)
{
	unsigned columns = 0;
	size_t i;

	for (i = 0; i < cells->n; i++)
		columns += cells->at[i].columns;
	return columns;
}

void flow_cut(struct flow *flow)
{
	struct flow_cells *cells = &flow->cells;
	unsigned room = flow_room(flow);
	unsigned used = 0;
	size_t i;
	size_t keep = 0;

	for (i = 0; i < cells->n && (!room || used + cells->at[i].columns <=
				     room); i++) {
		used += cells->at[i].columns;
		if (used < room)
			keep = i + 1;
	}
	if (i == cells->n)
		return;
	cells->n = keep;
	flow_cells_put(cells, SAY_AND_DIM, 0, span_str("…"));
}

void flow_end(struct flow *flow, bool is_broken)
{
	size_t from = 0;
	size_t next;
	size_t n;

	do {
		n = is_broken ? flow_fit(&flow->cells, from, flow_room(flow),
					 &next) : (next = flow->cells.n);
		flow_print_marks(flow, !n);
		flow_print(flow, &flow->cells, from, from + n);
		say_printf("\n");
		from = next;
	} while (from < flow->cells.n);
	flow->cells.n = 0;
}

void flow_gap(struct flow *flow)
{
	size_t i;
	bool has_begun = true;

	if (flow->is_tight)
		return;
	/* Marks that open an item wait for its first line. */
	for (i = 0; i < levels_of(flow); i++)
		has_begun = has_begun && flow->levels[i].is_begun;
	if (has_begun)
		flow_print_marks(flow, true);
	say_printf("\n");
	flow->is_tight = true;
}
