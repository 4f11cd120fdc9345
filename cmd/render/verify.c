#include "cmd/cli/out.h"
#include "cmd/render/render.h"

bool render_verify(const struct jval *report)
{
	const struct jval *problem = jval_first(jval_get(report, "problems"));
	const struct jval *set = jval_first(jval_get(report, "sets"));

	for (; problem; problem = problem->next) {
		out_colored(OUT_RED, jval_get_text(problem, "code"));
		out_printf("  ");
		render_text(problem, "object");
		out_printf("  ");
		render_text(problem, "message");
		out_printf("\n");
	}
	for (; set; set = set->next) {
		out_printf("set of '");
		out_text(set->key);
		out_printf("': ");
		out_text(jval_text(set));
		out_printf("\n");
	}
	out_printf("%s: %llu versions, %llu segments, %llu records\n",
		   render_flag(report, "ok") ? "all is well" :
		   "problems found", render_number(report, "versions"),
		   render_number(report, "segments"),
		   render_number(report, "records"));
	return true;
}
