#include "cmd/render/render.h"

#include "cmd/cli/say.h"
#include "lib/base/text.h"
#include "lib/id/did.h"

void render_text(const struct jval *object, const char *name)
{
	say_text(jval_get_text(object, name));
}

void render_short(const struct jval *object, const char *name, size_t max)
{
	say_text(text_cut(jval_get_text(object, name), max));
}

void render_device(const struct jval *object, const char *name)
{
	struct span did = jval_get_text(object, name);
	size_t skipped = span_begins(did, DID_PREFIX) ? strlen(DID_PREFIX) : 0;

	say_text(text_cut(span_of(did.at + skipped, did.len - skipped),
			  SHORT_DEVICE_CHARS));
}

unsigned long long render_number(const struct jval *object, const char *name)
{
	long long number;

	return jval_integer(jval_get(object, name), &number) ?
	       (unsigned long long)number : 0;
}

bool render_flag(const struct jval *object, const char *name)
{
	return jval_is(jval_get(object, name), JVAL_TRUE);
}

void render_value(const struct jval *value, size_t max)
{
	struct span all = jval_is(value, JVAL_STRING) ? jval_text(value) :
			  value->raw;
	struct span shown = text_cut(all, max);

	say_text(shown);
	if (shown.len < all.len)
		say_printf("...");
}
