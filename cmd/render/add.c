#include "cmd/cli/out.h"
#include "cmd/render/render.h"

bool render_add(const struct jval *added)
{
	const struct jval *id = jval_first(jval_get(added, "records"));

	for (; id; id = id->next) {
		out_text(jval_text(id));
		out_printf("\n");
	}
	return true;
}
