/* wcwidth() is of X/Open. */
#define _XOPEN_SOURCE 700
#include "cmd/browse/view/grid.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "lib/base/text.h"
#include "lib/base/utf8.h"

static void grid_blank(struct cell *cell, unsigned style)
{
	*cell = (struct cell){ ' ', { 0, 0 }, (uint8_t)style };
}

int grid_resize(struct grid *grid, size_t rows, size_t cols, struct err *err)
{
	struct cell *cells = calloc(rows * cols + 1, sizeof(*cells));

	if (!cells)
		return err_set(err, ERR_NOMEM, "no memory for the screen");
	free(grid->at);
	grid->at = cells;
	grid->rows = rows;
	grid->cols = cols;
	grid_clear(grid);
	return 0;
}

void grid_clear(struct grid *grid)
{
	size_t i;

	for (i = 0; i < grid->rows * grid->cols; i++)
		grid_blank(&grid->at[i], STYLE_PLAIN);
	grid->cursor_row = grid->rows;
	grid->cursor_col = 0;
}

void grid_release(struct grid *grid)
{
	free(grid->at);
	grid->at = NULL;
	grid->rows = grid->cols = 0;
}

const struct cell *grid_cell(const struct grid *grid, size_t row, size_t col)
{
	return &grid->at[row * grid->cols + col];
}

size_t point_columns(uint32_t point, bool is_ascii)
{
	int columns = point < 0x80 || is_ascii ? 1 : wcwidth((wchar_t)point);

	/* What the locale does not know still takes room on the screen. */
	return columns < 0 ? 1 : (size_t)columns;
}

/* The nearest that ASCII has. */
static uint32_t plain_point(uint32_t point)
{
	static const struct { uint32_t first, last; char plain; } table[] = {
		{ 0xa0, 0xa0, ' ' }, { 0x2010, 0x2015, '-' },
		{ 0x2018, 0x201b, '\'' }, { 0x201c, 0x201f, '"' },
		{ 0x2022, 0x2022, '*' }, { 0x2026, 0x2026, '.' },
		{ 0x2500, 0x2501, '-' }, { 0x2502, 0x2503, '|' },
		{ 0x250a, 0x250b, '|' }, { 0x250c, 0x254b, '+' },
		{ 0x25aa, 0x25ab, '*' }, { 0x25b8, 0x25b9, '>' },
		{ 0x25c2, 0x25c3, '<' }, { 0xab, 0xab, '<' },
		{ 0xb7, 0xb7, '.' }, { 0xbb, 0xbb, '>' },
	};
	size_t i;

	for (i = 0; point >= 0x80 && i < sizeof(table) / sizeof(table[0]); i++) {
		if (point >= table[i].first && point <= table[i].last)
			return (unsigned char)table[i].plain;
	}
	return point < 0x80 ? point : '?';
}

struct pen pen_at(struct grid *grid, size_t row, size_t col, size_t end)
{
	struct pen pen = { grid, row, col, end, 0 };

	if (pen.end > grid->cols || row >= grid->rows)
		pen.end = row < grid->rows ? grid->cols : 0;
	return pen;
}

/* A mark goes onto the character before it. */
static void put_mark(struct pen *pen, uint32_t point)
{
	struct cell *cell = &pen->grid->at[pen->row * pen->grid->cols];
	size_t col = pen->col;
	size_t i = 0;

	if (!col)
		return;
	col--;
	if (!cell[col].point && col)
		col--;
	while (i < CELL_MARKS && cell[col].marks[i])
		i++;
	if (i < CELL_MARKS)
		cell[col].marks[i] = point;
}

static bool put_point(struct pen *pen, unsigned style, uint32_t point)
{
	bool is_ascii = pen->grid->is_ascii;
	size_t columns = point_columns(point, is_ascii);
	struct cell *cell;

	if (!columns) {
		put_mark(pen, point);
		return true;
	}
	if (pen->col >= pen->end || columns > pen->end - pen->col)
		return false;
	cell = &pen->grid->at[pen->row * pen->grid->cols + pen->col];
	grid_blank(cell, style | pen->more);
	cell->point = is_ascii ? plain_point(point) : point;
	if (columns == 2) {
		grid_blank(cell + 1, style | pen->more);
		cell[1].point = 0;
	}
	pen->col += columns;
	return true;
}

void pen_safe(struct pen *pen, unsigned style, struct span text)
{
	uint32_t point;
	size_t len;

	while ((len = utf8_decode(text, &point))) {
		if (!put_point(pen, style, point))
			break;
		text = span_of(text.at + len, text.len - len);
	}
}

void pen_text(struct pen *pen, unsigned style, struct span text)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);

	if (text_escape(&safe, text, 0, NULL) == 0)
		pen_safe(pen, style, buf_span(&safe));
	buf_release(&safe);
}

void pen_str(struct pen *pen, unsigned style, const char *text)
{
	pen_text(pen, style, span_str(text));
}

void pen_number(struct pen *pen, unsigned style, size_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%zu", number);
	pen_str(pen, style, text);
}

void pen_cut(struct pen *pen, unsigned style, struct span text, size_t columns)
{
	size_t end = pen->end;

	if (columns < end - pen->col && pen->col < end)
		pen->end = pen->col + columns;
	if (text_columns(text, pen->grid->is_ascii) > pen->end - pen->col &&
	    pen->end > pen->col) {
		pen->end--;
		pen_text(pen, style, text);
		pen->end++;
		pen_str(pen, style, "\xe2\x80\xa6");
	} else {
		pen_text(pen, style, text);
	}
	pen->end = end;
}

void pen_fill(struct pen *pen, unsigned style, size_t to)
{
	while (pen->col < to && put_point(pen, style, ' '))
		;
}

static size_t safe_columns(struct span text, bool is_ascii)
{
	size_t columns = 0;
	uint32_t point;
	size_t len;

	while ((len = utf8_decode(text, &point))) {
		columns += point_columns(point, is_ascii);
		text = span_of(text.at + len, text.len - len);
	}
	return columns;
}

size_t text_columns(struct span text, bool is_ascii)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	size_t columns = 0;

	if (text_escape(&safe, text, 0, NULL) == 0)
		columns = safe_columns(buf_span(&safe), is_ascii);
	buf_release(&safe);
	return columns;
}
