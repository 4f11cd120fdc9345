#include "cmd/cli/say.h"
#include "cmd/render/render.h"

/* The names of those for which "told" is as wanted, after the words. */
static void print_names(const struct jval *list, bool is_told,
			const char *words)
{
	const struct jval *one;
	bool is_begun = false;

	for (one = jval_first(list); one; one = one->next) {
		if (render_flag(one, "told") != is_told ||
		    render_flag(one, "removed"))
			continue;
		say_printf("%s", is_begun ? ", " : words);
		if (jval_get(one, "did"))
			render_device(one, "did");
		else
			render_line(one, "{name}");
		is_begun = true;
	}
	say_printf("%s", is_begun ? "\n" : "");
}

/* An entry of --list: when, by whom, how much; and where it may stand. */
static void print_listed(const struct jval *told)
{
	render_time(SAY_DIM, told, "time", "at an unknown time");
	say_printf("  ");
	if (jval_get(told, "did"))
		render_device(told, "did");
	say_printf("  in ");
	say_text(render_called(told));
	say_printf(": ");
	(void)!render_kinds(jval_get(told, "kinds"), false);
	render_line(told, "  {entity}\n");
	print_names(jval_get(told, "remotes"), true,
		    "  in the history of remotes: ");
	print_names(jval_get(told, "remotes"), false,
		    "  remotes that were not told: ");
	print_names(jval_get(told, "devices"), true,
		    "  in the history of devices: ");
	print_names(jval_get(told, "devices"), false,
		    "  devices that may not know: ");
}

bool render_forget(const struct jval *forgotten)
{
	const struct jval *named = jval_first(jval_get(forgotten, "named"));
	unsigned long long more = render_number(forgotten, "more");
	bool is_done = jval_is(jval_get(forgotten, "version"), JVAL_STRING);

	if (jval_get(forgotten, "entity")) {
		print_listed(forgotten);
		return true;
	}
	say_printf("%s", is_done ? "forgotten in " : "would be forgotten in ");
	say_text(render_called(forgotten));
	say_printf(": ");
	(void)!render_kinds(jval_get(forgotten, "kinds"), false);
	say_printf("\n");
	for (; named; named = named->next)
		render_line(named, "  {what}  {entity}\n");
	if (more)
		say_printf("  and %llu more\n", more);
	return true;
}
