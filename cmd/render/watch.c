#include <string.h>

#include "cmd/cli/local_wall.h"
#include "cmd/render/render.h"
#include "cmd/watch/unit.h"
#include "lib/time/timestamp.h"
#include "lib/time/wall_text.h"

#define DAY 10		/* "2026-11-30", then a letter, then "14:03:11" */
#define TIME 8

/* Day and time: lines stand there for days, so that nothing is "today". */
static void show_time(const struct jval *event)
{
	char text[WALL_TEXT_MAX];
	int64_t micros;

	if (timestamp_parse(jval_get_text(event, "at"), &micros, NULL,
			    NULL) < 0)
		return;
	wall_text_iso(local_wall(), micros, text);
	text[DAY] = ' ';
	say_colored(SAY_DIM, span_of(text, DAY + 1 + TIME));
	say_printf("  ");
}

static void show_names(const struct jval *list, const char *before)
{
	const struct jval *one = jval_first(list);

	for (; one; one = one->next) {
		say_printf("%s", before);
		say_text(jval_text(one));
		before = ", ";
	}
}

static void show_begin(const struct jval *event)
{
	bool has_agents = jval_count(jval_get(event, "agents")) > 0;

	show_names(jval_get(event, "agents"), "watching what is written by ");
	show_names(jval_get(event, "folders"), has_agents ?
		   ", and capsules in " : "watching for capsules in ");
	render_line(event, jval_get(event, "remote") ?
		    "; sent to {remote}\n" : "\n");
}

static bool show_count(const struct jval *of, const char *name,
		       const char *thing, bool is_begun)
{
	unsigned long long n = render_number(of, name);

	if (!n)
		return is_begun;
	say_printf("%s", is_begun ? ", " : ": ");
	render_count(n, thing);
	return true;
}

static void show_captured(const struct jval *event)
{
	const struct jval *sessions = jval_get(event, "sessions");
	bool is_begun = false;

	say_colored(SAY_BOLD, jval_get_text(event, "title"));
	is_begun = show_count(sessions, "new", "new session", is_begun);
	is_begun = show_count(sessions, "grown", "grown session", is_begun);
	show_count(event, "messages", "new message", is_begun);
	say_printf("\n");
}

static void show_imported(const struct jval *event)
{
	say_colored(SAY_BOLD, render_called(event));
	show_count(jval_get(event, "records"), "new", "new record", false);
	render_line(event, render_number(event, "files") > 1 ?
		    " from {files} files, as {path}\n" : " from {path}\n");
}

static void show_pushed(const struct jval *event)
{
	render_count(render_number(event, "versions"), "new version");
	render_line(event, " sent to {remote}\n");
}

static void show_failure(const struct jval *event)
{
	unsigned long long again = render_number(event, "again");

	say_colored(SAY_RED, jval_get_text(event, "what"));
	render_line(event, ": {message}; it is tried again");
	say_printf(again >= 120 ? " in %llu minutes\n" : " in %llu s\n",
		   again >= 120 ? again / 60 : again);
}

static void show_note(const struct jval *event)
{
	if (jval_get_text(event, "what").len)
		render_line(event, "{what}: ");
	render_line(event, "{message}\n");
}

static void show_installed(const struct jval *event)
{
	render_line(event, render_flag(event, "replaced") ?
		    "written anew: {path}\n\n" : "written: {path}\n\n");
	say_bytes(jval_get_text(event, "unit"));
	say_printf("\nThis starts it, now and whenever you log in:\n"
		   "  systemctl --user enable --now " UNIT_NAME "\n"
		   "Without systemd, this line in 'crontab -e' does:\n  ");
	say_text(jval_get_text(event, "cron"));
	say_printf("\n'vvault watch --uninstall' takes it away again.\n");
}

/* A kind of event: how it is shown, by a line or a function. */
struct watch_event {
	const char *name;
	const char *line;
	void (*show)(const struct jval *event);
	bool is_trouble;	/* told where nobody wants talk, too */
};

static const struct watch_event kinds[] = {
	{ "watching", NULL, show_begin, false },
	{ "captured", NULL, show_captured, false },
	{ "imported", NULL, show_imported, false },
	{ "pushed", NULL, show_pushed, false },
	{ "failed", NULL, show_failure, true },
	{ "recovered", "{what}: it works again\n", NULL, true },
	{ "note", NULL, show_note, true },
	{ "limited", "{message}: it is looked now and then what has changed\n",
	  NULL, true },
	{ "ended", "ended\n", NULL, false },
	{ "installed", NULL, show_installed, true },
	{ "uninstalled", "removed: {path}\n"
	  "This ends one that runs:\n"
	  "  systemctl --user stop " UNIT_NAME "\n", NULL, true },
	{ "not-installed", "there is no {path}\n", NULL, true },
	{ NULL, NULL, NULL, false }
};

/* What of it is not for people is not shown. */
bool render_watch(const struct jval *event)
{
	const struct watch_event *kind = kinds;

	while (kind->name && !jval_is_text(jval_get(event, "event"),
					   kind->name))
		kind++;
	if (!kind->name || (say_is_quiet() && !kind->is_trouble))
		return false;
	show_time(event);
	if (kind->show)
		kind->show(event);
	else
		render_line(event, kind->line);
	return true;
}
