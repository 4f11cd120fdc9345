/*
 * A screen drawn from a model, as text.
 */
#ifndef VV_TESTS_UNIT_CMD_BROWSE_VIEW_DRAWN_H
#define VV_TESTS_UNIT_CMD_BROWSE_VIEW_DRAWN_H

#include <locale.h>

#include "cmd/browse/view/draw.h"
#include "cmd/browse/view/keys.h"
#include "lib/base/utf8.h"
#include "tests/tap.h"

static struct grid drawn;

static void TAP_UNUSED draw_model(const struct model *model)
{
	if (grid_resize(&drawn, model->rows, model->cols, NULL) < 0)
		bail_out("no memory");
	draw(model, &drawn);
}

/* The row without the blanks at its end; good until the next call. */
static TAP_UNUSED const char *row_text(size_t row)
{
	static struct buf text = BUF_INIT(BUF_NO_LIMIT);
	char bytes[UTF8_MAX];
	size_t col;
	size_t i;

	buf_reset(&text);
	for (col = 0; col < drawn.cols; col++) {
		const struct cell *cell = grid_cell(&drawn, row, col);

		if (cell->point)
			buf_put(&text, bytes, utf8_encode(cell->point, bytes));
		for (i = 0; i < CELL_MARKS && cell->marks[i]; i++)
			buf_put(&text, bytes,
				utf8_encode(cell->marks[i], bytes));
	}
	while (text.len && text.data[text.len - 1] == ' ')
		buf_cut(&text, text.len - 1);
	buf_put(&text, "", 0);
	return buf_text(&text);
}

static bool TAP_UNUSED screen_has(const char *words)
{
	size_t row;

	for (row = 0; row < drawn.rows; row++) {
		if (strstr(row_text(row), words))
			return true;
	}
	return false;
}

/* The characters of that style in a row, without those between. */
static TAP_UNUSED const char *styled_text(size_t row, unsigned style)
{
	static char text[512];
	size_t n = 0;
	size_t col;

	for (col = 0; col < drawn.cols && n < sizeof(text) - 1; col++) {
		const struct cell *cell = grid_cell(&drawn, row, col);

		if (cell->style == style && cell->point < 0x80)
			text[n++] = (char)cell->point;
	}
	text[n] = '\0';
	return text;
}

static void TAP_UNUSED add_hit(struct hits *hits, const char *json)
{
	struct jdoc_options options = { .flags = JDOC_COPY };
	struct jdoc *doc;

	if (jdoc_parse(span_str(json), &options, &doc, NULL) < 0 ||
	    hits_add_recall(hits, jdoc_root(doc), NULL) < 0)
		bail_out("not a hit: %s", json);
	jdoc_free(doc);
}

static void TAP_UNUSED press_text(struct model *model, const char *text)
{
	while (*text)
		key_press(model, (unsigned char)*text++);
}

#endif
