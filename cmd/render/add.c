#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_add(const struct jval *added)
{
	const struct jval *id = jval_first(jval_get(added, "records"));

	for (; id; id = id->next) {
		say_text(jval_text(id));
		say_printf("\n");
	}
	return true;
}
