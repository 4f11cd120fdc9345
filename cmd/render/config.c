#include "cmd/render/render.h"

/* As it stands in the file, with where that is, or what it would mean. */
bool render_config(const struct jval *setting)
{
	const struct jval *value = jval_get(setting, "value");

	render_line(setting, !value || value->type == JVAL_NULL ?
		    "{key}  (not set)\n" : jval_get(setting, "obeyed") ?
		    "{key} = {value}  ({from}: not obeyed there)\n" :
		    "{key} = {value}  ({from})\n");
	if (jval_get(setting, "help"))
		render_line(setting, "    {help}\n");
	return true;
}
