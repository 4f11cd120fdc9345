#include "cmd/cli/say.h"
#include "cmd/render/render.h"
#include "objects/fold/fold.h"
#include "objects/record/kinds.h"

static int print_leaf(void *arg, struct span path, struct span from,
		      struct span to, struct err *err)
{
	(void)arg;
	(void)err;
	(void)from;
	say_printf("  ");
	say_colored(SAY_DIM, path);
	say_printf(" ");
	say_value(to);
	say_printf("\n");
	return 0;
}

static void print_counts(const struct jval *counts)
{
	size_t i;

	for (i = 0; kind_table[i].name; i++) {
		const char *kind = kind_table[i].name;

		if (jval_get(counts, kind))
			say_printf("%-8s %llu\n", kind,
				   render_number(counts, kind));
	}
}

bool render_show(const struct jval *shown)
{
	static const struct span none = { NULL, 0 };
	struct fold_diff_visitor visitor = { print_leaf, NULL };
	const struct jval *persona = jval_get(shown, "persona");
	const struct jval *head = jval_first(jval_get(shown, "heads"));

	/* A record, as it stands. */
	if (!head && !jval_get(shown, "heads")) {
		say_text(shown->raw);
		say_printf("\n");
		return true;
	}
	say_colored(SAY_BOLD, jval_get_text(shown, "construct"));
	say_printf("\n");
	for (; head; head = head->next) {
		say_printf("version  ");
		say_text(jval_text(head));
		say_printf("\n");
	}
	print_counts(jval_get(shown, "counts"));
	if (render_number(shown, "conflicts"))
		say_printf("conflicts %llu\n",
			   render_number(shown, "conflicts"));
	say_printf("persona\n");
	return fold_diff(none, persona->raw, &visitor, NULL) == 0;
}
