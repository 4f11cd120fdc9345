#include "cmd/import/input/begun.h"

#include <stdint.h>

#include "lib/json/lex.h"

#define DEPTH_MAX 1024

struct begun {
	const char *at;
	const char *end;
	char open[DEPTH_MAX];	/* "{" and "[" */
	size_t depth;
	size_t lists;		/* of them */
	bool is_name;		/* a string that comes is a member's name */
	const char *whole;	/* behind the last thing that is */
	size_t whole_depth;	/* what was open there, a list last if at all */
};

static bool in_object(const struct begun *begun)
{
	return begun->depth && begun->open[begun->depth - 1] == '{';
}

/* A value ends here: is it one that counts? */
static void value_ends(struct begun *begun)
{
	if (!begun->depth || begun->lists > 1 ||
	    (begun->lists && in_object(begun)))
		return;
	begun->whole = begun->at;
	begun->whole_depth = begun->depth;
}

static bool open_value(struct begun *begun, char c)
{
	if (begun->depth == DEPTH_MAX)
		return false;
	begun->open[begun->depth++] = c;
	begun->lists += c == '[';
	begun->is_name = c == '{';
	begun->at++;
	return true;
}

static bool close_value(struct begun *begun)
{
	if (!begun->depth)
		return false;
	begun->lists -= begun->open[--begun->depth] == '[';
	begun->at++;
	value_ends(begun);
	return true;
}

static bool pass_text(struct begun *begun)
{
	const char *behind = lex_skip_string(begun->at + 1, begun->end);

	if (!behind)
		return false;
	begun->at = behind;
	if (!begun->is_name)
		value_ends(begun);
	begun->is_name = false;
	return true;
}

/* A number or a word; at the end it may go on. */
static bool pass_word(struct begun *begun)
{
	while (begun->at < begun->end && !lex_is_space(*begun->at) &&
	       *begun->at != ',' && *begun->at != '}' && *begun->at != ']')
		begun->at++;
	if (begun->at == begun->end)
		return false;
	value_ends(begun);
	return true;
}

static bool pass_one(struct begun *begun)
{
	char c = *begun->at;

	if (c == '{' || c == '[')
		return open_value(begun, c);
	if (c == '}' || c == ']')
		return close_value(begun);
	if (c == '"')
		return pass_text(begun);
	if (c != ',' && c != ':' && !lex_is_space(c))
		return pass_word(begun);
	if (c == ',')
		begun->is_name = in_object(begun);
	begun->at++;
	return true;
}

void begun_put(struct span begin, struct buf *out, size_t *out_len)
{
	struct begun begun = {
		.at = begin.at, .end = begin.at + begin.len,
	};

	*out_len = 0;
	if (span_begins(begin, "\xef\xbb\xbf"))
		begun.at += 3;
	while (begun.at < begun.end && pass_one(&begun))
		;
	if (!begun.whole)
		return;
	*out_len = (size_t)(begun.whole - begin.at);
	buf_put(out, begin.at, *out_len);
	while (begun.whole_depth)
		buf_put_char(out, begun.open[--begun.whole_depth] == '{' ?
			     '}' : ']');
}
