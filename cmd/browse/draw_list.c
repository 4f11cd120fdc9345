#include "cmd/browse/draw_internal.h"

#include "cmd/browse/sheet.h"
#include "lib/base/text.h"

#define DATE_CHARS 10
#define TITLE_COLUMNS 24
#define PREVIEW_BYTES 4000	/* of each turn */

static struct span hit_title(const struct hit *hit)
{
	if (hit->title.len)
		return hit->title;
	if (hit->first.len)
		return hit->first;
	return hit->session.len ? hit->session : hit->entity;
}

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

	if (model->is_busy)
		return;
	if (!model->are_sessions) {
		pen_str(&pen, STYLE_DIM, "nothing found; ? tells how to look");
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

static void sheet_turns(struct sheet *sheet, const struct hit_turns *turns)
{
	size_t i;

	for (i = 0; i < turns->n; i++) {
		sheet_put(sheet, STYLE_DIM, turns->at[i].who);
		sheet_str(sheet, STYLE_DIM, turns->at[i].who.len ? ": " : "");
		sheet_lines(sheet, STYLE_DIM, 2, text_cut(turns->at[i].text,
							PREVIEW_BYTES));
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

void draw_preview(const struct model *model, const struct layout *layout,
		  struct grid *grid)
{
	const struct hit *hit = model_hit(model);
	struct sheet sheet = SHEET_INIT(grid->cols, grid->is_ascii);
	size_t from = 0;
	size_t i;

	if (layout->rule_row == layout->preview_row)
		return;
	draw_rule(hit, layout->rule_row, grid);
	if (hit && hit->is_session) {
		sheet_lines(&sheet, STYLE_PLAIN, 2, hit->first);
		sheet_lines(&sheet, STYLE_DIM, 2, hit->snippet);
	} else if (hit) {
		sheet_turns(&sheet, &hit->before);
		/* What comes before may take a third of the room. */
		from = sheet.n;
		from -= from < layout->preview_rows / 3 ? from :
			layout->preview_rows / 3;
		sheet_hit(&sheet, hit);
		sheet_turns(&sheet, &hit->after);
	}
	for (i = 0; i < layout->preview_rows && from + i < sheet.n; i++) {
		struct pen pen = pen_at(grid, layout->preview_row + i, 0,
					grid->cols);

		sheet_draw(&sheet, from + i, &pen, span_of("", 0));
	}
	sheet_release(&sheet);
}
