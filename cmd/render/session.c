#include <stdio.h>
#include <string.h>

#include "cmd/cli/screen.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

#define TITLE_BYTES 60

/* Columns of a terminal: the handle, the time, and what is left for the title
 * and, less of it, the rest. */
#define HANDLE_COLUMNS 5u
#define TIME_COLUMNS 17u
#define BLANKS 5u	/* between them, and at the end */
#define ABOUT_MIN 24u	/* "12 messages  claude-code" */
#define NARROWEST 60u

/* A title, else what was said first, else its name. */
static struct span title_of(const struct jval *session)
{
	struct span text = jval_get_text(session, "title");

	if (!text.len)
		text = jval_get_text(session, "first");
	return text.len ? text : jval_get_text(session, "session");
}

/* What is worth less comes later, and is left out where it has no room (0: it
 * always has). */
static void put_piece(struct buf *about, unsigned room, const char *gap,
		      struct span piece)
{
	if (!piece.len || (room && about->len + strlen(gap) + piece.len > room))
		return;
	buf_put_str(about, gap);
	buf_put_span(about, piece);
}

static void put_some(struct buf *about, unsigned room, const char *gap,
		     unsigned long long n, const char *words[2])
{
	char text[64];

	snprintf(text, sizeof(text), "%llu %s", n, words[n != 1]);
	put_piece(about, room, gap, span_str(text));
}

/* How much was said, by whom, and where. */
static void put_about(struct buf *about, const struct jval *session,
		      unsigned room)
{
	static const char *messages[2] = { "message", "messages" };
	static const char *branches[2] = { "branch", "branches" };
	const struct jval *model = jval_first(jval_get(session, "models"));
	struct span construct = render_called(session);
	struct span provider = jval_get_text(session, "provider");
	unsigned long long n = render_number(session, "branches");

	put_some(about, room, "", render_number(session, "messages"),
		 messages);
	if (n > 1)
		put_some(about, room, ", ", n, branches);
	/* A construct that is named like it says it too. */
	if (!room || !span_equals(provider, construct))
		put_piece(about, room, "  ", provider);
	for (; model; model = model->next) {
		/* What no model said. */
		if (!jval_is_text(model, "<synthetic>"))
			put_piece(about, room, " ", jval_text(model));
	}
	put_piece(about, room, "  ", construct);
	put_piece(about, room, "  ", jval_get_text(session, "project"));
}

static void print_line(const struct jval *session)
{
	struct buf about = BUF_INIT(BUF_NO_LIMIT);
	struct span title = title_of(session);
	struct span shown = text_cut(title, TITLE_BYTES);

	render_time(SAY_YELLOW, session, "updated", "undated");
	say_printf("  ");
	say_colored(SAY_BOLD, shown);
	say_printf(shown.len < title.len ? "...  " : "  ");
	put_about(&about, session, 0);
	say_text(buf_span(&about));
	buf_release(&about);
}

static unsigned about_columns(unsigned left)
{
	unsigned columns = left * 2 / 5;

	columns = columns < ABOUT_MIN ? ABOUT_MIN : columns;
	return columns < left / 2 ? columns : left / 2;
}

static void print_cells(const struct jval *session, unsigned left)
{
	unsigned room = about_columns(left);
	struct buf about = BUF_INIT(BUF_NO_LIMIT);

	render_time_cell(SAY_YELLOW, session, "updated", "undated",
			 TIME_COLUMNS);
	say_printf("  ");
	render_cell(SAY_BOLD, title_of(session), left - room);
	say_printf("  ");
	put_about(&about, session, room);
	render_cell(SAY_PLAIN, buf_span(&about), room);
	buf_release(&about);
}

bool render_session(const struct jval *session)
{
	unsigned width = say_is_for_people() ? screen_width() : 0;

	say_handle();
	if (width < NARROWEST)
		print_line(session);
	else
		print_cells(session, width - HANDLE_COLUMNS - TIME_COLUMNS -
			    BLANKS);
	say_printf("\n");
	return true;
}
