#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_verify(const struct jval *report)
{
	const struct jval *problem = jval_first(jval_get(report, "problems"));
	const struct jval *set = jval_first(jval_get(report, "sets"));

	for (; problem; problem = problem->next) {
		say_colored(SAY_RED, jval_get_text(problem, "code"));
		say_printf("  ");
		render_text(problem, "object");
		say_printf("  ");
		render_text(problem, "message");
		say_printf("\n");
	}
	for (; set; set = set->next) {
		say_printf("set of '");
		say_text(set->key);
		say_printf("': ");
		say_text(jval_text(set));
		say_printf("\n");
	}
	say_printf("%s: %llu versions, %llu segments, %llu records\n",
		   render_flag(report, "ok") ? "all is well" :
		   "problems found", render_number(report, "versions"),
		   render_number(report, "segments"),
		   render_number(report, "records"));
	return true;
}
