#include <string.h>

#include "cmd/cli/say.h"
#include "cmd/render/render.h"

/* "nova, wren and 3 more" */
static void say_names(const struct jval *names, unsigned long long n)
{
	const struct jval *name = jval_first(names);
	unsigned long long told = 0;

	for (; name && told < 3; name = name->next, told++) {
		say_printf(told ? ", " : "");
		say_text(jval_text(name));
	}
	if (n > told)
		say_printf(" and %llu more", n - told);
}

static void say_state(const struct jval *operation)
{
	if (jval_is(jval_get(operation, "undoes"), JVAL_NUMBER))
		render_line(operation, "  (undid #{undoes})");
	if (jval_is(jval_get(operation, "redoes"), JVAL_NUMBER))
		render_line(operation, "  (took #{redoes} back)");
	if (render_flag(operation, "cut_off"))
		say_colored(SAY_RED, span_str("  cut off"));
	if (render_flag(operation, "failed"))
		say_colored(SAY_RED, span_str("  failed"));
	if (jval_is(jval_get(operation, "undone_by"), JVAL_NUMBER))
		render_line(operation, "  undone by #{undone_by}");
	else if (jval_is(jval_get(operation, "why_not"), JVAL_STRING))
		say_printf("  stays");
}

static bool render_listed(const struct jval *operation)
{
	unsigned long long versions = render_number(operation, "versions");
	unsigned long long refs = render_number(operation, "refs");

	render_line(operation, "#{operation<4} ");
	render_time(SAY_PLAIN, operation, "time", "unknown");
	render_line(operation, jval_get(operation, "what") ?
		    "  {command} ({what})" : "  {command}");
	if (versions || render_number(operation, "construct_count")) {
		say_printf("  -> ");
		say_names(jval_get(operation, jval_get(operation, "called") ?
				   "called" : "constructs"),
			  render_number(operation, "construct_count"));
	}
	if (versions > 1)
		say_printf(": %llu versions", versions);
	if (refs)
		say_printf("  %llu head%s moved", refs, refs == 1 ? "" : "s");
	say_state(operation);
	say_printf("\n");
	return true;
}

static void say_remote(const struct jval *result)
{
	if (render_flag(result, "is_left"))
		render_line(result, "remote {remote}: left, it was set to "
			    "another address since\n");
	else if (jval_is(jval_get(result, "url"), JVAL_STRING))
		render_line(result, "remote {remote}: {url}\n");
	else
		render_line(result, "remote {remote}: forgotten\n");
}

bool render_undo(const struct jval *result)
{
	const struct jval *did = jval_get(result, "did");

	if (!did)
		return render_listed(result);
	say_printf(jval_is_text(did, "redo") ? "redone" : "undone");
	render_line(result, jval_get(result, "what") ?
		    " #{operation} {command} ({what})\n  " :
		    " #{operation} {command}\n  ");
	if (jval_get(result, "remote")) {
		say_remote(result);
		return true;
	}
	render_revert(result);
	if (render_flag(result, "is_emptied"))
		render_line(result, "  {construct} is empty now, and keeps its "
			    "history\n");
	return true;
}
