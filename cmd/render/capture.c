#include "cmd/render/render.h"
#include "lib/base/text.h"

#define UNREAD_SHOWN 10

static bool put_number(const struct jval *of, const char *name,
		       const char *one, const char *many, bool is_begun)
{
	unsigned long long n = render_number(of, name);

	if (!n)
		return is_begun;
	say_printf("%s", is_begun ? ", " : "  ");
	render_thousands(n);
	say_printf(" %s", n == 1 ? one : many);
	return true;
}

static void show_unread(const struct jval *unread)
{
	const struct jval *one = jval_first(unread);
	size_t left = jval_count(unread);
	size_t i;

	for (i = 0; one && i < UNREAD_SHOWN; i++, left--, one = one->next) {
		render_line(one, "  {path}: ");
		render_line(one, jval_get_text(one, "at").at ?
			    "{at}: {reason}\n" : "{reason}\n");
	}
	if (left)
		say_printf("  and %zu more that could not be read\n", left);
}

static void show_agent(const struct jval *agent)
{
	const struct jval *sessions = jval_get(agent, "sessions");
	bool is_begun;

	say_colored(SAY_BOLD, jval_get_text(agent, "title"));
	is_begun = put_number(sessions, "new", "new session", "new sessions",
			      false);
	is_begun = put_number(sessions, "grown", "grown", "grown", is_begun);
	is_begun = put_number(sessions, "unchanged", "unchanged", "unchanged",
			      is_begun);
	is_begun = put_number(agent, "parts", "other file", "other files",
			      is_begun);
	is_begun = put_number(agent, "messages", "new message",
			      "new messages", is_begun);
	say_printf(is_begun ? "\n" : "  no sessions\n");
	show_unread(jval_get(agent, "unread"));
}

/* Lines that changed. */
void render_changes(struct span changes)
{
	struct span line;
	const char *end;

	while (changes.len) {
		end = memchr(changes.at, '\n', changes.len);
		line = span_of(changes.at, end ? (size_t)(end - changes.at) :
			       changes.len);
		say_printf("  ");
		say_colored(*line.at == '+' ? SAY_GREEN : SAY_RED, line);
		say_printf("\n");
		changes = span_of(changes.at + line.len + 1,
				  end ? changes.len - line.len - 1 : 0);
	}
}

static void show_hook(const struct jval *result)
{
	struct span state = jval_get_text(result, "hook");

	render_line(result, "{path}\n");
	render_changes(jval_get_text(result, "changes"));
	if (span_equals(state, span_str("installed")))
		render_line(result, "{title} calls 'vvault capture' from now "
			    "on; 'vvault capture --uninstall-hook {agent}' "
			    "ends that\n");
	else if (span_equals(state, span_str("removed")))
		render_line(result, "{title} calls 'vvault capture' no "
			    "more\n");
	else if (span_begins(state, "would"))
		render_line(result, "the hook {hook}: nothing is written\n");
	else
		render_line(result, "the hook is {hook}\n");
}

/* An agent, its hook, or a construct that its sessions went to. */
bool render_capture(const struct jval *result)
{
	struct span version = jval_get_text(result, "version");

	if (jval_get(result, "hook")) {
		show_hook(result);
		return true;
	}
	if (jval_get(result, "agent")) {
		show_agent(result);
		return true;
	}
	if (!version.at)
		return false;
	say_colored(SAY_BOLD, render_called(result));
	say_printf("  ");
	say_colored(SAY_YELLOW, text_cut(version, SHORT_ID_CHARS));
	render_line(result, render_number(jval_get(result, "records"),
					  "new") == 1 ?
		    "  1 new record\n" : "  {records.new} new records\n");
	return true;
}
