#include "cmd/cli/say.h"
#include "cmd/render/render.h"

/* "3 set back, 2 deleted": those that are not none. */
static bool say_count(const struct jval *result, const char *name,
		      const char *words, bool is_first)
{
	unsigned long long n = render_number(result, name);

	if (!n)
		return is_first;
	say_printf("%s%llu %s", is_first ? "" : ", ", n, words);
	return false;
}

static void say_left(const struct jval *left)
{
	render_line(left, "  left: {entity}");
	if (jval_is(jval_get(left, "path"), JVAL_STRING))
		render_line(left, " {path}");
	if (!jval_is(jval_get(left, "version"), JVAL_STRING)) {
		say_printf(", written or changed by others, too\n");
		return;
	}
	if (render_flag(left, "own"))
		render_line(left, ", changed since by this device");
	else if (jval_is(jval_get(left, "name"), JVAL_STRING))
		render_line(left, ", changed since by {name}");
	else
		render_line(left, ", changed since by {device:12}");
	render_line(left, " in {version:10}\n");
}

bool render_revert(const struct jval *result)
{
	const struct jval *left = jval_first(jval_get(result, "left"));
	unsigned long long told = 0;
	bool is_nothing = true;

	render_line(result, "{construct}: ");
	is_nothing = say_count(result, "changed", "set back", is_nothing);
	is_nothing = say_count(result, "deleted", "deleted", is_nothing);
	is_nothing = say_count(result, "restored", "brought back", is_nothing);
	if (is_nothing)
		say_printf("nothing to take back\n");
	else
		render_line(result, ", as version {version:10}\n");
	for (; left; left = left->next, told++)
		say_left(left);
	if (render_number(result, "left_count") > told)
		say_printf("  left: %llu more\n",
			   render_number(result, "left_count") - told);
	return true;
}
