#include "cmd/cli/say.h"
#include "cmd/render/render.h"
#include "objects/record/kinds.h"

/* Long text is cut, for the whole there is `ls`. */
#define SHOWN_VALUE_BYTES 160
#define KIND_COLUMNS 9u

static void print_field(const struct jval *field)
{
	const struct jval *from = jval_get(field, "from");
	const struct jval *to = jval_get(field, "to");

	render_line(field, "    {path}: ");
	if (from)
		render_value(from, SHOWN_VALUE_BYTES);
	if (from && to)
		say_printf(" -> ");
	if (to)
		render_value(to, SHOWN_VALUE_BYTES);
	else
		say_printf(" (gone)");
	say_printf("\n");
}

void render_change(const struct jval *change)
{
	const struct jval *what = jval_get(change, "change");
	const struct jval *title = jval_get(change, "title");
	const struct jval *field = jval_first(jval_get(change, "fields"));
	enum say_color color = SAY_YELLOW;
	const char *mark = "~ ";

	if (jval_is_text(what, "added")) {
		color = SAY_GREEN;
		mark = "+ ";
	} else if (jval_is_text(what, "removed")) {
		color = SAY_RED;
		mark = "- ";
	}
	say_handle();
	say_colored(color, span_str(mark));
	say_colored(color, jval_get_text(change, "kind"));
	say_printf(" ");
	if (title)
		render_value(title, SHOWN_VALUE_BYTES);
	else
		render_line(change, "{entity}");
	say_printf("\n");
	for (; field; field = field->next)
		print_field(field);
}

static void print_tally(const struct jval *stat, const char *kind)
{
	static const char *const words[] = { "added", "removed", "changed" };
	static const enum say_color colors[] = {
		SAY_GREEN, SAY_RED, SAY_YELLOW
	};
	const struct jval *tally = jval_get(stat, kind);
	const char *before = "  ";
	size_t i;

	if (!tally)
		return;
	render_cell(SAY_PLAIN, span_str(kind), KIND_COLUMNS);
	for (i = 0; i < 3; i++) {
		if (!render_number(tally, words[i]))
			continue;
		say_printf("%s", before);
		render_thousands(render_number(tally, words[i]));
		say_printf(" ");
		say_colored(colors[i], span_str(words[i]));
		before = ", ";
	}
	say_printf("\n");
}

/* There is nothing to say of it but what changed, or how much. */
bool render_diff(const struct jval *diff)
{
	const struct jval *stat = jval_get(diff, "stat");
	size_t i;

	for (i = 0; stat && kind_table[i].name; i++)
		print_tally(stat, kind_table[i].name);
	return false;
}
