#include "cmd/cli/say.h"
#include "cmd/render/render.h"
#include "objects/fold/fold.h"
#include "objects/record/kinds.h"

/* "traits/warmth  0.9" */
static int print_leaf(void *arg, struct span path, struct span from,
		      struct span to, struct err *err)
{
	(void)arg;
	(void)err;
	(void)from;
	say_printf("  ");
	say_colored(SAY_DIM, span_of(path.at + 1, path.len - 1));
	say_printf("  ");
	say_value(to);
	say_printf("\n");
	return 0;
}

static void print_count(const struct jval *counts, const char *kind)
{
	render_count(render_number(counts, kind), kind);
}

static bool has(const struct jval *counts, const char *kind)
{
	return render_number(counts, kind) > 0;
}

/* "80 messages in 2 sessions, 2024-01-03 to 2026-05-06" */
static bool print_talk(const struct jval *shown, const struct jval *counts)
{
	bool has_messages = has(counts, "message");
	bool has_sessions = has(counts, "session");

	if (!has_messages && !has_sessions)
		return false;
	if (has_messages)
		print_count(counts, "message");
	say_printf(has_messages && has_sessions ? " in " : "");
	if (has_sessions)
		print_count(counts, "session");
	if (jval_get(shown, "first")) {
		say_printf(", ");
		render_date(SAY_PLAIN, shown, "first", "");
		say_printf(" to ");
		render_date(SAY_PLAIN, shown, "last", "");
	}
	return true;
}

/* Then what else there is, but for the construct's own record. */
void render_counts(const struct jval *shown)
{
	const struct jval *counts = jval_get(shown, "counts");
	bool is_begun = print_talk(shown, counts);
	size_t i;

	for (i = 0; kind_table[i].name; i++) {
		const char *kind = kind_table[i].name;

		if (!has(counts, kind) || !strcmp(kind, "message") ||
		    !strcmp(kind, "session") || !strcmp(kind, "construct"))
			continue;
		say_printf(is_begun ? "; " : "");
		print_count(counts, kind);
		is_begun = true;
	}
	say_printf(is_begun ? "\n" : "nothing but a persona\n");
}

static void print_heads(const struct jval *shown)
{
	const struct jval *head = jval_first(jval_get(shown, "heads"));
	const struct jval *by = jval_first(jval_get(shown, "by"));

	for (; head; head = head->next, by = by ? by->next : NULL) {
		say_printf("version ");
		say_text(jval_text(head));
		if (by && jval_get(by, "device")) {
			say_printf(" by ");
			render_device(by, "device");
		}
		say_printf("\n");
	}
}

bool render_show(const struct jval *shown)
{
	static const struct span none = { NULL, 0 };
	const struct fold_diff_visitor visitor = { print_leaf, NULL };
	const struct jval *persona = jval_get(shown, "persona");
	unsigned long long conflicts = render_number(shown, "conflicts");

	if (!jval_get(shown, "heads"))
		return render_entity(shown);
	say_colored(SAY_BOLD, render_called(shown));
	say_printf("\n");
	render_counts(shown);
	if (conflicts) {
		render_thousands(conflicts);
		say_printf(conflicts == 1 ? " field" : " fields");
		render_line(shown, " in conflict: 'vvault conflicts "
			    "{construct}' shows what each says\n");
	}
	print_heads(shown);
	return fold_diff(none, persona->raw, &visitor, NULL) == 0;
}
