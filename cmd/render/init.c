#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_init(const struct jval *vault)
{
	struct span recovery = jval_get_text(vault, "recovery");

	render_line(vault, render_flag(vault, "encrypted") ?
		    "made an encrypted vault '{path}'\n" :
		    "made a plain vault '{path}'\n");
	render_line(vault, "vault   {vault}\ndevice  {device}\n");
	if (recovery.at)
		say_note("the recovery key is in '%.*s': keep it off this "
			 "machine", (int)recovery.len, recovery.at);
	return true;
}
