#include "cmd/import/parse/brackets.h"
#include "cmd/import/sniff.h"
#include "lib/base/utf8.h"
#include "lib/json/lex.h"

#define BOM "\xef\xbb\xbf"

static struct span without_space(struct span text)
{
	const char *at = text.at;

	if (text.len)
		at = lex_skip_space(at, at + text.len);
	return span_of(at, text.len - (size_t)(at - text.at));
}

static struct span without_mark(struct span text)
{
	if (span_begins(text, BOM))
		text = span_of(text.at + strlen(BOM), text.len - strlen(BOM));
	return text;
}

struct span sniff_line(struct span text, size_t number)
{
	struct span rest = without_space(without_mark(text));
	const char *end;
	size_t len;

	while (rest.len && number) {
		end = memchr(rest.at, '\n', rest.len);
		len = end ? (size_t)(end - rest.at) : rest.len;
		if (!--number)
			return span_of(rest.at, len);
		rest = without_space(span_of(rest.at + len, rest.len - len));
	}
	return span_of(NULL, 0);
}

bool sniff_lines_have(struct span text, const char *path)
{
	struct span rest = without_mark(text);
	struct span line = sniff_line(rest, 1);
	size_t number;

	for (number = 0; line.at && number < SNIFF_LINES_MAX; number++) {
		if (sniff_has(line, path))
			return true;
		rest = span_of(line.at + line.len,
			       (size_t)(text.at + text.len - line.at) -
			       line.len);
		line = sniff_line(rest, 1);
	}
	return false;
}

/* Does the object end with the line? */
static bool is_whole(struct span line)
{
	char last[BRACKETS_STEP] = "";
	size_t steps = line.len - line.len % BRACKETS_STEP;
	struct brackets brackets;
	size_t end;

	brackets_begin(&brackets, *line.at);
	end = brackets_scan(&brackets, line.at, steps);
	if (!end) {
		memcpy(last, line.at + steps, line.len - steps);
		end = brackets_scan(&brackets, last, sizeof(last));
		end += end ? steps : 0;
	}
	return end && !without_space(span_of(line.at + end,
					     line.len - end)).len;
}

bool sniff_is_lines(struct span text)
{
	struct span first = sniff_line(text, 1);
	struct span second = sniff_line(text, 2);

	return first.len && *first.at == '{' && is_whole(first) &&
	       second.len && *second.at == '{';
}

static bool begins_with(struct span text, const char *bytes, size_t len)
{
	return text.len >= len && !memcmp(text.at, bytes, len);
}

const char *sniff_encoding(struct span text)
{
	static const struct {
		const char *name;
		size_t len;
		char bytes[4];
	} begins[] = {
		{ "UTF-32", 4, { '\xff', '\xfe', 0, 0 } },
		{ "UTF-32", 4, { 0, 0, '\xfe', '\xff' } },
		{ "UTF-16", 2, { '\xff', '\xfe' } },
		{ "UTF-16", 2, { '\xfe', '\xff' } },
		{ "UTF-32", 4, { '{', 0, 0, 0 } },
		{ "UTF-32", 4, { '[', 0, 0, 0 } },
		{ "UTF-32", 4, { 0, 0, 0, '{' } },
		{ "UTF-32", 4, { 0, 0, 0, '[' } },
		{ "UTF-16", 2, { '{', 0 } },
		{ "UTF-16", 2, { '[', 0 } },
		{ "UTF-16", 2, { 0, '{' } },
		{ "UTF-16", 2, { 0, '[' } },
	};
	size_t i;

	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (begins_with(text, begins[i].bytes, begins[i].len))
			return begins[i].name;
	}
	return NULL;
}

bool sniff_any_line(struct span text, bool (*is_one)(struct span line))
{
	const char *end;
	size_t len;
	size_t i;

	for (i = 0; i < SNIFF_LINES_MAX && text.len; i++) {
		end = memchr(text.at, '\n', text.len);
		len = end ? (size_t)(end - text.at) : text.len;
		if (is_one(span_of(text.at, len)))
			return true;
		len += end != NULL;
		text = span_of(text.at + len, text.len - len);
	}
	return false;
}
