#include "cmd/import/secrets/secret.h"

#include "lib/json/jcs_scan.h"
#include "lib/json/lex.h"

#define NAME_MOST 64		/* bytes of a name that is looked at */
#define PART_DEPTH 2		/* of an object in a list of the record */

struct settings {
	struct buf *out;
	uint64_t n;		/* that were left out */
};

static struct span name_within(struct span object)
{
	static const char *const names[] = { "name", "Name", "key", "Key" };
	struct span text = span_of("", 0);
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (jcs_find_string(object, names[i], &text))
			break;
	}
	return text;
}

/* Does the value hold a text, itself or anywhere in it? */
static bool has_text(struct span value, bool is_deep)
{
	const char *end = value.at + value.len;
	const char *at = value.at;

	if (jcs_type_of(value) == JCS_STRING)
		return value.len > 2;
	if (!is_deep)
		return false;
	while ((at = memchr(at, '"', (size_t)(end - at)))) {
		const char *from = at;

		at = lex_skip_string(at + 1, end);
		if (!at)
			return false;
		if ((at == end || *at != ':') && at - from > 2)
			return true;
	}
	return false;
}

/* Beside its likelihood a "token" is a piece of what a model said. */
static bool is_left_out(struct span object, struct span name,
			struct span value)
{
	bool is_token;
	struct span other;

	if (span_equals(name, span_str("value")) ||
	    span_equals(name, span_str("Value")))
		name = name_within(object);
	if (!secret_is_setting(name))
		return false;
	is_token = span_ends(name, "oken");
	if (is_token && jcs_find(object, "logprob", &other))
		return false;
	return has_text(value, !is_token);
}

static void copy_value(struct settings *settings, struct span value,
		       unsigned depth, bool is_native);

static void copy_members(struct settings *settings, struct span object,
			 unsigned depth, bool is_native)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct buf *out = settings->out;
	bool is_first = true;
	struct span name;
	struct span value;

	buf_put_char(out, '{');
	while (jcs_next(&iter, &name, &value)) {
		if (is_native && is_left_out(object, name, value)) {
			settings->n++;
			continue;
		}
		buf_put_str(out, is_first ? "\"" : ",\"");
		buf_put_span(out, name);
		buf_put_str(out, "\":");
		copy_value(settings, value, depth + 1, is_native ||
			   (depth <= PART_DEPTH &&
			    span_equals(name, span_str("native"))));
		is_first = false;
	}
	buf_put_char(out, '}');
}

/* Recursion goes as deep as canonical JSON does. */
static void copy_value(struct settings *settings, struct span value,
		       unsigned depth, bool is_native)
{
	struct jcs_iter iter;
	struct span item;
	bool is_first = true;

	if (jcs_type_of(value) == JCS_OBJECT) {
		copy_members(settings, value, depth, is_native);
	} else if (jcs_type_of(value) == JCS_ARRAY) {
		iter = jcs_iter_array(value);
		buf_put_char(settings->out, '[');
		while (jcs_next(&iter, NULL, &item)) {
			buf_put_str(settings->out, is_first ? "" : ",");
			copy_value(settings, item, depth + 1, is_native);
			is_first = false;
		}
		buf_put_char(settings->out, ']');
	} else {
		buf_put_span(settings->out, value);
	}
}

/* Is any of its strings such a name? Most records have none, and are not
 * copied. */
static bool may_have_one(struct span json)
{
	const char *end = json.at + json.len;
	const char *at = json.at;
	const char *from;

	while ((at = memchr(at, '"', (size_t)(end - at)))) {
		from = at + 1;
		at = lex_skip_string(from, end);
		if (!at)
			return false;
		if (at - from <= NAME_MOST &&
		    secret_is_setting(span_of(from, (size_t)(at - 1 - from))))
			return true;
	}
	return false;
}

int secrets_out_of_settings(struct span json, struct buf *out, uint64_t *out_n,
			    struct err *err)
{
	struct settings settings = { .out = out };

	*out_n = 0;
	if (!may_have_one(json))
		return 0;
	copy_value(&settings, json, 0, false);
	if (!settings.n)
		buf_reset(out);
	*out_n = settings.n;
	return buf_end(out, err);
}
