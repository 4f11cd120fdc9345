#include "cmd/browse/view/model.h"

#define PREVIEW_FROM_ROWS 12	/* a lower screen has the list alone */

void model_release(struct model *model)
{
	edit_release(&model->query);
	hits_release(&model->hits);
	talk_release(&model->talk);
	talk_release(&model->preview);
	buf_release(&model->previewed);
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
	model_scroll_to(model, model->line);
}

/* Where the chosen hit stands among others; 0: not there. */
static size_t place_in(const struct model *model, const struct hits *hits)
{
	const struct hit *hit = model_hit(model);
	size_t i;

	for (i = 0; hit && i < hits->n; i++) {
		if (span_equals(hits->at[i].entity, hit->entity) &&
		    span_equals(hits->at[i].construct, hit->construct))
			return i;
	}
	return 0;
}

void model_take_hits(struct model *model, struct hits *hits,
		     bool are_sessions)
{
	size_t cursor = model->most > MODEL_HITS ? place_in(model, hits) : 0;

	hits_release(&model->hits);
	model->hits = *hits;
	*hits = (struct hits)HITS_INIT;
	model->are_sessions = are_sessions;
	model->has_hits = true;
	model->cursor = cursor;
	model->top = 0;
	keep_visible(model);
}

bool model_has_more(const struct model *model)
{
	return !model->are_sessions && model->hits.n &&
	       model->hits.n >= model->most &&
	       model->most < MODEL_HITS_MOST;
}

struct wanted hit_wanted(const struct hit *hit)
{
	struct wanted wanted = { .n = 0 };
	size_t i;

	for (i = 0; i < hit->marks_n; i++)
		wanted_add(&wanted, span_of(hit->snippet.at +
					    hit->marks[i].start,
					    hit->marks[i].end -
					    hit->marks[i].start));
	return wanted;
}

struct span hit_title(const struct hit *hit)
{
	if (hit->title.len)
		return hit->title;
	if (hit->first.len)
		return hit->first;
	return hit->session.len ? hit->session : hit->entity;
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
	if (by > 0 && model->cursor == last && model_has_more(model)) {
		model->most *= 4;
		model->wish = WISH_MORE;
	}
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

void model_set_session(struct model *model, const struct hit *hit)
{
	struct wanted wanted = hit_wanted(hit);
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < wanted.n; i++) {
		buf_put_str(&words, i ? " " : "");
		buf_put_span(&words, wanted.at[i]);
	}
	/* Keys are about it from now on, before it has come. */
	model->place = PLACE_READ;
	talk_reset(&model->talk, model->cols, model->is_ascii);
	model->line = 0;
	edit_set(&model->found, buf_span(&words));
	model->finds_words = true;
	buf_release(&words);
	buf_reset(&model->construct);
	buf_reset(&model->session);
	buf_reset(&model->title);
	buf_put_span(&model->construct, hit->construct);
	buf_put_span(&model->session, hit->session);
	buf_put_span(&model->title, hit_title(hit));
}

struct wanted model_wanted(const struct model *model)
{
	struct span rest = buf_span(&model->found.text);
	struct wanted wanted = { .n = 0 };
	size_t len;

	while (model->finds_words && rest.len) {
		len = span_find(rest, " ", 0);
		len = len == SPAN_NOWHERE ? rest.len : len;
		wanted_add(&wanted, span_of(rest.at, len));
		len += len < rest.len;
		rest = span_of(rest.at + len, rest.len - len);
	}
	wanted_add(&wanted, rest);
	return wanted;
}

static void put_key(const struct hit *hit, struct buf *out)
{
	buf_put_span(out, hit->entity);
	buf_put_char(out, '\n');
	buf_put_span(out, hit->construct);
}

bool model_has_preview(const struct model *model)
{
	const struct hit *hit = model_hit(model);
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	bool has = hit != NULL;

	if (hit) {
		put_key(hit, &key);
		has = span_equals(buf_span(&key), buf_span(&model->previewed));
	}
	buf_release(&key);
	return has;
}

void model_take_preview(struct model *model, struct talk *talk,
			const struct hit *hit)
{
	talk_release(&model->preview);
	model->preview = *talk;
	*talk = (struct talk)TALK_INIT;
	buf_reset(&model->previewed);
	put_key(hit, &model->previewed);
}

void model_take_talk(struct model *model, struct talk *talk,
		     struct span entity)
{
	size_t turn = talk_find(talk, entity);

	if (turn == talk->n)
		turn = talk->named;
	talk_release(&model->talk);
	model->talk = *talk;
	*talk = (struct talk)TALK_INIT;
	model_turn_to(model, turn < model->talk.n ? turn : 0);
}

/* Is what was gone to last still to be seen? */
static bool sees_match(const struct model *model)
{
	return model->match >= model->line &&
	       model->match < model->line + model_read_rows(model);
}

size_t model_turn(const struct model *model)
{
	return talk_turn_at(&model->talk, sees_match(model) ? model->match :
			    model->line);
}

void model_turn_to(struct model *model, size_t turn)
{
	if (turn >= model->talk.n)
		return;
	model->match = model->talk.at[turn].line;
	model_scroll_to(model, model->match);
}

void model_seek(struct model *model, bool is_back)
{
	size_t lines = model->talk.sheet.n;
	size_t rows = model_read_rows(model);
	size_t from = sees_match(model) ? model->match : model->line;
	const struct wanted wanted = model_wanted(model);
	size_t line;

	line = sheet_find(&model->talk.sheet, from + (is_back ? lines - 1 : 1),
			  is_back, &wanted);
	if (line == SIZE_MAX) {
		model_say(model, true, span_str("not found"));
		return;
	}
	model->match = line;
	if (line < model->line || line >= model->line + rows)
		model_scroll_to(model, line > rows / 3 ? line - rows / 3 : 0);
}

void model_fork(struct model *model, bool is_back)
{
	const struct talk *talk = &model->talk;
	size_t i = model_turn(model);

	/* Below 0 is beyond the last one, too. */
	do
		i += is_back ? (size_t)-1 : 1;
	while (i < talk->n && talk->at[i].of < 2);
	if (i < talk->n)
		model_turn_to(model, i);
	else
		model_say(model, true, span_str(is_back ?
			  "no fork before this" : "no fork behind this"));
}

void model_branch(struct model *model, bool is_back)
{
	const struct talk *talk = &model->talk;
	size_t end = model->line + model_read_rows(model);
	size_t i = model_turn(model);

	if (i < talk->n && talk->at[i].of < 2)
		i = talk_turn_at(talk, model->line);
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
	return talk->n ? talk->at[model_turn(model)].entity :
	       buf_span(&model->session);
}

void model_say(struct model *model, bool is_error, struct span sentence)
{
	buf_reset(&model->status);
	buf_put_span(&model->status, sentence);
	model->is_error = is_error;
}
