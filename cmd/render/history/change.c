#include "cmd/cli/say.h"
#include "cmd/render/render.h"

/* Long text is cut, for the whole there is `ls`. */
#define SHOWN_VALUE_BYTES 160

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

/* There is nothing to say of it but what changed. */
bool render_diff(const struct jval *diff)
{
	(void)diff;
	return false;
}
