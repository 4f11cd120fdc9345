#include "cmd/cli/say.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

bool render_log(const struct jval *version)
{
	bool is_add = jval_is_text(jval_get(version, "change"), "add");
	bool is_counted = jval_is(jval_get(version, "records"), JVAL_NUMBER);

	say_handle();
	say_colored(SAY_YELLOW, text_cut(jval_get_text(version, "version"),
					 SHORT_ID_CHARS));
	say_printf("  ");
	(void)render_when(SAY_PLAIN, jval_get_text(version, "time"), "");
	say_printf("  ");
	say_colored(SAY_CYAN, jval_get_text(version, "construct"));
	render_line(version, jval_get_text(version, "name").len ?
		    "  #{seq} {name}  {subject}" :
		    "  #{seq} {device:12}  {subject}");
	render_line(version, is_add && is_counted ? "  ({records} new)\n" :
		    "\n");
	return true;
}
