#include "cmd/cli/say.h"
#include "cmd/render/render.h"

bool render_member(const struct jval *member)
{
	struct span role = jval_get_text(member, "role");

	render_text(member, "did");
	say_printf("  %-7.*s ", (int)role.len, role.at);
	render_text(member, "name");
	say_printf("\n");
	return true;
}

/* "<did>: " and what follows. */
static void print_subject(const struct jval *member, const char *words)
{
	render_text(member, "did");
	say_printf(": %s", words);
}

bool render_member_add(const struct jval *member)
{
	struct span role = jval_get_text(member, "role");
	struct span was = jval_get_text(member, "was");
	unsigned long long granted = render_number(member, "granted");
	bool is_renamed = render_flag(member, "renamed");
	bool is_moved = !span_equals(role, was);

	if (!was.at) {
		say_printf("added ");
		render_text(member, "did");
		say_printf(" as %.*s\n", (int)role.len, role.at);
		return true;
	}
	if (is_moved) {
		print_subject(member, "");
		say_printf("%.*s -> %.*s\n", (int)was.len, was.at,
			   (int)role.len, role.at);
	}
	if (is_renamed) {
		print_subject(member, "now named ");
		render_text(member, "name");
		say_printf("\n");
	}
	if (granted) {
		print_subject(member, "granted ");
		say_printf("%llu key%s\n", granted, granted == 1 ? "" : "s");
	}
	if (!is_moved && !is_renamed && !granted) {
		say_printf("nothing to change: ");
		render_text(member, "did");
		say_printf(" is %.*s\n", (int)role.len, role.at);
	}
	return true;
}
