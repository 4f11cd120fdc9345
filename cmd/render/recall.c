#include <string.h>

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

/* A title, else what was said first; what is in no session by what it is. */
static struct span title_of(const struct jval *hit)
{
	static const char *const names[] = { "title", "first", "session" };
	struct span text = span_of("", 0);
	struct span entity = jval_get_text(hit, "entity");
	const char *colon = entity.len ? memchr(entity.at, ':', entity.len) :
			    NULL;
	size_t i;

	for (i = 0; !text.len && i < sizeof(names) / sizeof(names[0]); i++)
		text = jval_get_text(hit, names[i]);
	return text.len || !colon ? text :
	       span_of(entity.at, (size_t)(colon - entity.at));
}

/* Date, title, construct: once for the hits of one session. */
static void print_session(const struct jval *hit)
{
	struct span title = title_of(hit);

	render_date(SAY_YELLOW, hit, "at", "undated");
	say_printf("  ");
	say_colored(SAY_BOLD, title);
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

/* A line is shown whole but to a person, who sees where it was found. */
struct shown {
	struct span text;
	size_t at;		/* its place in the snippet */
	size_t start, end;	/* what is shown of it */
};

#define LINE_BYTES 400
#define BEFORE_BYTES 100

static bool is_in_character(struct span text, size_t at)
{
	return at < text.len && ((unsigned char)text.at[at] & 0xc0) == 0x80;
}

/* first: where the first mark of the line begins. */
static void choose_part(struct shown *shown, size_t first)
{
	shown->start = 0;
	shown->end = shown->text.len;
	if (!say_is_for_people() || shown->text.len <= LINE_BYTES)
		return;
	shown->start = first > BEFORE_BYTES ? first - BEFORE_BYTES : 0;
	while (is_in_character(shown->text, shown->start))
		shown->start--;
	if (shown->end - shown->start > LINE_BYTES)
		shown->end = shown->start + LINE_BYTES;
	while (is_in_character(shown->text, shown->end))
		shown->end--;
}

static bool read_mark(const struct jval *mark, const struct shown *shown,
		      size_t *start, size_t *end)
{
	long long from;
	long long to;

	if (!mark || !jval_integer(jval_first(mark), &from) ||
	    !jval_integer(jval_first(mark)->next, &to) ||
	    (size_t)to > shown->at + shown->text.len)
		return false;
	*start = (size_t)from - shown->at;
	*end = (size_t)to - shown->at;
	return true;
}

/* The line with its marks; returns the first one of another line. */
static const struct jval *print_line(struct shown *shown,
				     const struct jval *mark)
{
	size_t start = 0;
	size_t end;
	size_t at;

	(void)read_mark(mark, shown, &start, &end);
	choose_part(shown, start);
	say_printf(shown->start ? "..." : "");
	at = shown->start;
	for (; read_mark(mark, shown, &start, &end); mark = mark->next) {
		if (start < at || end > shown->end)
			continue;
		say_text(span_of(shown->text.at + at, start - at));
		say_colored(SAY_RED, span_of(shown->text.at + start,
					     end - start));
		at = end;
	}
	say_text(span_of(shown->text.at + at, shown->end - at));
	say_printf(shown->end < shown->text.len ? "...\n" : "\n");
	return mark;
}

/* With -c and -l. */
static void print_sum(const struct jval *hit)
{
	say_handle();
	if (jval_get(hit, "lines"))
		say_printf("%4llu  ", render_number(hit, "lines"));
	print_session(hit);
}

bool render_grep(const struct jval *hit)
{
	struct span rest = jval_get_text(hit, "snippet");
	const struct jval *mark = jval_first(jval_get(hit, "marks"));
	struct shown shown = { .at = 0 };
	bool is_first = true;

	if (!jval_get(hit, "ref")) {
		print_sum(hit);
		return true;
	}
	if (render_number(hit, "nth") == 1)
		print_session(hit);
	say_handle();
	print_who(hit);
	while (rest.len || is_first) {
		say_printf(is_first ? "" : "     ");
		is_first = false;
		shown.text = span_take_line(&rest);
		mark = print_line(&shown, mark);
		shown.at += shown.text.len + 1;
	}
	return true;
}
