#include "cmd/cli/say.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

#define AROUND_BYTES 240

/* The words that are looked for stand out. */
static void print_marked(const struct jval *hit)
{
	struct span text = jval_get_text(hit, "snippet");
	const struct jval *mark = jval_first(jval_get(hit, "marks"));
	size_t at = 0;

	for (; mark; mark = mark->next) {
		long long start;
		long long end;

		if (!jval_integer(jval_first(mark), &start) ||
		    !jval_integer(jval_first(mark)->next, &end))
			break;
		say_text(span_of(text.at + at, (size_t)start - at));
		say_colored(SAY_RED, span_of(text.at + start,
					     (size_t)(end - start)));
		at = (size_t)end;
	}
	say_text(span_of(text.at + at, text.len - at));
	say_printf("\n");
}

static void print_who(const struct jval *turn)
{
	struct span name = jval_get_text(turn, "name");
	struct span role = jval_get_text(turn, "role");

	say_colored(SAY_CYAN, name.len ? name : role);
	say_printf(name.len || role.len ? ": " : "");
}

/* Date, title, construct: once for the hits of one session. */
static void print_session(const struct jval *hit)
{
	struct span title = jval_get_text(hit, "title");

	render_date(SAY_YELLOW, hit, "at", "undated");
	say_printf("  ");
	if (!title.len)
		title = jval_get_text(hit, "session");
	say_colored(SAY_BOLD, title.len ? title :
		    jval_get_text(hit, "entity"));
	say_printf("  ");
	say_colored(SAY_DIM, jval_get_text(hit, "construct"));
	say_printf("\n");
}

static void print_turns(const struct jval *hit, const char *name)
{
	const struct jval *turn = jval_first(jval_get(hit, name));

	for (; turn; turn = turn->next) {
		say_printf("    ");
		print_who(turn);
		render_value(jval_get(turn, "text"), AROUND_BYTES);
		say_printf("\n");
	}
}

bool render_recall(const struct jval *hit)
{
	/* Where was looked is for programs. */
	if (!jval_get(hit, "ref"))
		return false;
	if (render_number(hit, "nth") == 1)
		print_session(hit);
	print_turns(hit, "before");
	say_handle();
	print_who(hit);
	print_marked(hit);
	print_turns(hit, "after");
	return true;
}
