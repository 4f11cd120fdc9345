#include "cmd/render/read/table_cells.h"

#include <stdlib.h>

#include "lib/base/array.h"

#define FIELD_MIN 4
#define GAP 2			/* columns between two */

void text_grid_release(struct text_grid *grid)
{
	while (grid->fields.n)
		free(grid->fields.at[--grid->fields.n].text.at);
	free(grid->fields.at);
	*grid = (struct text_grid)TEXT_GRID_INIT;
}

struct grid_field *text_grid_add(struct text_grid *grid,
				 enum grid_align align)
{
	struct grid_field *field;

	if (grid->columns > GRID_COLUMNS_MAX ||
	    array_room(&grid->fields, NULL) < 0)
		return NULL;
	field = &grid->fields.at[grid->fields.n++];
	*field = (struct grid_field){ { NULL, 0, 0 }, align };
	return field;
}

static unsigned wide(const struct flow_cells *cells, size_t from, size_t to)
{
	unsigned columns = 0;

	for (; from < to; from++)
		columns += cells->at[from].columns;
	return columns;
}

/* As wide as the widest field; then the widest columns give until all fits. */
static void set_widths(const struct text_grid *grid, unsigned room,
		       unsigned widths[GRID_COLUMNS_MAX])
{
	unsigned all = (unsigned)(grid->columns - 1) * GAP;
	size_t widest;
	size_t i;

	for (i = 0; i < grid->fields.n; i++) {
		const struct flow_cells *text = &grid->fields.at[i].text;
		unsigned columns = wide(text, 0, text->n);

		if (columns > widths[i % grid->columns])
			widths[i % grid->columns] = columns;
	}
	for (i = 0; i < grid->columns; i++)
		all += widths[i];
	while (room && all > room) {
		for (widest = i = 0; i < grid->columns; i++) {
			if (widths[i] > widths[widest])
				widest = i;
		}
		if (widths[widest] <= FIELD_MIN)
			break;
		widths[widest]--;
		all--;
	}
}

static void print_blanks(unsigned n)
{
	if (n)
		say_printf("%*s", (int)n, "");
}

/* One line of a field, in its place. */
static void print_field(struct flow *flow, const struct grid_field *field,
			size_t *from, unsigned width, bool is_last)
{
	size_t next = *from;
	size_t n = *from < field->text.n ?
		   flow_fit(&field->text, *from, width, &next) : 0;
	unsigned used = wide(&field->text, *from, *from + n);
	unsigned left = width > used ? width - used : 0;
	unsigned before = field->align == GRID_RIGHT ? left :
			  field->align == GRID_CENTER ? left / 2 : 0;

	if (n)
		print_blanks(before);
	flow_print(flow, &field->text, *from, *from + n);
	if (!is_last)
		print_blanks(left - (n ? before : 0) + GAP);
	*from = next;
}

static void print_row(const struct text_grid *grid, struct flow *flow,
		      size_t row, const unsigned *widths)
{
	const struct grid_field *fields = &grid->fields.at[row *
							   grid->columns];
	size_t from[GRID_COLUMNS_MAX] = { 0 };
	bool has_more = true;
	size_t i;

	while (has_more) {
		has_more = false;
		flow_print_marks(flow, false);
		for (i = 0; i < grid->columns; i++) {
			print_field(flow, &fields[i], &from[i], widths[i],
				    i + 1 == grid->columns);
			has_more = has_more || from[i] < fields[i].text.n;
		}
		say_printf("\n");
	}
}

static void print_rule(const struct text_grid *grid, struct flow *flow,
		       const unsigned *widths)
{
	size_t i;
	unsigned k;

	flow_print_marks(flow, false);
	for (i = 0; i < grid->columns; i++) {
		for (k = 0; k < widths[i]; k++)
			say_styled(SAY_AND_DIM, span_str("─"));
		if (i + 1 < grid->columns)
			print_blanks(GAP);
	}
	say_printf("\n");
}

void text_grid_print(const struct text_grid *grid, struct flow *flow)
{
	unsigned widths[GRID_COLUMNS_MAX] = { 0 };
	size_t row;

	if (!grid->columns || grid->columns > GRID_COLUMNS_MAX)
		return;
	set_widths(grid, flow_room(flow), widths);
	for (row = 0; row < grid->fields.n / grid->columns; row++) {
		print_row(grid, flow, row, widths);
		if (!row)
			print_rule(grid, flow, widths);
	}
}
