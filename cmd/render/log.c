#include "cmd/cli/say.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

bool render_log(const struct jval *version)
{
	struct span id = jval_get_text(version, "version");
	unsigned long long records = render_number(version, "records");

	say_colored(SAY_YELLOW, text_cut(id, SHORT_ID_CHARS));
	say_printf("  ");
	render_text(version, "time");
	say_printf("  ");
	say_colored(SAY_CYAN, jval_get_text(version, "construct"));
	say_printf("  #%llu ", render_number(version, "seq"));
	render_device(version, "device");
	say_printf("  ");
	render_text(version, "subject");
	if (jval_is(jval_get(version, "records"), JVAL_NUMBER) &&
	    jval_is_text(jval_get(version, "change"), "add"))
		say_printf("  (%llu new)", records);
	say_printf("\n");
	return true;
}
