#include "cmd/render/mend/values.h"
#include "cmd/render/render.h"

static void print_settled(const struct jval *settled)
{
	bool has_field = jval_get_text(settled, "field").len > 0;

	say_printf("  ");
	if (!has_field) {
		say_printf(render_flag(settled, "deletes") ? "deleted\n" :
			   "kept\n");
		return;
	}
	values_print_field(jval_get_text(settled, "field"));
	say_printf("\n");
	values_print_value(settled);
}

bool render_resolve(const struct jval *resolved)
{
	const struct jval *settled = jval_first(jval_get(resolved, "fields"));

	if (!jval_get(resolved, "entity")) {
		render_line(resolved, "settled  {construct}: {settled} of ");
		render_count(render_number(resolved, "settled") +
			     render_number(resolved, "left"), "field");
		say_printf(" in conflict\n");
	} else {
		render_line(resolved, "settled  {entity}\n");
	}
	for (; settled; settled = settled->next)
		print_settled(settled);
	if (render_number(resolved, "left"))
		render_line(resolved, "still in conflict: {left}; "
			    "'vvault conflicts {construct}' shows what\n");
	return true;
}
