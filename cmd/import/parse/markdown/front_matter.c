#include "cmd/import/parse/markdown/front_matter.h"

#include <strings.h>

#define BOM "\xef\xbb\xbf"

static struct span trim_blanks(struct span text)
{
	while (text.len && strchr(" \t\r\n", text.at[text.len - 1]) &&
	       text.at[text.len - 1])
		text.len--;
	while (text.len && (*text.at == ' ' || *text.at == '\t' ||
			    *text.at == '\n' || *text.at == '\r'))
		text = span_of(text.at + 1, text.len - 1);
	return text;
}

static bool is_mark(struct span line, const char *mark)
{
	while (line.len && (line.at[line.len - 1] == ' ' ||
			    line.at[line.len - 1] == '\r'))
		line.len--;
	return span_equals(line, span_str(mark));
}

struct front_matter front_matter_split(struct span text)
{
	struct front_matter none = { { NULL, 0 }, { NULL, 0 } };
	struct front_matter out = none;
	struct span rest;
	struct span line;
	const char *mark;

	if (span_begins(text, BOM))
		text = span_of(text.at + 3, text.len - 3);
	none.body = text;
	rest = text;
	line = span_take_line(&rest);
	mark = is_mark(line, "---") ? "---" : "+++";
	if (!is_mark(line, mark))
		return none;
	out.text = span_of(rest.at, 0);
	while (rest.len && out.text.len <= FRONT_MATTER_MAX) {
		line = span_take_line(&rest);
		if (is_mark(line, mark) ||
		    (*mark == '-' && is_mark(line, "..."))) {
			out.body = rest;
			return out;
		}
		out.text.len = (size_t)(rest.at - out.text.at);
	}
	return none;
}

/* Without what is said to people only, behind a blank; and without quotes. */
static struct span plain_value(struct span value)
{
	char quote;
	size_t i;

	value = trim_blanks(value);
	quote = value.len ? *value.at : '\0';
	if (quote == '"' || quote == '\'') {
		for (i = 1; i < value.len && value.at[i] != quote; i++)
			;
		return i < value.len ? span_of(value.at + 1, i - 1) : value;
	}
	for (i = 0; i < value.len; i++) {
		if (value.at[i] == '#' && (i == 0 || value.at[i - 1] == ' '))
			break;
	}
	/* A tag that somebody wrote as one is no comment. */
	return i ? trim_blanks(span_of(value.at, i)) : value;
}

/* "name: value" or "name = value" at the begin of a line. */
static bool is_member(struct span line, const char *const *names,
		      struct span *out_value)
{
	struct span name = line;
	size_t at = 0;

	while (at < line.len && line.at[at] != ':' && line.at[at] != '=')
		at++;
	if (!at || at == line.len || *line.at == ' ' || *line.at == '\t' ||
	    *line.at == '-')
		return false;
	name = plain_value(span_of(line.at, at));
	for (; *names; names++) {
		if (name.len == strlen(*names) &&
		    !strncasecmp(name.at, *names, name.len))
			break;
	}
	*out_value = span_of(line.at + at + 1, line.len - at - 1);
	return *names != NULL;
}

/* Leaves in *rest what follows the member. */
static bool find_member(struct span *rest, const char *const *names,
			struct span *out_value)
{
	while (rest->len) {
		if (is_member(span_take_line(rest), names, out_value))
			return true;
	}
	return false;
}

struct span front_matter_get(struct span text, const char *const *names)
{
	struct span value;

	return find_member(&text, names, &value) ? plain_value(value) :
	       span_of(NULL, 0);
}

static int give(const struct front_matter_visitor *visitor, struct span value)
{
	value = plain_value(value);
	return value.len ? visitor->item(visitor->arg, value) : 0;
}

/* [a, "b, c"], or one value alone. */
static int each_inline(struct span list,
		       const struct front_matter_visitor *visitor)
{
	char quote = '\0';
	size_t begin = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < list.len; i++) {
		if (quote)
			quote = list.at[i] == quote ? '\0' : quote;
		else if (list.at[i] == '"' || list.at[i] == '\'')
			quote = list.at[i];
		else if (list.at[i] == ',') {
			rc = give(visitor, span_of(list.at + begin, i - begin));
			begin = i + 1;
		}
	}
	return rc ? rc : give(visitor, span_of(list.at + begin,
					       list.len - begin));
}

/* Lines "- a" up to the next member. */
static int each_below(struct span rest,
		      const struct front_matter_visitor *visitor)
{
	struct span line;
	int rc = 0;

	while (rc == 0 && rest.len) {
		line = trim_blanks(span_take_line(&rest));
		if (line.len && (line.len < 2 || !span_begins(line, "- ")))
			break;
		if (line.len)
			rc = give(visitor, span_of(line.at + 2, line.len - 2));
	}
	return rc;
}

int front_matter_each(struct span text, const char *const *names,
		      const struct front_matter_visitor *visitor)
{
	struct span value;
	size_t end;

	if (!find_member(&text, names, &value))
		return 0;
	value = trim_blanks(value);
	if (!value.len)
		return each_below(text, visitor);
	if (*value.at == '[') {
		/* A list may go on over several lines. */
		value.len = (size_t)(text.at - value.at) + text.len;
		end = span_find(value, "]", 0);
		value = span_of(value.at + 1, (end == SPAN_NOWHERE ?
					       value.len : end) - 1);
	}
	return each_inline(value, visitor);
}
