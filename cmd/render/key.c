#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_key(const struct jval *key)
{
	render_line(key, "{did}\n{public}\nin {path}, ");
	if (jval_get_text(key, "backup").len) {
		say_printf("backed up ");
		render_time(SAY_PLAIN, key, "backup", "");
		say_printf("\n");
	} else {
		say_printf("not backed up: 'vvault key backup <file>'\n");
	}
	return true;
}
