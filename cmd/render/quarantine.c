#include "cmd/render/render.h"

bool render_quarantine_show(const struct jval *note)
{
	bool is_remote = jval_is(jval_get(note, "remote"), JVAL_STRING);

	render_line(note, "version    {version}\nconstruct  {construct}\n"
		    "device     {device}\n");
	if (jval_get_text(note, "name").len)
		render_line(note, "name       {name}\n");
	render_line(note, "state      {state}\n"
		    "reason     {code}: {message}\nsince      ");
	render_time(SAY_PLAIN, note, "since", "");
	render_line(note, is_remote ? "\nlies in    {remote}\n" :
		    "\nlies in    the vault\n");
	return true;
}
