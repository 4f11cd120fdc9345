#include "cmd/render/render.h"

#define PATHS_SHOWN 4

/* Over all objects of one run. */
static struct {
	unsigned long long agents;
	unsigned long long sessions;
	unsigned long long waiting;	/* of them, not in the vault as they are */
	unsigned long long hookless;	/* agents that could call us */
	bool has_vault;
	bool is_watched;
} seen;

static void show_folders(const struct jval *folders)
{
	const struct jval *one = jval_first(folders);
	size_t left = jval_count(folders);
	size_t i;

	for (i = 0; one && i < PATHS_SHOWN; i++, left--, one = one->next)
		render_line(one, "  in {path}\n");
	if (left)
		say_printf("  and in %zu more folders\n", left);
}

static void show_vault(const struct jval *vault)
{
	unsigned long long held = render_number(vault, "held");
	unsigned long long grown = render_number(vault, "grown");
	unsigned long long missing = render_number(vault, "missing");

	if (!held && !grown && !missing)
		return;
	say_printf("  in the vault: ");
	if (!grown && !missing) {
		say_printf("all of them\n");
		return;
	}
	if (!held && !grown) {
		say_printf("none of them\n");
		return;
	}
	render_thousands(held);
	if (grown) {
		say_printf(", ");
		render_thousands(grown);
		say_printf(" changed since");
	}
	if (missing) {
		say_printf("; ");
		render_thousands(missing);
		say_printf(missing == 1 ? " is not" : " are not");
	}
	say_printf("\n");
}

static void show_deletes(const struct jval *agent)
{
	const struct jval *deletes = jval_get(agent, "deletes");
	unsigned long long soon = render_number(deletes, "soon");

	if (!deletes)
		return;
	render_line(agent, "  {title} deletes them after {deletes.days} days");
	if (soon && jval_get(agent, "vault"))
		say_printf(": %llu that %s not in the vault go%s within a "
			   "week", soon, soon == 1 ? "is" : "are",
			   soon == 1 ? "es" : "");
	say_printf("\n");
}

static void show_unread(const struct jval *unread)
{
	const struct jval *one = jval_first(unread);

	for (; one; one = one->next)
		render_line(one, "  {path}: {reason}\n");
}

static void show_agent(const struct jval *agent)
{
	const struct jval *vault = jval_get(agent, "vault");
	unsigned long long sessions = render_number(agent, "sessions");

	say_colored(SAY_BOLD, jval_get_text(agent, "title"));
	if (!jval_count(jval_get(agent, "folders"))) {
		render_line(agent, "  not here ({agent})\n");
		return;
	}
	render_line(agent, "  ({agent})  ");
	render_count(sessions, "session");
	if (sessions) {
		say_printf(", ");
		render_bytes(render_number(agent, "bytes"));
		say_printf(", the newest ");
		render_time(SAY_PLAIN, agent, "newest", "of no time");
	}
	say_printf("\n");
	show_folders(jval_get(agent, "folders"));
	show_vault(vault);
	show_deletes(agent);
	if (jval_get(agent, "hook") && render_flag(agent, "hook"))
		say_printf("  its hook calls 'vvault capture'\n");
	show_unread(jval_get(agent, "unread"));
	seen.agents++;
	seen.sessions += sessions;
	seen.waiting += render_number(vault, "grown") +
			render_number(vault, "missing");
	seen.hookless += jval_get(agent, "hook") &&
			 !render_flag(agent, "hook");
	seen.has_vault |= vault != NULL;
}

void render_captured(const struct jval *capture)
{
	if (!capture)
		return;
	say_printf("capture    ");
	render_time(SAY_PLAIN, capture, "at", "");
	if (jval_is_text(jval_get(capture, "by"), "hook"))
		say_printf(" by a hook");
	else if (jval_is_text(jval_get(capture, "by"), "watch"))
		say_printf(" by 'vvault watch'");
	if (jval_get(capture, "error")) {
		render_line(capture, " failed: {error}\n");
		return;
	}
	say_printf(": ");
	if (render_number(capture, "messages"))
		render_count(render_number(capture, "messages"),
			     "new message");
	else
		say_printf("nothing new");
	if (render_number(capture, "unread"))
		say_printf("; %llu files could not be read, 'vvault capture' "
			   "says which", render_number(capture, "unread"));
	say_printf("\n");
}

bool render_agents(const struct jval *object)
{
	if (jval_get(object, "agent")) {
		show_agent(object);
		return true;
	}
	render_captured(jval_get(object, "capture"));
	seen.is_watched = render_flag(object, "watched");
	if (seen.is_watched)
		say_printf("watched    'vvault watch' brings in what they "
			   "write\n");
	return true;
}

/* The next step. */
void render_agents_end(size_t printed, bool is_no)
{
	(void)printed;
	(void)is_no;
	if (!seen.agents)
		return;
	if (!seen.has_vault)
		say_printf("next       'vvault init <dir>' makes a vault, and 'vvault "
			 "capture' in it brings all of this in\n");
	else if (seen.waiting)
		say_printf("next       'vvault capture' brings in what is not in the "
			 "vault yet\n");
	else if (!seen.is_watched && seen.hookless)
		say_printf("next       'vvault capture --install-hook <agent>' has an agent "
			 "do that by itself\n");
}
