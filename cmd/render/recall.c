#include <string.h>

#include "cmd/render/read/flow.h"
#include "cmd/render/read/whence.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

#define AROUND_BYTES 240
#define INDENT "     "		/* behind a handle */
#define WIDTH_UNKNOWN 80	/* of a terminal that does not tell */
#define WORD_MAX 24		/* what is longer is broken */
#define LINES_MAX 3		/* of a text that is found, on a terminal */

/* Of a terminal; 0: lines have no end. */
static unsigned line_width(void)
{
	unsigned width = screen_width();

	if (!say_is_for_people())
		return 0;
	return width ? width : WIDTH_UNKNOWN;
}

/* A text on its way out: for a person through the flow, which breaks it. */
static void put_text(struct flow *flow, enum say_color color,
		     struct span text)
{
	if (say_is_for_people())
		flow_cells_put(&flow->cells, color, 0, text);
	else
		say_colored(color, text);
}

static void put_who(struct flow *flow, const struct jval *turn)
{
	struct span name = jval_get_text(turn, "name");
	struct span role = jval_get_text(turn, "role");

	/* Nobody says a title. */
	if (jval_is_text(jval_get(turn, "kind"), "session"))
		role = span_str("title");
	put_text(flow, SAY_CYAN, name.len ? name : role);
	put_text(flow, SAY_PLAIN, span_str(name.len || role.len ? ": " : ""));
}

/* Where the lines end that may be; a word that fits in none is broken. */
static size_t last_cell(const struct flow *flow, unsigned room)
{
	const struct flow_cells *cells = &flow->cells;
	size_t left = (size_t)room * LINES_MAX;
	size_t lines;
	size_t from = 0;
	size_t next = 0;
	size_t end = 0;

	for (lines = 0; lines < LINES_MAX && next < cells->n; lines++) {
		from = next;
		end = from + flow_fit(cells, from, room, &next);
	}
	if (next == cells->n)
		end = cells->n;
	for (from = 0; from < end && cells->at[from].columns <= left; from++)
		left -= cells->at[from].columns;
	return from;
}

static void cut_lines(struct flow *flow)
{
	struct flow_cells *cells = &flow->cells;
	unsigned room = flow_room(flow);
	size_t end = room ? last_cell(flow, room) : cells->n;
	size_t word = end;

	if (end == cells->n)
		return;
	while (word && cells->at[word - 1].point != ' ')
		word--;
	/* The last column is for the mark. */
	cells->n = word && end - word <= WORD_MAX ? word : end - 1;
	flow_cells_put(cells, SAY_AND_DIM, 0, span_str("…"));
}

static void end_text(struct flow *flow)
{
	if (say_is_for_people()) {
		cut_lines(flow);
		flow_end(flow, true);
	} else {
		say_printf("\n");
	}
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

static void put_title_part(struct flow *flow, bool is_marked,
			   struct span text)
{
	if (flow->width)
		flow_cells_put(&flow->cells, SAY_AND_BOLD |
			       (is_marked ? SAY_RED : 0), 0, text);
	else
		say_colored(is_marked ? SAY_RED : SAY_BOLD, text);
}

/* The words of the title that are looked for stand out. */
static void put_title(struct flow *flow, const struct jval *hit)
{
	const struct jval *mark = jval_first(jval_get(hit, "title_marks"));
	struct span title = title_of(hit);
	size_t at = 0;
	long long from;
	long long to;

	for (; mark; mark = mark->next) {
		if (!jval_integer(jval_first(mark), &from) ||
		    !jval_integer(jval_first(mark)->next, &to) ||
		    (size_t)from < at || to < from ||
		    (size_t)to > title.len)
			continue;
		put_title_part(flow, false, span_of(title.at + at,
						    (size_t)from - at));
		put_title_part(flow, true, span_of(title.at + from,
						   (size_t)(to - from)));
		at = (size_t)to;
	}
	put_title_part(flow, false, span_of(title.at + at, title.len - at));
}

/* Date, title, construct: once for the hits of one session. used: columns that
 * stand before it. */
static void print_session(const struct jval *hit, unsigned used)
{
	struct flow flow = FLOW_INIT(line_width());
	struct span construct = render_called(hit);

	if (!flow.width) {
		render_date(SAY_YELLOW, hit, "at", "undated");
		say_printf("  ");
		put_title(&flow, hit);
		say_printf("  ");
		say_colored(SAY_DIM, construct);
		say_printf("\n");
		return;
	}
	used += (unsigned)render_when(SAY_YELLOW, jval_get_text(hit, "at"),
				      "undated");
	used += 4 + (unsigned)construct.len;
	say_printf("  ");
	flow.width = flow.width > used ? flow.width - used : 1;
	put_title(&flow, hit);
	flow_cut(&flow);
	flow_cells_put(&flow.cells, 0, 0, span_str("  "));
	flow_cells_put(&flow.cells, SAY_AND_DIM, 0, construct);
	flow_end(&flow, false);
	flow_release(&flow);
}

static void print_turns(const struct jval *hit, const char *name)
{
	const struct jval *turn = jval_first(jval_get(hit, name));
	struct span text;
	struct span shown;

	for (; turn; turn = turn->next) {
		struct flow flow = FLOW_INIT(line_width());

		text = jval_get_text(turn, "text");
		shown = text_cut(text, AROUND_BYTES);
		flow_push(&flow, INDENT, INDENT);
		say_printf(say_is_for_people() ? "" : "    ");
		put_who(&flow, turn);
		put_text(&flow, SAY_PLAIN, shown);
		put_text(&flow, SAY_PLAIN, span_str(shown.len < text.len ? "..." :
					       ""));
		end_text(&flow);
		flow_release(&flow);
	}
}

/* A line is shown whole but to a person, who sees where it was found. */
struct shown {
	struct span text;
	size_t at;		/* its place in the snippet */
	size_t start;		/* of what is shown of it */
};

/* first: where the first mark of the line begins; what stands before it is left
 * out where it would not be seen. */
static void choose_part(struct shown *shown, size_t first, unsigned room)
{
	size_t all = (size_t)room * LINES_MAX;
	const char *text = shown->text.at;
	const char *blank;

	shown->start = 0;
	if (!room || shown->text.len <= all || first <= all / 2)
		return;
	shown->start = first - all / 4;
	blank = memchr(text + shown->start, ' ', first - shown->start);
	if (blank)
		shown->start = (size_t)(blank - text) + 1;
	while (((unsigned char)text[shown->start] & 0xc0) == 0x80)
		shown->start--;
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

/* The line with its marks, which stand out; returns the first one of another
 * line. */
static const struct jval *put_line(struct flow *flow, struct shown *shown,
				   const struct jval *mark)
{
	const char *text = shown->text.at;
	size_t start = 0;
	size_t end;
	size_t at;

	(void)read_mark(mark, shown, &start, &end);
	choose_part(shown, start, flow_room(flow));
	put_text(flow, SAY_PLAIN, span_str(shown->start ? "..." : ""));
	at = shown->start;
	for (; read_mark(mark, shown, &start, &end); mark = mark->next) {
		if (start < at)
			continue;
		put_text(flow, SAY_PLAIN, span_of(text + at, start - at));
		put_text(flow, SAY_RED, span_of(text + start, end - start));
		at = end;
	}
	end = shown->text.len;
	while (end > at && text[end - 1] == ' ')
		end--;
	put_text(flow, SAY_PLAIN, span_of(text + at, end - at));
	end_text(flow);
	return mark;
}

/* What was found, its lines below one another behind the handle. */
static void print_lines(const struct jval *hit)
{
	struct flow flow = FLOW_INIT(line_width());
	struct span rest = jval_get_text(hit, "snippet");
	const struct jval *mark = jval_first(jval_get(hit, "marks"));
	struct shown shown = { .at = 0 };
	bool is_first = true;

	flow_push(&flow, "", INDENT);
	say_handle();
	put_who(&flow, hit);
	while (rest.len || is_first) {
		say_printf(is_first || say_is_for_people() ? "" : INDENT);
		is_first = false;
		shown.text = span_take_line(&rest);
		mark = put_line(&flow, &shown, mark);
		shown.at += shown.text.len + 1;
	}
	flow_release(&flow);
}

bool render_recall(const struct jval *hit)
{
	if (!jval_get(hit, "ref")) {
		render_searched(hit);
		return true;
	}
	if (render_number(hit, "nth") == 1)
		print_session(hit, 0);
	print_turns(hit, "before");
	print_lines(hit);
	render_from(hit);
	print_turns(hit, "after");
	return true;
}

/* With -c and -l. */
static void print_sum(const struct jval *hit)
{
	unsigned used = sizeof(INDENT) - 1;

	say_handle();
	if (jval_get(hit, "lines")) {
		say_printf("%4llu  ", render_number(hit, "lines"));
		used += 6;
	}
	print_session(hit, used);
}

bool render_grep(const struct jval *hit)
{
	if (!jval_get(hit, "ref")) {
		print_sum(hit);
		return true;
	}
	if (render_number(hit, "nth") == 1)
		print_session(hit, 0);
	print_lines(hit);
	return true;
}
