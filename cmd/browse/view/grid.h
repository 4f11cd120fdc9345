/*
 * A screen full of styled characters, in memory: what is drawn, before any
 * terminal sees it.
 */
#ifndef VV_CMD_BROWSE_VIEW_GRID_H
#define VV_CMD_BROWSE_VIEW_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

/* How a character looks: a color, and any of the others. */
#define STYLE_COLORS 7u			/* those of ANSI, from red to white */
#define STYLE_BOLD 8u
#define STYLE_DIM 16u
#define STYLE_ITALIC 32u
#define STYLE_UNDERLINE 64u
#define STYLE_REVERSE 128u

/* What it is. */
#define STYLE_PLAIN 0u
#define STYLE_MARK (1u | STYLE_BOLD)	/* red */
#define STYLE_DATE 3u			/* yellow */
#define STYLE_WHO 6u			/* cyan */
#define STYLE_ERROR (1u | STYLE_BOLD | STYLE_REVERSE)
#define STYLE_BAR STYLE_REVERSE

#define CELL_MARKS 2		/* combining characters; more are left out */

struct cell {
	uint32_t point;		/* 0: the second half of a wide character */
	uint32_t marks[CELL_MARKS];
	uint8_t style;
};

struct grid {
	size_t rows;
	size_t cols;
	struct cell *at;
	size_t cursor_row;	/* == rows: it is hidden */
	size_t cursor_col;
	bool is_ascii;		/* the terminal shows nothing else */
};

/* All blank. is_ascii stays as it is; grid is all zero before the first. */
MUST_USE int grid_resize(struct grid *grid, size_t rows, size_t cols,
			 struct err *err);
void grid_clear(struct grid *grid);
void grid_release(struct grid *grid);
const struct cell *grid_cell(const struct grid *grid, size_t row, size_t col);

/*
 * How many columns a character takes: 0 (combining), 1 or 2. Where only ASCII
 * is shown each takes one. wcwidth(3), so the locale must be set.
 */
size_t point_columns(uint32_t point, bool is_ascii);

/* A place to write at, up to a column: what does not fit is left out. */
struct pen {
	struct grid *grid;
	size_t row;
	size_t col;
	size_t end;
	unsigned more;		/* beside each style: STYLE_REVERSE, or 0 */
};

struct pen pen_at(struct grid *grid, size_t row, size_t col, size_t end);
/* Text from outside, escaped, on one line. */
void pen_text(struct pen *pen, unsigned style, struct span text);
void pen_str(struct pen *pen, unsigned style, const char *text);
void pen_number(struct pen *pen, unsigned style, size_t number);
/* At most so many columns of it; what is cut ends in an ellipsis. */
void pen_cut(struct pen *pen, unsigned style, struct span text,
	     size_t columns);
/* Text that was escaped already. */
void pen_safe(struct pen *pen, unsigned style, struct span text);
/* Blanks up to a column. */
void pen_fill(struct pen *pen, unsigned style, size_t to);

/* The columns that the text takes, escaped. */
size_t text_columns(struct span text, bool is_ascii);

#endif
