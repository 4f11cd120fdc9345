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

/* Who knows of it has its bytes in the history, unless that was made anew. */
static void print_where(const struct jval *told)
{
	const struct jval *remotes = jval_get(told, "remotes");
	const struct jval *devices = jval_get(told, "devices");
	bool is_renewed = jval_get(told, "renewed_by") != NULL;

	print_names(remotes, true, is_renewed ?
		    "  made anew, without its bytes, on remotes: " :
		    "  in the history of remotes: ");
	print_names(remotes, false, "  remotes that were not told: ");
	print_names(devices, true, is_renewed ?
		    "  made anew, without its bytes, on devices: " :
		    "  in the history of devices: ");
	print_names(devices, false, "  devices that may not know: ");
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
	print_where(told);
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
