#include "cmd/browse/model.h"

#define PREVIEW_FROM_ROWS 12	/* a lower screen has the list alone */

void model_release(struct model *model)
{
	edit_release(&model->query);
	hits_release(&model->hits);
	buf_release(&model->status);
}

/*
 * The search line, what was found, the list, a rule, the preview, the status
 * line.
 */
struct layout model_layout(const struct model *model)
{
	struct layout layout = { .list_row = 2 };
	size_t free_rows;

	layout.is_too_small = model->rows < MODEL_ROWS_LEAST ||
			      model->cols < MODEL_COLS_LEAST;
	if (layout.is_too_small)
		return layout;
	layout.status_row = model->rows - 1;
	free_rows = model->rows - 3;
	layout.list_rows = model->rows < PREVIEW_FROM_ROWS ? free_rows :
			   (free_rows - 1) / 2;
	layout.rule_row = layout.list_row + layout.list_rows;
	layout.preview_row = layout.rule_row;
	if (layout.rule_row < layout.status_row) {
		layout.preview_row++;
		layout.preview_rows = layout.status_row - layout.preview_row;
	}
	return layout;
}

static void keep_visible(struct model *model)
{
	size_t shown = model_layout(model).list_rows;

	if (model->cursor < model->top)
		model->top = model->cursor;
	if (shown && model->cursor >= model->top + shown)
		model->top = model->cursor - shown + 1;
}

void model_resize(struct model *model, size_t rows, size_t cols)
{
	model->rows = rows;
	model->cols = cols;
	keep_visible(model);
}

void model_take_hits(struct model *model, struct hits *hits,
		     bool are_sessions)
{
	hits_release(&model->hits);
	model->hits = *hits;
	*hits = (struct hits)HITS_INIT;
	model->are_sessions = are_sessions;
	model->cursor = 0;
	model->top = 0;
}

const struct hit *model_hit(const struct model *model)
{
	return model->cursor < model->hits.n ?
	       &model->hits.at[model->cursor] : NULL;
}

void model_step(struct model *model, long by)
{
	size_t last = model->hits.n ? model->hits.n - 1 : 0;

	if (by < 0)
		model->cursor -= (size_t)-by < model->cursor ? (size_t)-by :
				 model->cursor;
	else
		model->cursor += (size_t)by < last - model->cursor ?
				 (size_t)by : last - model->cursor;
	keep_visible(model);
}

void model_say(struct model *model, bool is_error, struct span sentence)
{
	buf_reset(&model->status);
	buf_put_span(&model->status, sentence);
	model->is_error = is_error;
}
