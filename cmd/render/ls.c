#include "cmd/cli/out.h"
#include "cmd/render/render.h"

#define SHOWN_BYTES 100

bool render_ls(const struct jval *entity)
{
	out_colored(OUT_CYAN, jval_get_text(entity, "entity"));
	out_printf("  ");
	render_value(jval_get(entity, "state"), SHOWN_BYTES);
	out_printf("\n");
	return true;
}
