#include "cmd/browse/draw_internal.h"

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

void draw_talk(const struct model *model, struct grid *grid)
{
	const struct sheet *sheet = &model->talk.sheet;
	size_t rows = model_read_rows(model);
	size_t i;

	draw_title(model, grid);
	for (i = 0; i < rows && model->line + i < sheet->n; i++) {
		struct pen pen = pen_at(grid, 1 + i, 0, grid->cols);

		sheet_draw(sheet, model->line + i, &pen,
			   buf_span(&model->found.text));
	}
}
