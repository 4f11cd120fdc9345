#include "cmd/import/parse/html.h"

#include <stdint.h>
#include <strings.h>

#include "cmd/import/parse/html_entity.h"
#include "lib/base/utf8.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word(struct span text, const char *word)
{
	return text.len == strlen(word) &&
	       !strncasecmp(text.at, word, text.len);
}

/* What is left from a place on. */
static struct span rest(const struct html_reader *reader, size_t at)
{
	return span_of(reader->html.at + at, reader->html.len - at);
}

static size_t html_find(const struct html_reader *reader, size_t at, char c)
{
	struct span left = rest(reader, at);
	const char *found = left.len ? memchr(left.at, c, left.len) : NULL;

	return found ? (size_t)(found - reader->html.at) : reader->html.len;
}

/* Quotes count only where a value begins: <p it's> is a whole tag. */
static size_t find_tag_end(const struct html_reader *reader, size_t at)
{
	struct span html = reader->html;
	char before = '\0';

	for (; at < html.len && html.at[at] != '>'; at++) {
		char c = html.at[at];

		if ((c == '"' || c == '\'') && before == '=') {
			at = html_find(reader, at + 1, c);
			if (at == html.len)
				return at;
		}
		if (!is_space(c))
			before = c;
	}
	return at;
}

/*
 * The '>' of the tag at this place. A quote that never ends is none from
 * there on, and without any '>' there are no more tags: each is found out
 * once, so that hostile text costs no more than linear time.
 */
static bool find_end(struct html_reader *reader, size_t at, size_t *out)
{
	if (!reader->ignores_quotes) {
		*out = find_tag_end(reader, at);
		if (*out < reader->html.len)
			return true;
		reader->ignores_quotes = true;
	}
	*out = html_find(reader, at, '>');
	if (*out < reader->html.len)
		return true;
	reader->has_only_text = true;
	return false;
}

/* "<!-- ... -->", "<!...>", "<?...>", "</3>": skip it; false if it is none
 * or never ends. */
static bool skip_comment(struct html_reader *reader)
{
	struct span left = rest(reader, reader->at);
	size_t end = reader->at + 4;

	if (left.len < 3 || (left.at[1] != '!' && left.at[1] != '?' &&
			     (left.at[1] != '/' || is_letter(left.at[2]))))
		return false;
	if (span_begins(left, "<!-->") || span_begins(left, "<!--->")) {
		reader->at = html_find(reader, reader->at, '>') + 1;
		return true;
	}
	if (!span_begins(left, "<!--"))
		end = html_find(reader, reader->at, '>');
	else
		while ((end = html_find(reader, end, '>')) < reader->html.len &&
		       memcmp(reader->html.at + end - 2, "--", 2) != 0)
			end++;
	if (end == reader->html.len) {
		reader->has_only_text = true;
		return false;
	}
	reader->at = end + 1;
	return true;
}

/* To the tag that ends the element, or to the end of all. */
static void skip_content(struct html_reader *reader)
{
	struct span name = reader->skipped;
	struct span left;

	reader->skipped = span_of(NULL, 0);
	for (;; reader->at++) {
		reader->at = html_find(reader, reader->at, '<');
		left = rest(reader, reader->at);
		if (!left.len)
			return;
		if (left.len > name.len + 2 && left.at[1] == '/' &&
		    !strncasecmp(left.at + 2, name.at, name.len) &&
		    !is_letter(left.at[2 + name.len]))
			return;
	}
}

static bool take_tag(struct html_reader *reader, struct html_token *out)
{
	struct span left = rest(reader, reader->at);
	bool is_end = left.len > 1 && left.at[1] == '/';
	size_t begin = reader->at + 1 + is_end;
	size_t at = begin;
	size_t end;

	if (begin >= reader->html.len || !is_letter(reader->html.at[begin]) ||
	    !find_end(reader, begin, &end))
		return false;
	while (at < end && !is_space(reader->html.at[at]) &&
	       reader->html.at[at] != '/')
		at++;
	out->kind = is_end ? HTML_END : HTML_START;
	out->whole = span_of(left.at, end + 1 - reader->at);
	out->name = span_of(reader->html.at + begin, at - begin);
	out->attributes = is_end ? span_of(NULL, 0) :
			  span_of(reader->html.at + at, end - at);
	reader->at = end + 1;
	if (!is_end && (html_is(out, "script") || html_is(out, "style") ||
			html_is(out, "title")))
		reader->skipped = out->name;
	return true;
}

bool html_next(struct html_reader *reader, struct html_token *out)
{
	size_t begin, end;

	if (reader->skipped.at)
		skip_content(reader);
	while (reader->at < reader->html.len) {
		if (reader->has_only_text || reader->html.at[reader->at] != '<')
			break;
		if (skip_comment(reader))
			continue;
		if (!reader->has_only_text && take_tag(reader, out))
			return true;
		break;
	}
	begin = reader->at;
	if (begin >= reader->html.len)
		return false;
	end = reader->has_only_text ? reader->html.len
				    : html_find(reader, begin + 1, '<');
	out->kind = HTML_TEXT;
	out->whole = span_of(reader->html.at + begin, end - begin);
	out->name = span_of(NULL, 0);
	out->attributes = span_of(NULL, 0);
	reader->at = end;
	return true;
}

bool html_is(const struct html_token *token, const char *name)
{
	return token->kind != HTML_TEXT && is_word(token->name, name);
}

/* --- Attributes ----------------------------------------------------------- */

static struct span take_value(struct span text, size_t *at)
{
	char quote = *at < text.len ? text.at[*at] : '\0';
	size_t begin = *at;

	if (quote == '"' || quote == '\'') {
		const char *end = memchr(text.at + begin + 1, quote,
					 text.len - begin - 1);

		begin++;
		*at = end ? (size_t)(end - text.at) : text.len;
		return span_of(text.at + begin, (*at)++ - begin);
	}
	while (*at < text.len && !is_space(text.at[*at]))
		(*at)++;
	return span_of(text.at + begin, *at - begin);
}

static void skip_space(struct span text, size_t *at)
{
	while (*at < text.len && is_space(text.at[*at]))
		(*at)++;
}

struct span html_attribute(const struct html_token *token, const char *name)
{
	struct span text = token->attributes;
	struct span key, value;
	size_t at = 0;
	size_t begin;

	while (at < text.len) {
		begin = at;
		while (at < text.len && !is_space(text.at[at]) &&
		       text.at[at] != '=' && text.at[at] != '/')
			at++;
		key = span_of(text.at + begin, at - begin);
		skip_space(text, &at);
		value = span_of("", 0);
		if (at < text.len && text.at[at] == '=') {
			at++;
			skip_space(text, &at);
			value = take_value(text, &at);
		} else if (at < text.len && text.at[at] == '/') {
			at++;
		}
		if (is_word(key, name))
			return value;
	}
	return span_of(NULL, 0);
}

bool html_has_class(const struct html_token *token, const char *word)
{
	struct span classes = html_attribute(token, "class");
	size_t len = strlen(word);
	size_t at = 0;
	size_t begin;

	while (at < classes.len) {
		skip_space(classes, &at);
		begin = at;
		while (at < classes.len && !is_space(classes.at[at]))
			at++;
		if (at - begin == len && !memcmp(classes.at + begin, word, len))
			return true;
	}
	return false;
}

/* --- Entities ------------------------------------------------------------- */

int html_decode(struct span text, struct buf *out, struct err *err)
{
	const char *at = text.len ? text.at : "";
	const char *end = at + text.len;
	char bytes[UTF8_MAX];
	uint32_t point = 0;
	size_t len;
	int rc = 0;

	while (rc == 0 && at < end) {
		const char *next = memchr(at, '&', (size_t)(end - at));

		if (next != at) {
			next = next ? next : end;
			rc = buf_add(out, at, (size_t)(next - at), err);
			at = next;
			continue;
		}
		len = html_entity(span_of(at, (size_t)(end - at)), &point);
		rc = len ? buf_add(out, bytes, utf8_encode(point, bytes), err)
			 : buf_add_char(out, '&', err);
		at += len ? len : 1;
	}
	return rc;
}
