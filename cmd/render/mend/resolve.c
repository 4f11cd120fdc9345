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

	render_line(resolved, "settled  {entity}\n");
	for (; settled; settled = settled->next)
		print_settled(settled);
	if (render_number(resolved, "left"))
		render_line(resolved, "still in conflict: {left} of it; "
			    "'vvault conflicts {construct}' shows what\n");
	return true;
}
