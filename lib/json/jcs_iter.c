#include "lib/json/jcs_scan.h"

#include "lib/json/jcs_escape.h"
#include "lib/json/lex.h"
#include "lib/json/number.h"

#define INTEGER_DIGITS 16	/* 2^53 has so many */

/* The text was checked, or else it is only not to be read beyond. */
static const char *skip_string(const char *at, const char *end)
{
	at = lex_skip_string(at, end);
	return at ? at : end;
}

static const char *skip_container(const char *at, const char *end)
{
	size_t depth = 0;

	while (at < end) {
		char c = *at++;

		if (c == '"')
			at = skip_string(at, end);
		else if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			break;
	}
	return at;
}

static const char *skip_value(const char *at, const char *end)
{
	if (at >= end)
		return end;
	if (*at == '"')
		return skip_string(at + 1, end);
	if (*at == '{' || *at == '[')
		return skip_container(at, end);
	while (at < end && *at != ',' && *at != '}' && *at != ']')
		at++;
	return at;
}

enum jcs_type jcs_type_of(struct span value)
{
	if (!value.len)
		return JCS_NONE;
	switch (value.at[0]) {
	case '{':
		return JCS_OBJECT;
	case '[':
		return JCS_ARRAY;
	case '"':
		return JCS_STRING;
	case 't':
		return JCS_TRUE;
	case 'f':
		return JCS_FALSE;
	case 'n':
		return JCS_NULL;
	default:
		return JCS_NUMBER;
	}
}

static struct jcs_iter iter_of(struct span value, bool is_object)
{
	struct jcs_iter iter = { value.at, value.at, is_object };

	if (value.len < 2 || value.at[0] != (is_object ? '{' : '['))
		return iter;
	iter.at = value.at + 1;
	iter.end = value.at + value.len - 1;
	return iter;
}

struct jcs_iter jcs_iter_object(struct span object)
{
	return iter_of(object, true);
}

struct jcs_iter jcs_iter_array(struct span array)
{
	return iter_of(array, false);
}

/* From the quote of a key to behind its colon. */
static struct span take_name(struct jcs_iter *iter)
{
	const char *from = iter->at + 1;

	if (from > iter->end)
		from = iter->end;
	iter->at = skip_string(from, iter->end);
	if (iter->at < iter->end)
		iter->at++;
	if (iter->at - from < 2)
		return span_of(from, 0);
	return span_of(from, (size_t)(iter->at - from) - 2);
}

bool jcs_next(struct jcs_iter *iter, struct span *name, struct span *value)
{
	struct span key = span_of(NULL, 0);
	const char *from;

	if (iter->at >= iter->end)
		return false;
	if (iter->is_object)
		key = take_name(iter);
	from = iter->at;
	iter->at = skip_value(from, iter->end);
	if (name)
		*name = key;
	if (value)
		*value = span_of(from, (size_t)(iter->at - from));
	if (iter->at < iter->end)
		iter->at++;
	return true;
}

bool jcs_find(struct span object, const char *name, struct span *value)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct span wanted = span_str(name);
	struct span key;

	while (jcs_next(&iter, &key, value)) {
		if (span_equals(key, wanted))
			return true;
	}
	*value = span_of(NULL, 0);
	return false;
}

bool jcs_find_string(struct span object, const char *name, struct span *text)
{
	struct span value;

	jcs_find(object, name, &value);
	*text = jcs_string_inner(value);
	return text->at != NULL;
}

struct span jcs_string_inner(struct span value)
{
	if (value.len < 2 || value.at[0] != '"')
		return span_of(NULL, 0);
	return span_of(value.at + 1, value.len - 2);
}

bool jcs_string_is_plain(struct span value)
{
	struct span inner = jcs_string_inner(value);

	return inner.at && !memchr(inner.at, '\\', inner.len);
}

int jcs_string_decode(struct span value, struct buf *out, struct err *err)
{
	struct span inner = jcs_string_inner(value);

	if (!inner.at)
		return err_set(err, ERR_INVALID, "not a JSON string");
	return jcs_inner_decode(inner, out, err);
}

bool jcs_integer(struct span value, int64_t *out)
{
	bool is_negative = value.len && value.at[0] == '-';
	int64_t sum = 0;
	size_t i = is_negative;

	if (value.len == i || value.len - i > INTEGER_DIGITS)
		return false;
	for (; i < value.len; i++) {
		if (value.at[i] < '0' || value.at[i] > '9')
			return false;
		sum = sum * 10 + (value.at[i] - '0');
	}
	if (sum > NUMBER_INTEGER_MAX)
		return false;
	*out = is_negative ? -sum : sum;
	return true;
}

bool jcs_is_text(struct span value, const char *text)
{
	struct span inner = jcs_string_inner(value);

	return inner.at && span_equals(inner, span_str(text));
}
