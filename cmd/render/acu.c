#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_acu_extract(const struct jval *extraction)
{
	const struct jval *records = jval_get(extraction, "records");
	unsigned long long skipped = render_number(extraction, "skipped");

	render_text(extraction, "construct");
	say_printf(": %llu messages, %llu new ACUs, %llu known\n",
		   render_number(jval_get(extraction, "messages"), "taken"),
		   render_number(records, "new"),
		   render_number(records, "known"));
	if (skipped)
		say_note("%llu ACUs left out: the ids of their messages are "
			 "too long", skipped);
	return true;
}

bool render_acu_derive(const struct jval *derived)
{
	render_text(derived, "record");
	say_printf("\n");
	return true;
}
