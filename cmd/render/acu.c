#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_acu_extract(const struct jval *extraction)
{
	unsigned long long skipped = render_number(extraction, "skipped");

	render_line(extraction, "{construct}: {messages.taken} messages, "
		    "{records.new} new ACUs, {records.known} known\n");
	if (skipped)
		say_note("%llu ACUs left out: the ids of their messages are "
			 "too long", skipped);
	return true;
}
