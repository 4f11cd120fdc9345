#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_verify(const struct jval *report)
{
	const struct jval *problem = jval_first(jval_get(report, "problems"));
	const struct jval *set = jval_first(jval_get(report, "sets"));

	for (; problem; problem = problem->next) {
		say_colored(SAY_RED, jval_get_text(problem, "code"));
		render_line(problem, "  {object}  {message}\n");
	}
	for (; set; set = set->next) {
		say_printf("set of '");
		say_text(set->key);
		say_printf("': ");
		say_text(jval_text(set));
		say_printf("\n");
	}
	say_printf(render_flag(report, "ok") ? "all is well: " :
		   "problems found: ");
	render_line(report, "{versions} versions, {segments} segments, "
		    "{records} records\n");
	return true;
}
