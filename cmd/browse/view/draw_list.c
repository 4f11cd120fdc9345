#include "cmd/browse/view/draw_internal.h"

#include "cmd/browse/view/sheet.h"
#include "lib/base/text.h"

#define DATE_CHARS 10
#define TITLE_COLUMNS 24

static void put_date(struct pen *pen, const struct hit *hit)
{
	size_t end = pen->col + DATE_CHARS + 2;

	pen_text(pen, STYLE_DATE, hit->day.len ? hit->day :
		 span_str("undated"));
	pen_fill(pen, STYLE_PLAIN, end);
}

/* The words that are looked for stand out. */
static void put_snippet(struct pen *pen, const struct hit *hit)
{
	size_t at = 0;
	size_t i;

	for (i = 0; i < hit->marks_n; i++) {
		const struct hit_mark *mark = &hit->marks[i];

		pen_text(pen, STYLE_PLAIN, span_of(hit->snippet.at + at,
						   mark->start - at));
		pen_text(pen, STYLE_MARK, span_of(hit->snippet.at +
						  mark->start,
						  mark->end - mark->start));
		at = mark->end;
	}
	pen_text(pen, STYLE_PLAIN, span_of(hit->snippet.at + at,
					   hit->snippet.len - at));
}

static void put_hit(struct pen *pen, const struct hit *hit)
{
	size_t room = pen->end > pen->col ? pen->end - pen->col : 0;
	size_t width = hit->is_session ? room / 2 : TITLE_COLUMNS;
	size_t end;

	if (width > room / 2 && !hit->is_session)
		width = room / 3;
	end = pen->col + width;
	if (hit->is_first)
		pen_cut(pen, STYLE_BOLD, hit_title(hit), width);
	pen_fill(pen, STYLE_PLAIN, end);
	pen_str(pen, STYLE_PLAIN, "  ");
	if (hit->is_session) {
		pen_text(pen, STYLE_DIM, hit->snippet);
		return;
	}
	pen_text(pen, STYLE_WHO, hit->who);
	pen_str(pen, STYLE_PLAIN, hit->who.len ? ": " : "");
	put_snippet(pen, hit);
}

/* What to do where there is nothing to choose from. */
static void draw_nothing(const struct model *model,
			 const struct layout *layout, struct grid *grid)
{
	struct pen pen = pen_at(grid, layout->list_row, 2, grid->cols);

	if (!model->has_hits)
		return;
	if (!model->are_sessions) {
		pen_str(&pen, STYLE_DIM, "nothing found; F1 tells how to look");
		return;
	}
	if (model->are_partial) {
		pen_str(&pen, STYLE_PLAIN, "no conversation here can be read "
			"on this device");
		pen = pen_at(grid, layout->list_row + 1, 2, grid->cols);
		pen_str(&pen, STYLE_BOLD, "vvault status");
		pen_str(&pen, STYLE_PLAIN, " tells why");
		return;
	}
	pen_str(&pen, STYLE_PLAIN, "no conversations are here yet. "
		"Bring some in:");
	pen = pen_at(grid, layout->list_row + 1, 2, grid->cols);
	pen_str(&pen, STYLE_BOLD, "vvault import <file>");
}

void draw_list(const struct model *model, const struct layout *layout,
	       struct grid *grid)
{
	size_t i;

	if (!model->hits.n)
		draw_nothing(model, layout, grid);
	for (i = 0; i < layout->list_rows; i++) {
		struct pen pen = pen_at(grid, layout->list_row + i, 0,
					grid->cols);
		size_t nth = model->top + i;

		if (nth >= model->hits.n)
			break;
		if (nth == model->cursor)
			pen.more = STYLE_REVERSE;
		/* Without any attributes the choice is still to be seen. */
		pen_str(&pen, STYLE_BOLD, nth == model->cursor ? "> " : "  ");
		put_date(&pen, &model->hits.at[nth]);
		put_hit(&pen, &model->hits.at[nth]);
		pen_fill(&pen, STYLE_PLAIN, grid->cols);
	}
}

static void sheet_hit(struct sheet *sheet, const struct hit *hit)
{
	size_t at = 0;
	size_t i;

	sheet_put(sheet, STYLE_WHO, hit->who);
	sheet_str(sheet, STYLE_PLAIN, hit->who.len ? ": " : "");
	for (i = 0; i < hit->marks_n; i++) {
		const struct hit_mark *mark = &hit->marks[i];

		sheet_put(sheet, STYLE_PLAIN, span_of(hit->snippet.at + at,
						    mark->start - at));
		sheet_put(sheet, STYLE_MARK, span_of(hit->snippet.at +
						   mark->start,
						   mark->end - mark->start));
		at = mark->end;
	}
	sheet_put(sheet, STYLE_PLAIN, span_of(hit->snippet.at + at,
					    hit->snippet.len - at));
	sheet_end(sheet, 2);
}

static void draw_rule(const struct hit *hit, size_t row, struct grid *grid)
{
	struct pen pen = pen_at(grid, row, 0, grid->cols);
	size_t i;

	for (i = 0; i < 2; i++)
		pen_str(&pen, STYLE_DIM, "\xe2\x94\x80");
	if (hit) {
		pen_str(&pen, STYLE_DIM, " ");
		pen_cut(&pen, STYLE_BOLD, hit_title(hit), grid->cols * 2 / 3);
		pen_str(&pen, STYLE_DIM, " ");
		pen_text(&pen, STYLE_DIM, hit->construct);
		pen_str(&pen, STYLE_DIM, " ");
	}
	for (i = pen.col; i < grid->cols; i++)
		pen_str(&pen, STYLE_DIM, "\xe2\x94\x80");
}

/* What is known of a hit before its preview has come. */
static void sheet_known(struct sheet *sheet, const struct hit *hit)
{
	if (!hit->is_session) {
		sheet_hit(sheet, hit);
		return;
	}
	sheet_lines(sheet, STYLE_PLAIN, 0, hit->first);
	sheet_lines(sheet, STYLE_DIM, 0, hit->snippet);
}

/* The first line of the preview that is shown: what comes before the hit's
 * first word may take a third of the room. */
static size_t first_line(const struct talk *talk, const struct wanted *wanted,
			 size_t rows)
{
	size_t turn = talk->named < talk->n ? talk->named : 0;
	size_t line = talk->n ? talk->at[turn].line : 0;
	size_t found = sheet_find(&talk->sheet, line, false, wanted);

	if (found != SIZE_MAX && found > line + rows * 2 / 3)
		line = found;
	return line > rows / 3 && turn ? line - rows / 3 : 0;
}

static void draw_lines(const struct sheet *sheet, size_t from,
		       const struct layout *layout,
		       const struct wanted *wanted, struct grid *grid)
{
	size_t i;

	for (i = 0; i < layout->preview_rows && from + i < sheet->n; i++) {
		struct pen pen = pen_at(grid, layout->preview_row + i, 0,
					grid->cols);

		sheet_draw(sheet, from + i, &pen, wanted);
	}
}

void draw_preview(const struct model *model, const struct layout *layout,
		  struct grid *grid)
{
	const struct hit *hit = model_hit(model);
	struct sheet sheet = SHEET_INIT(grid->cols, grid->is_ascii);
	const struct talk *preview = &model->preview;
	struct wanted wanted = { .n = 0 };

	if (layout->rule_row == layout->preview_row)
		return;
	draw_rule(hit, layout->rule_row, grid);
	if (!hit)
		return;
	wanted = hit_wanted(hit);
	if (model_has_preview(model)) {
		draw_lines(&preview->sheet,
			   first_line(preview, &wanted, layout->preview_rows),
			   layout, &wanted, grid);
		return;
	}
	sheet_known(&sheet, hit);
	draw_lines(&sheet, 0, layout, &wanted, grid);
	sheet_release(&sheet);
}
