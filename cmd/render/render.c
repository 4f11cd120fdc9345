#include "cmd/render/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/cli/say.h"
#include "lib/base/text.h"
#include "lib/id/did.h"

void render_device(const struct jval *object, const char *did)
{
	struct span text = jval_get_text(object, did);
	struct span name = jval_get_text(object, "name");

	if (span_begins(text, DID_PREFIX))
		text = span_of(text.at + strlen(DID_PREFIX),
			       text.len - strlen(DID_PREFIX));
	text = text_cut(text, SHORT_DID_CHARS);
	if (name.len) {
		say_text(name);
		say_printf(" (");
	}
	say_text(text);
	if (name.len)
		say_printf(")");
}

/* What stands between braces: a path, then how wide. */
static void print_member(const struct jval *object, struct span words)
{
	char path[64];
	const struct jval *value;
	struct span text = span_of("", 0);
	size_t path_len;
	size_t width;
	char how;

	if (span_equals(words, span_str("@"))) {
		say_handle();
		return;
	}
	if (span_equals(words, span_str("who"))) {
		render_device(object, "device");
		return;
	}
	if (span_equals(words, span_str("construct"))) {
		say_text(render_called(object));
		return;
	}
	snprintf(path, sizeof(path), "%.*s", (int)words.len, words.at);
	path_len = strcspn(path, ":<");
	how = path[path_len];
	width = how ? strtoul(path + path_len + 1, NULL, 10) : 0;
	path[path_len] = '\0';
	value = jval_at(object, path);
	if (jval_is(value, JVAL_STRING))
		text = jval_text(value);
	else if (jval_is(value, JVAL_NUMBER))
		text = value->raw;
	if (how == ':' && span_begins(text, DID_PREFIX))
		text = span_of(text.at + strlen(DID_PREFIX),
			       text.len - strlen(DID_PREFIX));
	say_text(how == ':' ? text_cut(text, width) : text);
	if (how == '<' && text.len < width)
		say_printf("%*s", (int)(width - text.len), "");
}

void render_line(const struct jval *object, const char *format)
{
	size_t len;

	while (*format) {
		len = strcspn(format, "{");
		say_printf("%.*s", (int)len, format);
		format += len;
		if (!*format)
			break;
		len = strcspn(++format, "}");
		print_member(object, span_of(format, len));
		format += len + 1;
	}
}

struct span render_called(const struct jval *object)
{
	struct span called = jval_get_text(object, "called");

	return called.len ? called : jval_get_text(object, "construct");
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
