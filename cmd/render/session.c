#include "cmd/cli/screen.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

#define TITLE_BYTES 60

/* Columns of a terminal: the handle, the time, and what is left for the title
 * and the rest, which take half of it each. */
#define HANDLE_COLUMNS 5u
#define TIME_COLUMNS 17u
#define BLANKS 5u	/* between them, and at the end */
#define NARROWEST 60u

/* A title, else what was said first, else its name. */
static struct span title_of(const struct jval *session)
{
	struct span text = jval_get_text(session, "title");

	if (!text.len)
		text = jval_get_text(session, "first");
	return text.len ? text : jval_get_text(session, "session");
}

static void put_some(struct buf *out, const struct jval *session,
		     const char *name, const char *word, const char *several)
{
	unsigned long long n = render_number(session, name);

	buf_putf(out, "%llu %s", n, n == 1 ? word : several);
}

/* How much was said, by whom, and where. */
static void put_about(struct buf *out, const struct jval *session)
{
	const struct jval *model = jval_first(jval_get(session, "models"));
	struct span project = jval_get_text(session, "project");

	put_some(out, session, "messages", "message", "messages");
	if (render_number(session, "branches") > 1) {
		buf_put_str(out, ", ");
		put_some(out, session, "branches", "branch", "branches");
	}
	buf_put_str(out, "  ");
	buf_put_span(out, jval_get_text(session, "provider"));
	for (; model; model = model->next) {
		buf_put_char(out, ' ');
		buf_put_span(out, jval_text(model));
	}
	buf_put_str(out, "  ");
	buf_put_span(out, jval_get_text(session, "construct"));
	if (project.len) {
		buf_put_str(out, "  ");
		buf_put_span(out, project);
	}
}

static void print_line(const struct jval *session, struct span about)
{
	struct span title = title_of(session);
	struct span shown = text_cut(title, TITLE_BYTES);

	render_time(SAY_YELLOW, session, "updated", "undated");
	say_printf("  ");
	say_colored(SAY_BOLD, shown);
	say_printf(shown.len < title.len ? "...  " : "  ");
	say_text(about);
}

static void print_cells(const struct jval *session, struct span about,
			unsigned width)
{
	unsigned left = width - HANDLE_COLUMNS - TIME_COLUMNS - BLANKS;

	render_time_cell(SAY_YELLOW, session, "updated", "undated",
			 TIME_COLUMNS);
	say_printf("  ");
	render_cell(SAY_BOLD, title_of(session), left / 2);
	say_printf("  ");
	render_cell(SAY_PLAIN, about, left - left / 2);
}

bool render_session(const struct jval *session)
{
	unsigned width = say_is_for_people() ? screen_width() : 0;
	struct buf about = BUF_INIT(BUF_NO_LIMIT);

	put_about(&about, session);
	say_handle();
	if (width < NARROWEST)
		print_line(session, buf_span(&about));
	else
		print_cells(session, buf_span(&about), width);
	say_printf("\n");
	buf_release(&about);
	return true;
}
