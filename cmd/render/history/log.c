#include <string.h>

#include "cmd/cli/say.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

/* Each lane of the graph has a color of its own, by its column. */
static const enum say_color lane_colors[] = {
	SAY_RED, SAY_GREEN, SAY_YELLOW, SAY_CYAN
};

static void print_lanes(struct span row)
{
	size_t i;

	for (i = 0; i < row.len; i++)
		say_colored(row.at[i] == '*' || row.at[i] == ' ' ? SAY_PLAIN :
			    lane_colors[i / 2 % 4], span_of(row.at + i, 1));
}

/* What joins lanes, where handles would stand. */
static void print_before(struct span rows, size_t indent)
{
	const char *end;

	while (rows.len && (end = memchr(rows.at, '\n', rows.len))) {
		size_t len = (size_t)(end - rows.at);

		say_printf("%*s", (int)indent, "");
		print_lanes(span_of(rows.at, len));
		say_printf("\n");
		rows = span_of(end + 1, rows.len - len - 1);
	}
}

static void print_verbs(const struct jval *version)
{
	const struct jval *verb = jval_first(jval_get(version, "verbs"));
	const char *before = "  ";

	for (; verb; verb = verb->next) {
		say_printf("%s", before);
		say_colored(SAY_BOLD, jval_text(verb));
		before = ", ";
	}
}

static void print_line(const struct jval *version)
{
	bool is_add = jval_is_text(jval_get(version, "change"), "add");
	bool is_counted = jval_is(jval_get(version, "records"), JVAL_NUMBER);

	say_colored(SAY_YELLOW, text_cut(jval_get_text(version, "version"),
					 SHORT_ID_CHARS));
	if (render_flag(version, "oneline")) {
		print_verbs(version);
		render_line(version, jval_get(version, "told") ? "  {told}\n" :
			    "  {subject}\n");
		return;
	}
	say_printf("  ");
	(void)render_when(SAY_PLAIN, jval_get_text(version, "time"), "");
	say_printf("  ");
	say_colored(SAY_CYAN, render_called(version));
	render_line(version, jval_get_text(version, "name").len ?
		    "  #{seq} {name}" : "  #{seq} {device:12}");
	print_verbs(version);
	if (jval_get(version, "told")) {
		render_line(version, "  {told}\n");
		return;
	}
	render_line(version, "  {subject}");
	render_line(version, is_add && is_counted ? "  ({records} new)\n" :
		    "\n");
}

static void print_stat(const struct jval *version, size_t indent)
{
	const struct jval *made = jval_get(version, "made");
	unsigned long long changed = render_number(version, "changed");
	bool is_begun;

	if (!made)
		return;
	say_printf("%*s", (int)indent, "");
	print_lanes(jval_get_text(jval_get(version, "graph"), "below"));
	say_printf("    ");
	if (!jval_is(made, JVAL_OBJECT)) {
		say_printf("not known here\n");
		return;
	}
	is_begun = render_kinds(made, false);
	if (changed) {
		say_printf(is_begun ? ", " : "");
		render_count(changed, "change");
	}
	say_printf(is_begun || changed ? "\n" : "no records\n");
}

bool render_log(const struct jval *version)
{
	const struct jval *graph = jval_get(version, "graph");
	char handle[SAY_HANDLE_MAX];
	size_t indent = say_handle_text(handle);

	print_before(jval_get_text(graph, "before"), indent);
	say_handle();
	if (graph) {
		print_lanes(jval_get_text(graph, "at"));
		say_printf("  ");
	}
	print_line(version);
	print_stat(version, indent);
	return true;
}
