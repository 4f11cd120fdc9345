#include "cmd/browse/model.h"

#define PREVIEW_FROM_ROWS 12	/* a lower screen has the list alone */

void model_release(struct model *model)
{
	edit_release(&model->query);
	hits_release(&model->hits);
	talk_release(&model->talk);
	edit_release(&model->found);
	buf_release(&model->construct);
	buf_release(&model->session);
	buf_release(&model->title);
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
	model_lay_out(model);
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

/* A title above, the status line below. */
size_t model_read_rows(const struct model *model)
{
	return model->rows > 2 ? model->rows - 2 : 0;
}

void model_scroll_to(struct model *model, size_t line)
{
	size_t rows = model_read_rows(model);
	size_t lines = model->talk.sheet.n;
	size_t last = lines > rows ? lines - rows : 0;

	model->line = line < last ? line : last;
}

void model_lay_out(struct model *model)
{
	struct talk *talk = &model->talk;
	size_t top = talk_turn_at(talk, model->line);
	struct err err = ERR_INIT;

	if (talk_lay_out(talk, model->cols, model->is_ascii, &err) < 0)
		model_say(model, true, span_str(err.text));
	model_scroll_to(model, top < talk->n ? talk->at[top].line : 0);
}

void model_set_session(struct model *model, const struct hit *hit)
{
	struct span find = span_of("", 0);

	if (hit->marks_n)
		find = span_of(hit->snippet.at + hit->marks[0].start,
			       hit->marks[0].end - hit->marks[0].start);
	edit_set(&model->found, find);
	buf_reset(&model->construct);
	buf_reset(&model->session);
	buf_reset(&model->title);
	buf_put_span(&model->construct, hit->construct);
	buf_put_span(&model->session, hit->session);
	buf_put_span(&model->title, hit->title.len ? hit->title :
		     hit->first.len ? hit->first : hit->session);
}

void model_take_talk(struct model *model, struct talk *talk,
		     struct span entity)
{
	size_t turn = talk_find(talk, entity);

	talk->with_tools = model->talk.with_tools;
	talk->with_thinking = model->talk.with_thinking;
	talk_release(&model->talk);
	model->talk = *talk;
	*talk = (struct talk)TALK_INIT;
	model->place = PLACE_READ;
	model->line = 0;
	model_lay_out(model);
	if (turn < model->talk.n)
		model_scroll_to(model, model->talk.at[turn].line);
	model->match = model->line;
}

void model_seek(struct model *model, bool is_back)
{
	size_t lines = model->talk.sheet.n;
	size_t rows = model_read_rows(model);
	size_t from = model->match;
	size_t line;

	/* What was found last counts as long as it is to be seen. */
	if (from < model->line || from >= model->line + rows)
		from = model->line;
	line = sheet_find(&model->talk.sheet, from + (is_back ? lines - 1 : 1),
			  is_back, buf_span(&model->found.text));
	if (line == SIZE_MAX) {
		model_say(model, true, span_str("not found"));
		return;
	}
	model->match = line;
	if (line < model->line || line >= model->line + rows)
		model_scroll_to(model, line > rows / 3 ? line - rows / 3 : 0);
}

void model_branch(struct model *model, bool is_back)
{
	const struct talk *talk = &model->talk;
	size_t end = model->line + model_read_rows(model);
	size_t i = talk_turn_at(talk, model->line);

	while (i < talk->n && talk->at[i].line < end && talk->at[i].of < 2)
		i++;
	if (i >= talk->n || talk->at[i].line >= end) {
		model_say(model, true, span_str("there is no branch here"));
		return;
	}
	if (is_back ? talk->at[i].nth < 2 : talk->at[i].nth == talk->at[i].of) {
		model_say(model, true, span_str(is_back ? "it is the first one" :
						"it is the last one"));
		return;
	}
	model->fork = talk->at[i].entity;
	model->branch = is_back ? talk->at[i].nth - 1 : talk->at[i].nth + 1;
	model->wish = WISH_BRANCH;
}

struct span model_entity(const struct model *model)
{
	const struct talk *talk = &model->talk;
	const struct hit *hit = model_hit(model);

	if (model->place != PLACE_READ)
		return hit ? hit->entity : span_of("", 0);
	return talk->n ? talk->at[talk_turn_at(talk, model->line)].entity :
	       buf_span(&model->session);
}

void model_say(struct model *model, bool is_error, struct span sentence)
{
	buf_reset(&model->status);
	buf_put_span(&model->status, sentence);
	model->is_error = is_error;
}
