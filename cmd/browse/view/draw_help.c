#include "cmd/browse/view/draw_internal.h"

#include "cmd/browse/view/keys.h"

#define NAMES_COLUMNS 24

static void put_names(const struct binding *binding, struct buf *out)
{
	size_t i;

	for (i = 0; i < BINDING_KEYS && binding->keys[i]; i++) {
		buf_put_str(out, i ? ", " : "");
		key_put_name(binding->keys[i], out);
	}
}

/* Lines that are scrolled away are counted alone. */
struct help_lines {
	struct grid *grid;
	size_t skipped;		/* lines still to be left out */
	size_t row;
};

static struct pen next_line(struct help_lines *lines)
{
	size_t row = lines->grid->rows;

	if (lines->skipped)
		lines->skipped--;
	else if (lines->row < lines->grid->rows - 1)
		row = lines->row++;
	return pen_at(lines->grid, row, 0, lines->grid->cols);
}

static void draw_binding(struct help_lines *lines,
			 const struct binding *binding)
{
	struct buf names = BUF_INIT(BUF_NO_LIMIT);
	struct pen pen = next_line(lines);

	put_names(binding, &names);
	pen_str(&pen, STYLE_PLAIN, "  ");
	pen_text(&pen, STYLE_WHO, buf_span(&names));
	pen_fill(&pen, STYLE_PLAIN, NAMES_COLUMNS);
	pen_str(&pen, STYLE_PLAIN, binding->help);
	buf_release(&names);
}

static void draw_part(struct help_lines *lines, const struct key_part *part)
{
	const struct binding *binding;
	struct pen pen = next_line(lines);

	pen_str(&pen, STYLE_BOLD, part->title);
	for (binding = key_table; binding->help; binding++) {
		if (binding->places & part->place)
			draw_binding(lines, binding);
	}
}

/* First what works where help was asked for. */
void draw_help(const struct model *model, struct grid *grid)
{
	struct help_lines lines = { grid, model->help_top, 0 };
	const struct key_part *part;

	for (part = key_parts; part->title; part++) {
		if (part->place == model->before_help)
			draw_part(&lines, part);
	}
	for (part = key_parts; part->title; part++) {
		if (part->place != model->before_help)
			draw_part(&lines, part);
	}
}
