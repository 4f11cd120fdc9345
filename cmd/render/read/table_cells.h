/*
 * A table on its way to the screen.
 */
#ifndef VV_CMD_RENDER_READ_TABLE_CELLS_H
#define VV_CMD_RENDER_READ_TABLE_CELLS_H

#include "cmd/render/read/flow.h"

#define GRID_COLUMNS_MAX 32

enum grid_align { GRID_LEFT, GRID_CENTER, GRID_RIGHT };

struct grid_field {
	struct flow_cells text;
	enum grid_align align;
};

/* Fields row by row, each row of so many columns. */
struct text_grid {
	size_t columns;
	struct { struct grid_field *at; size_t n, cap; } fields;
};

#define TEXT_GRID_INIT { 0, { NULL, 0, 0 } }
void text_grid_release(struct text_grid *grid);

/* The next field; NULL: no memory, or too many columns. */
struct grid_field *text_grid_add(struct text_grid *grid,
				 enum grid_align align);

/* Print it, as wide as it needs to be or as there is room for; what does not
 * fit stands on several lines. The first row is the head. */
void text_grid_print(const struct text_grid *grid, struct flow *flow);

#endif
