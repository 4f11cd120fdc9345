#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_init(const struct jval *vault)
{
	struct span recovery = jval_get_text(vault, "recovery");

	say_printf("made %s vault '", render_flag(vault, "encrypted") ?
		   "an encrypted" : "a plain");
	render_text(vault, "path");
	say_printf("'\nvault   ");
	render_text(vault, "vault");
	say_printf("\ndevice  ");
	render_text(vault, "device");
	say_printf("\n");
	if (recovery.at)
		say_note("the recovery key is in '%.*s': keep it off this "
			 "machine", (int)recovery.len, recovery.at);
	return true;
}
