#include "cmd/render/render.h"

#define NAME_COLUMNS 16

bool render_member(const struct jval *member)
{
	struct span name = jval_get_text(member, "name");

	render_cell(name.len ? SAY_BOLD : SAY_PLAIN,
		    name.len ? name : span_str("-"), NAME_COLUMNS);
	render_line(member, render_flag(member, "self") ?
		    "  {role<7}  {did}  this device\n" :
		    "  {role<7}  {did}\n");
	return true;
}

bool render_member_add(const struct jval *member)
{
	struct span was = jval_get_text(member, "was");
	unsigned long long granted = render_number(member, "granted");
	bool is_renamed = render_flag(member, "renamed");
	bool is_moved = !span_equals(jval_get_text(member, "role"), was);

	if (!was.at) {
		render_line(member, jval_get_text(member, "name").len ?
			    "added {name} as {role}: {did}\n" :
			    "added {did} as {role}\n");
		return true;
	}
	if (is_moved)
		render_line(member, "{did}: {was} -> {role}\n");
	if (is_renamed)
		render_line(member, "{did}: now named {name}\n");
	if (granted)
		render_line(member, granted == 1 ?
			    "{did}: granted {granted} key\n" :
			    "{did}: granted {granted} keys\n");
	if (!is_moved && !is_renamed && !granted)
		render_line(member, "nothing to change: {did} is {role}\n");
	return true;
}
