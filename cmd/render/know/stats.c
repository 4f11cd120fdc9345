#include <stdio.h>
#include <string.h>

#include "cmd/cli/screen.h"
#include "cmd/render/know/bars.h"
#include "cmd/render/know/overview.h"
#include "cmd/render/render.h"
#include "lib/base/digits.h"
#include "lib/base/utf8.h"
#include "lib/time/stretch.h"

#define COLUMNS 80u
#define TIME_COLUMNS 10u	/* "2026-01-31" */
#define NAME_COLUMNS 28u
#define NAME_MIN 8u
#define GAP 2u
#define DOTS_COLUMNS 3u
#define FILL_MAX 3		/* so many in a row that are empty are shown */

/* A column of numbers: below its word, so wide. */
struct column {
	const char *word;
	const char *path;
	unsigned wide;
	enum { NUMBER_GROUPED, NUMBER_SHORT, NUMBER_BYTES } how;
};

static const struct column of_messages[] = {
	{ "messages", "messages", 9, NUMBER_GROUPED },
	{ "words", "words", 11, NUMBER_GROUPED },
	{ "sessions", "sessions", 8, NUMBER_GROUPED },
	{ "tools", "tool_calls", 7, NUMBER_GROUPED },
	{ NULL, NULL, 0, NUMBER_GROUPED }
};
static const struct column of_tokens[] = {
	{ "messages", "messages", 9, NUMBER_GROUPED },
	{ "words", "words", 11, NUMBER_GROUPED },
	{ "sessions", "sessions", 8, NUMBER_GROUPED },
	{ "tools", "tool_calls", 6, NUMBER_SHORT },
	{ "tok in", "tokens.input", 6, NUMBER_SHORT },
	{ "out", "tokens.output", 5, NUMBER_SHORT },
	{ NULL, NULL, 0, NUMBER_GROUPED }
};
static const struct column of_constructs[] = {
	{ "messages", "messages", 9, NUMBER_GROUPED },
	{ "words", "words", 11, NUMBER_GROUPED },
	{ "sessions", "sessions", 8, NUMBER_GROUPED },
	{ "records", "records", 9, NUMBER_GROUPED },
	{ "size", "bytes", 7, NUMBER_BYTES },
	{ NULL, NULL, 0, NUMBER_GROUPED }
};
static const struct column of_kinds[] = {
	{ "entities", "entities", 10, NUMBER_GROUPED },
	{ "records", "records", 10, NUMBER_GROUPED },
	{ NULL, NULL, 0, NUMBER_GROUPED }
};
static const struct column of_plots[] = {
	{ "messages", "messages", 9, NUMBER_GROUPED },
	{ NULL, NULL, 0, NUMBER_GROUPED }
};
static const struct column of_kind_plots[] = {
	{ "entities", "entities", 9, NUMBER_GROUPED },
	{ NULL, NULL, 0, NUMBER_GROUPED }
};

#define NUMBERS_MAX 8

/* What the first object said of those behind it. */
static struct drawing {
	const struct column *columns;
	char by[16];
	enum stretch stretch;
	bool is_time, is_plot, has_head, is_over;
	unsigned name_columns;
	unsigned long long most, left_out;
	long long next;		/* the stretch that comes now */
	uint64_t total[NUMBERS_MAX];
} drawing;

static uint64_t number_at(const struct jval *object, const char *path)
{
	long long number;

	return jval_integer(jval_at(object, path), &number) ?
	       (uint64_t)number : 0;
}

static const struct column *columns_of(const struct jval *total)
{
	if (jval_is_text(jval_get(total, "by"), "kind"))
		return drawing.is_plot ? of_kind_plots : of_kinds;
	if (drawing.is_plot)
		return of_plots;
	if (jval_is_text(jval_get(total, "by"), "construct") &&
	    number_at(total, "records"))
		return of_constructs;
	return render_flag(total, "has_tokens") ? of_tokens : of_messages;
}

static unsigned width_of_line(void)
{
	unsigned width = screen_width();

	return width ? width : COLUMNS;
}

static unsigned numbers_width(void)
{
	const struct column *column;
	unsigned width = 0;

	for (column = drawing.columns; column->word; column++)
		width += GAP + column->wide;
	return width;
}

/* The last column of a terminal stays free. */
static unsigned name_columns(void)
{
	unsigned most = drawing.is_time ? TIME_COLUMNS : NAME_COLUMNS;
	unsigned rest = numbers_width() + (drawing.is_plot ? 12 : 1);
	unsigned width = width_of_line();

	if (width < rest + NAME_MIN)
		return NAME_MIN;
	return width - rest < most ? width - rest : most;
}

static void begin(const struct jval *total)
{
	struct span by = jval_get_text(total, "by");
	size_t i;

	memset(&drawing, 0, sizeof(drawing));
	snprintf(drawing.by, sizeof(drawing.by), "%.*s", (int)by.len, by.at);
	drawing.is_time = stretch_find(by, &drawing.stretch);
	drawing.is_plot = render_flag(total, "plot");
	drawing.columns = columns_of(total);
	drawing.most = render_number(total, "most");
	drawing.left_out = render_number(total, "left_out");
	drawing.name_columns = name_columns();
	drawing.next = -1;
	for (i = 0; drawing.columns[i].word; i++)
		drawing.total[i] = number_at(total, drawing.columns[i].path);
}

/* --- lines --- */

static void put_number(const struct column *column, uint64_t n)
{
	char text[DIGITS_MAX];

	if (column->how == NUMBER_SHORT)
		digits_short(n, text);
	else if (column->how == NUMBER_BYTES)
		digits_bytes(n, text);
	else
		digits_grouped(n, text);
	say_printf("%*s%*s", (int)GAP, "", (int)column->wide, text);
}

static void print_bar(uint64_t n)
{
	unsigned width = width_of_line();
	unsigned rest = drawing.name_columns + numbers_width() + GAP + 1;
	struct buf bar = BUF_INIT(BUF_NO_LIMIT);

	bar_put(&bar, n, drawing.most, width > rest ? width - rest : 1);
	say_printf("  ");
	say_colored(SAY_CYAN, buf_span(&bar));
	buf_release(&bar);
}

static void print_head(void)
{
	const struct column *column;

	if (drawing.has_head)
		return;
	drawing.has_head = true;
	if (drawing.is_plot)
		return;
	render_cell(SAY_BOLD, span_str(drawing.by), drawing.name_columns);
	for (column = drawing.columns; column->word; column++) {
		say_printf("%*s%*s", (int)GAP, "", (int)(column->wide -
			   strlen(column->word)), "");
		say_colored(SAY_BOLD, span_str(column->word));
	}
	say_printf("\n");
}

static void print_row(enum say_color color, struct span name,
		      const uint64_t *numbers)
{
	size_t i;

	render_cell(color, name, drawing.name_columns);
	for (i = 0; drawing.columns[i].word; i++)
		put_number(&drawing.columns[i], numbers[i]);
	if (drawing.is_plot)
		print_bar(numbers[0]);
	say_printf("\n");
}

/* What lies between two stretches has nothing. */
static void fill_to(long long number)
{
	static const uint64_t none[NUMBERS_MAX];
	char name[STRETCH_NAME_MAX];

	if (drawing.next < 0 || (number - drawing.next > FILL_MAX &&
				 !stretch_cycle(drawing.stretch))) {
		if (drawing.next >= 0)
			say_printf("%*s(%lld %ss of nothing)\n", 2, "",
				   number - drawing.next, drawing.by);
		drawing.next = number;
	}
	for (; drawing.next < number; drawing.next++) {
		stretch_name(drawing.stretch, drawing.next, name);
		print_row(SAY_PLAIN, span_str(name), none);
	}
}

static void fill_end(void)
{
	if (drawing.is_time && !drawing.is_over && drawing.has_head &&
	    stretch_cycle(drawing.stretch))
		fill_to(stretch_cycle(drawing.stretch));
	drawing.is_over = true;
}

/* As much of the end of a folder's name as there is room for. */
static struct span tail_of(struct span name)
{
	struct span tail = span_of(name.at + name.len, 0);
	unsigned room = drawing.name_columns - DOTS_COLUMNS;

	while (tail.len < name.len) {
		const char *at = tail.at - 1;
		uint32_t point = 0;

		while (at > name.at && ((unsigned char)*at & 0xc0) == 0x80)
			at--;
		(void)!utf8_decode(span_of(at, (size_t)(tail.at - at)), &point);
		if (screen_columns(point) > room)
			break;
		room -= screen_columns(point);
		tail = span_of(at, (size_t)(name.at + name.len - at));
	}
	return tail;
}

static void print_folder(const struct jval *group, const uint64_t *numbers)
{
	struct span name = jval_get_text(group, "group");
	struct span tail = tail_of(name);
	struct buf shown = BUF_INIT(BUF_NO_LIMIT);

	if (name.len - tail.len > DOTS_COLUMNS)
		buf_put_str(&shown, "...");
	else
		tail = name;
	buf_put_span(&shown, tail);
	print_row(SAY_PLAIN, buf_span(&shown), numbers);
	buf_release(&shown);
}

static struct span name_of(const struct jval *group)
{
	struct span name = jval_get_text(group, jval_get(group, "called") ?
					 "called" : "group");

	if (name.len)
		return name;
	if (drawing.is_time)
		return span_str("undated");
	return !strcmp(drawing.by, "project") ? span_str("(no folder)") :
	       span_str("(none)");
}

static bool print_group(const struct jval *group)
{
	uint64_t numbers[NUMBERS_MAX] = { 0 };
	long long number;
	size_t i;

	print_head();
	if (jval_integer(jval_get(group, "number"), &number)) {
		if (drawing.next < 0 && stretch_cycle(drawing.stretch) &&
		    !drawing.left_out)
			drawing.next = 0;
		fill_to(number);
		drawing.next = number + 1;
	} else {
		fill_end();
	}
	for (i = 0; drawing.columns[i].word; i++)
		numbers[i] = number_at(group, drawing.columns[i].path);
	if (!strcmp(drawing.by, "project") &&
	    jval_get_text(group, "group").len)
		print_folder(group, numbers);
	else
		print_row(SAY_PLAIN, name_of(group), numbers);
	return true;
}

bool render_stats(const struct jval *group)
{
	if (!render_flag(group, "total"))
		return print_group(group);
	begin(group);
	return jval_is(jval_get(group, "by"), JVAL_NULL) &&
	       print_overview(group);
}

void render_stats_end(size_t printed, bool is_no)
{
	(void)is_no;
	if (!printed || !drawing.has_head)
		return;
	fill_end();
	if (drawing.left_out)
		say_printf("  (%llu more; -n tells how many)\n",
			   drawing.left_out);
	if (!drawing.is_plot)
		print_row(SAY_BOLD, span_str("all"), drawing.total);
}
