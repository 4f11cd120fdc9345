#include "cmd/cli/say.h"
#include "cmd/render/render.h"

static void print_count(unsigned long long n, const char *word)
{
	say_printf("%llu %s%s, ", n, word, n == 1 ? "" : "s");
}

bool render_construct(const struct jval *construct)
{
	say_handle();
	say_colored(SAY_CYAN, render_called(construct));
	say_printf("  ");
	print_count(render_number(construct, "versions"), "version");
	if (render_flag(construct, "blind"))
		say_printf("blind (sealed, and no key of it here), ");
	else
		print_count(render_number(construct, "records"), "record");
	print_count(render_number(construct, "devices"), "device");
	print_count(jval_count(jval_get(construct, "heads")), "head");
	render_line(construct, "root {root:12}");
	if (jval_get(construct, "merged_into"))
		render_line(construct, ", merged into {merged_into}");
	if (render_number(construct, "since_merge"))
		render_line(construct, " ({since_merge} new since then: "
			    "'vvault construct merge' again brings them)");
	say_printf("\n");
	return true;
}
