#include <stdio.h>
#include <string.h>

#include "cmd/cli/say.h"
#include "cmd/render/render.h"

/* What is said of each act; others are told by their own word. */
static const struct {
	const char *act;
	const char *line;
} acts[] = {
	{ "make", "made the vault" },
	{ "admit", "admitted %s as {role}" },
	{ "remove", "removed %s" },
	{ "role", "made %s {role}" },
	{ "rename", "gave a name to %s" },
	{ "key", "made new keys and handed them over" },
	{ "grant", "handed keys over" },
	{ "write", "wrote " },
	{ "import", "imported " },
	{ "forget", "forgot " },
	{ "renew", "made the vault anew, without what was forgotten" },
};

static bool is_act(const struct jval *act, const char *word)
{
	return jval_is_text(jval_get(act, "act"), word);
}

static void print_member(const struct jval *act)
{
	const struct jval *member = jval_get(act, "member");
	struct span name = jval_get_text(member, "name");

	if (member && name.len)
		say_colored(SAY_BOLD, name);
	else if (member)
		render_line(member, "{did:12}");
}

/* The line up to where the member stands, the member, and the rest. */
static void print_about(const struct jval *act, const char *line)
{
	const char *gap = strstr(line, "%s");
	char part[64];

	if (!gap) {
		render_line(act, line);
		return;
	}
	snprintf(part, sizeof(part), "%.*s", (int)(gap - line), line);
	render_line(act, part);
	print_member(act);
	render_line(act, gap + 2);
}

static void print_records(const struct jval *act)
{
	if (jval_is(jval_get(act, "records"), JVAL_NUMBER))
		render_count(render_number(act, "records"), "record");
	else
		say_printf("what is not known here");
	say_printf(is_act(act, "import") ? " into " :
		   is_act(act, "forget") ? " of " : " to ");
}

static void print_sources(const struct jval *act)
{
	unsigned long long sources = render_number(act, "sources");

	if (jval_get(act, "source"))
		render_line(act, ", from a file of {source.format}");
	else if (sources > 1)
		say_printf(", from %llu files", sources);
	else
		say_printf(", from where is not recorded");
}

static void print_words(const struct jval *act)
{
	size_t i;

	for (i = 0; i < sizeof(acts) / sizeof(*acts); i++)
		if (is_act(act, acts[i].act))
			break;
	if (i == sizeof(acts) / sizeof(*acts)) {
		render_line(act, "{act} ");
		print_member(act);
	} else {
		print_about(act, acts[i].line);
	}
	if (is_act(act, "write") || is_act(act, "import") ||
	    is_act(act, "forget"))
		print_records(act);
	if (!jval_is_text(jval_get(act, "construct"), "vault"))
		say_colored(SAY_CYAN, render_called(act));
	if (is_act(act, "import"))
		print_sources(act);
}

bool render_audit(const struct jval *act)
{
	(void)render_when(SAY_PLAIN, jval_get_text(act, "time"), "");
	render_line(act, jval_get_text(act, "name").len ? "  {name}  "
							: "  {device:12}  ");
	print_words(act);
	render_line(act, jval_get(act, "renewed_by") ?
		    "  (version {version:10}, signed anew by "
		    "{renewed_by:12})\n" : "  (version {version:10})\n");
	return true;
}
