#include "cmd/render/read/whence.h"

#include "cmd/cli/say.h"
#include "cmd/render/render.h"

static void put_said(const char *words, struct span text)
{
	if (!text.len)
		return;
	say_colored(SAY_DIM, span_str(words));
	say_colored(SAY_DIM, text);
}

void render_from(const struct jval *hit)
{
	const struct jval *from = jval_get(hit, "from");
	struct span name;
	struct span signer;

	if (!from)
		return;
	name = jval_get_text(from, "name");
	signer = jval_get_text(from, "signer");
	say_printf("     ");
	if (signer.len)
		put_said("signed by ", name.len ? name : signer);
	else
		say_colored(SAY_DIM, span_str("signed by nobody known"));
	put_said(", by ", jval_get_text(from, "via"));
	put_said(", source ", jval_get_text(from, "source"));
	say_printf("\n");
}

static void print_searched(const struct jval *view)
{
	unsigned long long held = render_number(view, "held");

	say_text(jval_get_text(view, "construct"));
	if (held) {
		say_printf(" (");
		render_count(held, "head");
		say_printf(" in quarantine)");
	}
	if (!render_flag(view, "complete"))
		say_printf(" (not all of it can be read)");
}

void render_searched(const struct jval *searched)
{
	const struct jval *view = jval_first(jval_get(searched, "searched"));

	say_printf(view ? "looked in " : "looked in no construct");
	for (; view; view = view->next) {
		print_searched(view);
		say_printf(view->next ? ", " : "");
	}
	say_printf("%s\n", render_flag(searched, "complete") ? "" :
		   "; something could not be read");
}
