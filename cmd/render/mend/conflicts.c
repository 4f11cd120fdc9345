#include "cmd/render/mend/values.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

#define TITLE_BYTES 60

bool render_conflict(const struct jval *conflict)
{
	struct span title = jval_get_text(conflict, "title");

	say_handle();
	say_colored(SAY_CYAN, render_called(conflict));
	render_line(conflict, "  {kind}  ");
	say_colored(SAY_BOLD, title.len ? title :
		    jval_get_text(conflict, "entity"));
	say_printf("\n    ");
	values_print_field(jval_get_text(conflict, "field"));
	say_printf("\n");
	values_print(jval_get(conflict, "values"));
	return true;
}

void render_conflicts_end(size_t printed, bool is_no)
{
	(void)is_no;
	if (printed)
		say_printf("* stands until it is settled: 'vvault resolve "
			   "@1 --take <number or name>', or --value, or "
			   "--edit\n");
}

bool render_came(const struct jval *came)
{
	unsigned long long n = render_number(came, "conflicts");
	struct span title = jval_get_text(came, "title");

	if (n) {
		say_printf(n == 1 ? "1 new conflict: 'vvault conflicts' shows "
			   "what each says, 'vvault resolve' settles it\n" :
			   "%llu new conflicts: 'vvault conflicts' shows what "
			   "each says, 'vvault resolve' settles them\n", n);
		return true;
	}
	if (!render_flag(came, "conflict"))
		return false;
	say_colored(SAY_RED, span_str("conflict"));
	render_line(came, "  {construct}  {kind}  ");
	say_colored(SAY_BOLD, text_cut(title.len ? title :
				       jval_get_text(came, "entity"),
				       TITLE_BYTES));
	say_printf(": ");
	values_print_field(jval_get_text(came, "field"));
	say_printf("\n");
	return true;
}
