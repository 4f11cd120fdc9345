#include "cmd/browse/draw_internal.h"

#include "cmd/browse/keys.h"

#define NAMES_COLUMNS 24

/* Where the keys of a part of the table work. */
static const struct {
	enum place place;
	const char *title;
} parts[] = {
	{ PLACE_SEARCH, "While typing what is looked for" },
	{ PLACE_LIST, "In the list" },
	{ PLACE_HELP, "In this list of keys" },
};

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

void draw_help(const struct model *model, struct grid *grid)
{
	struct help_lines lines = { grid, model->help_top, 0 };
	const struct binding *binding;
	struct pen pen;
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		pen = next_line(&lines);
		pen_str(&pen, STYLE_BOLD, parts[i].title);
		for (binding = key_table; binding->help; binding++) {
			if (binding->places & parts[i].place)
				draw_binding(&lines, binding);
		}
	}
}
