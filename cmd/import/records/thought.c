#include "cmd/import/records/thought.h"

#include <string.h>

#define DATA "data:"
#define BASE64 ";base64,"
#define MEDIA_MOST 256		/* bytes before the base64 begins */

static bool is_gap(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span skip_blanks(struct span text)
{
	while (text.len && is_gap(text.at[0]))
		text = span_of(text.at + 1, text.len - 1);
	return text;
}

static struct span cut_blanks(struct span text)
{
	text = skip_blanks(text);
	while (text.len && is_gap(text.at[text.len - 1]))
		text.len--;
	return text;
}

static bool split_tag(struct span text, const char *begin, const char *end,
		      struct span *out_thought, struct span *out_rest)
{
	struct span inner = skip_blanks(text);
	size_t at;

	if (!span_begins(inner, begin))
		return false;
	inner = span_of(inner.at + strlen(begin), inner.len - strlen(begin));
	at = span_find(inner, end, 0);
	if (at == SPAN_NOWHERE)
		return false;
	*out_thought = cut_blanks(span_of(inner.at, at));
	at += strlen(end);
	*out_rest = skip_blanks(span_of(inner.at + at, inner.len - at));
	return true;
}

bool thought_split(struct span text, struct span *out_thought,
		   struct span *out_rest)
{
	return split_tag(text, "<think>", "</think>", out_thought,
			 out_rest) ||
	       split_tag(text, "<thinking>", "</thinking>", out_thought,
			 out_rest);
}

bool data_url_split(struct span text, struct span *out_media,
		    struct span *out_base64)
{
	struct span head = span_of(text.at, text.len < MEDIA_MOST ? text.len :
				   MEDIA_MOST);
	size_t at;

	if (!span_begins(text, DATA))
		return false;
	at = span_find(head, BASE64, 0);
	if (at == SPAN_NOWHERE)
		return false;
	*out_media = span_of(text.at + strlen(DATA), at - strlen(DATA));
	at += strlen(BASE64);
	*out_base64 = span_of(text.at + at, text.len - at);
	return true;
}
