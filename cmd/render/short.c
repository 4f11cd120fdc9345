#include <string.h>

#include "cmd/render/render.h"
#include "lib/base/buf.h"
#include "lib/base/text.h"

static bool is_words(const struct jval *list)
{
	const struct jval *item = jval_first(list);

	while (item && jval_is(item, JVAL_STRING))
		item = item->next;
	return !item;
}

static void say_list(const struct jval *list, size_t max)
{
	const struct jval *item = jval_first(list);
	struct buf all = BUF_INIT(BUF_NO_LIMIT);
	struct span cut;

	for (; item; item = item->next) {
		buf_put_str(&all, all.len ? ", " : "");
		buf_put_span(&all, jval_text(item));
	}
	cut = text_cut(buf_span(&all), max);
	say_text(cut);
	if (cut.len < all.len)
		say_printf("...");
	buf_release(&all);
}

/* "3 blocks", "1 block": a list is called what it is a list of, mostly. */
static void say_count(const struct jval *value, struct span name)
{
	size_t n = jval_count(value);

	if (jval_is(value, JVAL_OBJECT) || name.len < 2 ||
	    name.at[name.len - 1] != 's')
		name = span_str(jval_is(value, JVAL_OBJECT) ? "fields" :
				"items");
	if (n == 1)
		name.len--;
	say_printf("%zu ", n);
	say_text(name);
}

void render_short(const struct jval *value, struct span name, size_t max)
{
	if (jval_is(value, JVAL_ARRAY) && !jval_first(value))
		say_printf("none");
	else if (jval_is(value, JVAL_ARRAY) && is_words(value))
		say_list(value, max);
	else if (jval_is(value, JVAL_ARRAY) || jval_is(value, JVAL_OBJECT))
		say_count(value, name);
	else
		render_value(value, max);
}
