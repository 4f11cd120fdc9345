#include "cmd/render/render.h"

bool render_gc(const struct jval *gc)
{
	const struct jval *made = jval_first(jval_get(gc, "compacted"));

	for (; made; made = made->next)
		render_line(made, "compacted '{construct}': version "
			    "{version:10}\n");
	render_line(gc, !render_flag(gc, "done") ? "nothing to do\n" :
		    "loose objects: {before.loose}, now {after.loose}\n"
		    "packs: {before.packs}, now {after.packs}\n"
		    "bytes: {before.bytes}, now {after.bytes}\n");
	return true;
}
