#include "cmd/cli/say.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"

#define SHOWN_BYTES 100

static void print_entity(struct span value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (jcs_string_is_plain(value))
		say_colored(SAY_CYAN, jcs_string_inner(value));
	else if (jcs_string_decode(value, &text, NULL) == 0)
		say_colored(SAY_CYAN, buf_span(&text));
	buf_release(&text);
}

bool render_ls(struct span entity)
{
	struct span name;
	struct span state;

	if (!jcs_find(entity, "entity", &name) ||
	    !jcs_find(entity, "state", &state))
		return false;
	say_handle();
	print_entity(name);
	say_printf("  ");
	say_text(text_cut(state, SHOWN_BYTES));
	say_printf(state.len > SHOWN_BYTES ? "...\n" : "\n");
	return true;
}
