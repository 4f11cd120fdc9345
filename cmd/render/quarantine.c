#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_quarantine(const struct jval *note)
{
	struct span state = jval_get_text(note, "state");

	say_printf("%-8.*s  ", (int)state.len, state.at);
	render_text(note, "construct");
	say_printf("/");
	render_device(note, "device");
	say_printf("  ");
	render_short(note, "version", SHORT_ID_CHARS);
	say_printf("  ");
	render_text(note, "code");
	say_printf(": ");
	render_text(note, "message");
	say_printf("\n");
	return true;
}

bool render_quarantine_show(const struct jval *note)
{
	say_printf("version    ");
	render_text(note, "version");
	say_printf("\nconstruct  ");
	render_text(note, "construct");
	say_printf("\ndevice     ");
	render_text(note, "device");
	say_printf("\nstate      ");
	render_text(note, "state");
	say_printf("\nreason     ");
	render_text(note, "code");
	say_printf(": ");
	render_text(note, "message");
	say_printf("\nsince      ");
	render_text(note, "since");
	say_printf("\nlies in    ");
	if (jval_is(jval_get(note, "remote"), JVAL_STRING))
		render_text(note, "remote");
	else
		say_printf("the vault");
	say_printf("\n");
	return true;
}
