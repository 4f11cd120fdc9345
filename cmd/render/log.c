#include "cmd/cli/out.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

bool render_log(const struct jval *version)
{
	struct span id = jval_get_text(version, "version");
	unsigned long long records = render_number(version, "records");

	out_colored(OUT_YELLOW, text_cut(id, SHORT_ID_CHARS));
	out_printf("  ");
	render_text(version, "time");
	out_printf("  ");
	out_colored(OUT_CYAN, jval_get_text(version, "construct"));
	out_printf("  #%llu ", render_number(version, "seq"));
	render_device(version, "device");
	out_printf("  ");
	render_text(version, "subject");
	if (jval_is(jval_get(version, "records"), JVAL_NUMBER) &&
	    jval_is_text(jval_get(version, "change"), "add"))
		out_printf("  (%llu new)", records);
	out_printf("\n");
	return true;
}
