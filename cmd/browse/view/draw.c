#include "cmd/browse/view/draw_internal.h"

#include "cmd/browse/view/asked.h"

static void draw_too_small(struct grid *grid)
{
	struct pen pen = pen_at(grid, 0, 0, grid->cols);

	if (!grid->rows)
		return;
	pen_str(&pen, STYLE_BOLD, "too small: ");
	pen_number(&pen, STYLE_BOLD, MODEL_COLS_LEAST);
	pen_str(&pen, STYLE_BOLD, "x");
	pen_number(&pen, STYLE_BOLD, MODEL_ROWS_LEAST);
	pen_str(&pen, STYLE_BOLD, " is needed");
}

/* A line too long for its room shows the part with the cursor. */
static void draw_edit(const struct edit *edit, struct pen *pen, bool has_cursor)
{
	struct span text = buf_span(&edit->text);
	size_t room = pen->end > pen->col ? pen->end - pen->col - 1 : 0;
	size_t start = 0;

	while (start < edit->at &&
	       text_columns(span_of(text.at + start, edit->at - start),
			    pen->grid->is_ascii) > room) {
		start++;
		while (start < edit->at && ((unsigned char)text.at[start] &
					    0xc0) == 0x80)
			start++;
	}
	pen_text(pen, STYLE_PLAIN, span_of(text.at + start, edit->at - start));
	if (has_cursor) {
		pen->grid->cursor_row = pen->row;
		pen->grid->cursor_col = pen->col;
	}
	pen_text(pen, STYLE_PLAIN, span_of(text.at + edit->at,
					   text.len - edit->at));
}

static void draw_search(const struct model *model, struct grid *grid)
{
	struct pen pen = pen_at(grid, 0, 0, grid->cols);

	pen_str(&pen, STYLE_BOLD, "Search: ");
	if (!model->query.text.len) {
		if (model->place == PLACE_SEARCH) {
			grid->cursor_row = 0;
			grid->cursor_col = pen.col;
		}
		pen_str(&pen, STYLE_DIM, "words, \"a phrase\", -not, role:user, "
			"since:2024-05");
		return;
	}
	draw_edit(&model->query, &pen, model->place == PLACE_SEARCH);
}

/* Which filters hold, as they are understood. */
static void draw_filters(const struct model *model, struct pen *pen)
{
	struct asked asked = ASKED_INIT;
	size_t i;

	if (asked_read(buf_span(&model->query.text), false, &asked, NULL) < 0)
		return;
	for (i = 0; asked_params()[i].name; i++) {
		if (!asked.filters[i])
			continue;
		pen_str(pen, STYLE_DIM, "  ");
		pen_str(pen, STYLE_DIM, asked_params()[i].name);
		pen_str(pen, STYLE_DIM, " ");
		pen_str(pen, STYLE_WHO, asked.filters[i]);
	}
	asked_release(&asked);
}

static void draw_found(const struct model *model, struct grid *grid)
{
	struct pen pen = pen_at(grid, 1, 0, grid->cols);
	size_t n = model->hits.n;

	if (model_has_more(model))
		pen_str(&pen, STYLE_DIM, "the best ");
	if (model->has_hits) {
		pen_number(&pen, STYLE_DIM, n);
		pen_str(&pen, STYLE_DIM, model->are_sessions ? " session" :
			" hit");
		pen_str(&pen, STYLE_DIM, n == 1 ? "" : "s");
	}
	if (model->are_sessions && n)
		pen_str(&pen, STYLE_DIM, ", the newest first");
	draw_filters(model, &pen);
	if (model->is_busy)
		pen_str(&pen, STYLE_BOLD, "  ... looking");
}

static const char *hints(const struct model *model)
{
	switch (model->place) {
	case PLACE_SEARCH:
		return "Enter read  Tab list  F1 keys  Ctrl-C quit";
	case PLACE_LIST:
		return "Enter read  / search  ? keys  q quit";
	case PLACE_READ:
		return "Esc back  / find  ? keys  q quit";
	default:
		return "Esc back";
	}
}

static void draw_status(const struct model *model, struct grid *grid)
{
	struct pen pen = pen_at(grid, grid->rows - 1, 0, grid->cols);
	struct span said = buf_span(&model->status);

	if (said.len) {
		pen_cut(&pen, model->is_error ? STYLE_ERROR : STYLE_BAR, said,
			grid->cols);
	} else if (model->place == PLACE_FIND) {
		pen_str(&pen, STYLE_BOLD, "Find: ");
		draw_edit(&model->found, &pen, true);
		return;
	} else {
		pen_str(&pen, STYLE_BAR, hints(model));
	}
	pen_fill(&pen, STYLE_BAR, grid->cols);
}

void draw(const struct model *model, struct grid *grid)
{
	struct layout layout = model_layout(model);

	grid_clear(grid);
	if (layout.is_too_small) {
		draw_too_small(grid);
		return;
	}
	if (model->place == PLACE_HELP) {
		draw_help(model, grid);
	} else if (model->place & (PLACE_READ | PLACE_FIND)) {
		draw_talk(model, grid);
	} else {
		draw_search(model, grid);
		draw_found(model, grid);
		draw_list(model, &layout, grid);
		draw_preview(model, &layout, grid);
	}
	draw_status(model, grid);
}
