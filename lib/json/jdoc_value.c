#include "lib/json/jdoc.h"

#include <limits.h>
#include <string.h>

#include "lib/json/number.h"

struct jval_walk jval_walk_begin(const struct jval *value)
{
	return (struct jval_walk){ .depth = 0, .last = value };
}

const struct jval *jval_walk_next(struct jval_walk *walk)
{
	const struct jval *at = jval_first(walk->last);

	if (at && walk->depth < JVAL_WALK_LEVELS)
		walk->next[walk->depth++] = at;
	walk->last = NULL;
	while (walk->depth && !walk->last) {
		at = walk->next[walk->depth - 1];
		if (at)
			walk->next[walk->depth - 1] = at->next;
		else
			walk->depth--;
		walk->last = at;
	}
	return walk->last;
}

void jval_walk_skip(struct jval_walk *walk)
{
	walk->last = NULL;
}

enum jval_type jval_type_of(const struct jval *value)
{
	return value ? value->type : JVAL_NULL;
}

bool jval_is(const struct jval *value, enum jval_type type)
{
	return value && value->type == type;
}

const struct jval *jval_first(const struct jval *container)
{
	if (!jval_is(container, JVAL_OBJECT) && !jval_is(container, JVAL_ARRAY))
		return NULL;
	return container->as.in.first;
}

size_t jval_count(const struct jval *container)
{
	return jval_first(container) ? container->as.in.count : 0;
}

const struct jval *jval_item(const struct jval *array, size_t index)
{
	const struct jval *item = NULL;

	if (jval_is(array, JVAL_ARRAY) && index < array->as.in.count)
		item = array->as.in.first;
	while (item && index--)
		item = item->next;
	return item;
}

static const struct jval *find_sorted(const struct jval *object,
				      struct span name)
{
	const struct jval *const *sorted = object->as.in.sorted;
	size_t low = 0;
	size_t high = object->as.in.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = span_compare(sorted[middle]->key, name);

		if (!order)
			return sorted[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct jval *jval_get_span(const struct jval *object, struct span name)
{
	const struct jval *member;

	if (!jval_is(object, JVAL_OBJECT))
		return NULL;
	if (object->as.in.sorted)
		return find_sorted(object, name);
	member = object->as.in.first;
	while (member && !span_equals(member->key, name))
		member = member->next;
	return member;
}

const struct jval *jval_get(const struct jval *object, const char *name)
{
	return jval_get_span(object, span_str(name));
}

static bool index_of(struct span text, size_t *out)
{
	size_t index = 0;
	size_t i;

	if (!text.len || text.len > 9)
		return false;
	for (i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		index = index * 10 + (size_t)(text.at[i] - '0');
	}
	*out = index;
	return true;
}

const struct jval *jval_at(const struct jval *value, const char *path)
{
	size_t index;

	while (value && path) {
		const char *dot = strchr(path, '.');
		struct span name = span_of(path, dot ? (size_t)(dot - path)
						     : strlen(path));

		if (value->type != JVAL_ARRAY)
			value = jval_get_span(value, name);
		else
			value = index_of(name, &index) ? jval_item(value, index)
						       : NULL;
		path = dot ? dot + 1 : NULL;
	}
	return value;
}

struct span jval_text(const struct jval *value)
{
	return jval_is(value, JVAL_STRING) ? value->as.text
					   : span_of(NULL, 0);
}

struct span jval_get_text(const struct jval *object, const char *name)
{
	return jval_text(jval_get(object, name));
}

bool jval_is_text(const struct jval *value, const char *text)
{
	return jval_is(value, JVAL_STRING) &&
	       span_equals(value->as.text, span_str(text));
}

bool jval_number(const struct jval *value, double *out)
{
	if (!jval_is(value, JVAL_NUMBER) || value->marks & JVAL_IS_NAN)
		return false;
	return number_parse(value->raw.at, value->raw.len, out) == 0;
}

bool jval_integer(const struct jval *value, long long *out)
{
	bool is_negative;
	long long sum = 0;
	size_t i;

	if (!jval_is(value, JVAL_NUMBER) || !(value->marks & JVAL_IS_INTEGER))
		return false;
	is_negative = value->raw.at[0] == '-';
	/* Summed below zero, where there is room for the smallest one too. */
	for (i = is_negative; i < value->raw.len; i++) {
		int digit = value->raw.at[i] - '0';

		if (sum < (LLONG_MIN + digit) / 10)
			return false;
		sum = sum * 10 - digit;
	}
	if (!is_negative && sum == LLONG_MIN)
		return false;
	*out = is_negative ? sum : -sum;
	return true;
}
