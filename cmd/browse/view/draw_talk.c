#include "cmd/browse/view/draw_internal.h"

#define WHERE_COLUMNS 12	/* for how far it is read */

static void draw_title(const struct model *model, struct grid *grid)
{
	struct pen pen = pen_at(grid, 0, 0, grid->cols);
	size_t end = model->line + model_read_rows(model);
	size_t lines = model->talk.sheet.n;

	pen_cut(&pen, STYLE_BOLD, buf_span(&model->title),
		grid->cols - WHERE_COLUMNS);
	pen_str(&pen, STYLE_PLAIN, "  ");
	pen_cut(&pen, STYLE_DIM, buf_span(&model->construct),
		pen.col + WHERE_COLUMNS < grid->cols ?
		grid->cols - WHERE_COLUMNS - pen.col : 0);
	pen_fill(&pen, STYLE_PLAIN, grid->cols - 5);
	pen_number(&pen, STYLE_DIM, lines && end < lines ? end * 100 / lines :
		   100);
	pen_str(&pen, STYLE_DIM, "%");
}

/* The line that says who speaks in the turn that keys are about: the first of
 * it that is not empty. The session's own has none. */
static size_t head_line(const struct model *model)
{
	const struct talk *talk = &model->talk;
	size_t turn = model_turn(model);
	size_t line;

	if (!turn || turn >= talk->n)
		return SIZE_MAX;
	line = talk->at[turn].line;
	while (line < talk->sheet.n && !talk->sheet.at[line].len)
		line++;
	return line;
}

void draw_talk(const struct model *model, struct grid *grid)
{
	const struct sheet *sheet = &model->talk.sheet;
	size_t rows = model_read_rows(model);
	size_t head = head_line(model);
	const struct wanted wanted = model_wanted(model);
	size_t i;

	draw_title(model, grid);
	for (i = 0; i < rows && model->line + i < sheet->n; i++) {
		struct pen pen = pen_at(grid, 1 + i, 0, grid->cols);

		if (model->line + i == head)
			pen.more = STYLE_REVERSE;
		sheet_draw(sheet, model->line + i, &pen,
			   &wanted);
	}
}
