#include "cmd/cli/say.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

#define TITLE_BYTES 60

/* A title, else what was said first, else its name. */
static void print_title(const struct jval *session)
{
	struct span text = jval_get_text(session, "title");
	struct span shown;

	if (!text.len)
		text = jval_get_text(session, "first");
	if (!text.len)
		text = jval_get_text(session, "session");
	shown = text_cut(text, TITLE_BYTES);
	say_colored(SAY_BOLD, shown);
	say_printf(shown.len < text.len ? "...  " : "  ");
}

static void print_some(const struct jval *session, const char *name,
		       const char *word, const char *several)
{
	unsigned long long n = render_number(session, name);

	say_printf(", %llu %s", n, n == 1 ? word : several);
}

/* Who spoke in it, and how much. */
static void print_about(const struct jval *session)
{
	const struct jval *model = jval_first(jval_get(session, "models"));

	render_line(session, "{provider}");
	for (; model; model = model->next) {
		say_printf(" ");
		say_text(jval_text(model));
	}
	print_some(session, "messages", "message", "messages");
	if (render_number(session, "branches") > 1)
		print_some(session, "branches", "branch", "branches");
}

bool render_session(const struct jval *session)
{
	struct span project = jval_get_text(session, "project");

	say_handle();
	render_time(SAY_YELLOW, session, "updated", "undated");
	say_printf("  ");
	print_title(session);
	print_about(session);
	if (project.len) {
		say_printf("  ");
		say_text(project);
	}
	say_printf("  ");
	say_colored(SAY_CYAN, jval_get_text(session, "construct"));
	say_printf("\n");
	return true;
}
