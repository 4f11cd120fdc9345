#include "cmd/cli/out.h"
#include "cmd/render/render.h"

bool render_quarantine(const struct jval *note)
{
	struct span state = jval_get_text(note, "state");

	out_printf("%-8.*s  ", (int)state.len, state.at);
	render_text(note, "construct");
	out_printf("/");
	render_device(note, "device");
	out_printf("  ");
	render_short(note, "version", SHORT_ID_CHARS);
	out_printf("  ");
	render_text(note, "code");
	out_printf(": ");
	render_text(note, "message");
	out_printf("\n");
	return true;
}

bool render_quarantine_show(const struct jval *note)
{
	out_printf("version    ");
	render_text(note, "version");
	out_printf("\nconstruct  ");
	render_text(note, "construct");
	out_printf("\ndevice     ");
	render_text(note, "device");
	out_printf("\nstate      ");
	render_text(note, "state");
	out_printf("\nreason     ");
	render_text(note, "code");
	out_printf(": ");
	render_text(note, "message");
	out_printf("\nsince      ");
	render_text(note, "since");
	out_printf("\nlies in    ");
	if (jval_is(jval_get(note, "remote"), JVAL_STRING))
		render_text(note, "remote");
	else
		out_printf("the vault");
	out_printf("\n");
	return true;
}
