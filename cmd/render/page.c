#include "cmd/render/render.h"

static size_t count_items(const struct jval *made)
{
	const struct jval *section = jval_first(jval_get(made, "sections"));
	size_t n = 0;

	for (; section; section = section->next)
		n += jval_count(jval_get(section, "items"));
	return n;
}

/* The page itself, or where it went. */
bool render_page(const struct jval *made)
{
	struct span out = jval_get_text(made, "out");
	struct span copied = jval_get_text(made, "copied");

	if (!out.at && !copied.at) {
		say_bytes(jval_get_text(made, "page"));
		return true;
	}
	say_text(out.at ? out : span_str("clipboard"));
	say_printf("  ");
	render_count(count_items(made), "item");
	say_printf(", ");
	render_count(render_number(made, "tokens"), "token");
	if (copied.at) {
		say_printf("  by ");
		say_text(copied);
	}
	say_printf("\n");
	return true;
}
