#include "cmd/render/render.h"

#define NAME_COLUMNS 16

/* "added by laptop yesterday 14:03" */
static void print_word(const struct jval *member, const char *name,
		       const char *verb, const char **gap)
{
	const struct jval *word = jval_get(member, name);
	struct span by;

	if (!jval_is(word, JVAL_OBJECT))
		return;
	by = jval_get_text(word, "name");
	say_printf("%s%s by ", *gap, verb);
	if (span_equals(jval_get_text(word, "by"),
			jval_get_text(member, "did")))
		say_printf("itself");
	else if (by.len)
		say_colored(SAY_BOLD, by);
	else
		render_line(word, "{by:12}");
	say_printf(", ");
	render_time(SAY_PLAIN, word, "at", "at an unknown time");
	*gap = "; ";
}

static void print_last(const struct jval *member, const char *gap)
{
	const struct jval *last = jval_get(member, "last");

	if (!jval_is(last, JVAL_OBJECT)) {
		say_printf("%snothing of it is here\n", gap);
		return;
	}
	say_printf("%slast wrote ", gap);
	if (jval_is_text(jval_get(last, "construct"), "vault"))
		say_printf("members and keys");
	else if (render_called(last).len)
		say_colored(SAY_CYAN, render_called(last));
	else
		say_printf("what is sealed here");
	say_printf(", ");
	render_time(SAY_PLAIN, last, "at", "at an unknown time");
	say_printf("\n");
}

bool render_member(const struct jval *member)
{
	struct span name = jval_get_text(member, "name");
	const char *gap = "";

	render_cell(name.len ? SAY_BOLD : SAY_PLAIN,
		    name.len ? name : span_str("-"), NAME_COLUMNS);
	render_line(member, render_flag(member, "self") ?
		    "  {role<7}  {did}  this device\n" :
		    "  {role<7}  {did}\n");
	say_printf("%*s", NAME_COLUMNS + 2, "");
	print_word(member, "admitted", "added", &gap);
	print_word(member, "removed", "removed", &gap);
	print_last(member, gap);
	return true;
}

/* Who stays reads on, and who went does not. */
bool render_member_remove(const struct jval *member)
{
	unsigned long long granted = render_number(member, "granted");

	say_printf("removed ");
	render_line(member, jval_get_text(member, "name").len ?
		    "{name}: {did}\n" : "{did}\n");
	if (granted) {
		say_printf("  what is written from now on it cannot read: a "
			   "new key went to ");
		render_count(granted, "member");
		say_printf("\n");
	}
	say_printf("  'vvault push' tells the others; what it has read it "
		   "keeps\n");
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
