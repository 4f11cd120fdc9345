#include "cmd/import/gemini/takeout_internal.h"

#define VERB_BYTES 60		/* of one that nobody here knows, at most */
#define VERB_WORDS 4
#define PRODUCT_BYTES 60

size_t takeout_space(struct span text)
{
	static const char *const spaces[] = {
		" ", "\t", "\n", "\r", "\xc2\xa0", "\xe2\x80\xaf",
		"\xe2\x80\x89", NULL
	};
	size_t i;

	for (i = 0; spaces[i]; i++) {
		if (span_begins(text, spaces[i]))
			return strlen(spaces[i]);
	}
	return 0;
}

static struct span skip(struct span text, size_t len)
{
	return span_of(text.at + len, text.len - len);
}

static struct span skip_spaces(struct span text)
{
	size_t len;

	while ((len = takeout_space(text)))
		text = skip(text, len);
	return text;
}

/* Bytes of the colon that text begins with. */
static size_t colon_len(struct span text)
{
	return span_begins(text, ":") ? 1 :
	       span_begins(text, "\xef\xbc\x9a") ? 3 : 0;
}

/* --- products -------------------------------------------------------------- */

static bool is_plain_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static size_t count_words(struct span text)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < text.len; i++)
		n += !strchr(" -", text.at[i]) &&
		     (!i || strchr(" -", text.at[i - 1]));
	return n;
}

/*
 * "Gemini Apps", "Gemini-Apps", "Aplicaciones de Gemini", "Gemini アプリ": the
 * name is a brand, and stays as it is in all languages; what it was called
 * before too. Letters of another script may touch it. More than one word
 * behind it makes it another product.
 */
bool takeout_is_product(struct span name)
{
	static const char *const brands[] = { "Gemini", "Bard" };
	struct span behind;
	size_t at;
	size_t i;

	for (i = 0; name.len <= PRODUCT_BYTES && i < 2; i++) {
		at = span_find(name, brands[i], 0);
		if (at == SPAN_NOWHERE)
			continue;
		behind = skip(name, at + strlen(brands[i]));
		if ((!at || !is_plain_letter(name.at[at - 1])) &&
		    (!behind.len || !is_plain_letter(*behind.at)) &&
		    count_words(behind) <= 1 &&
		    count_words(span_of(name.at, at)) <= 2)
			return true;
	}
	return false;
}

/* Is a member `header` or `products`, or the heading of a cell, this one? */
static bool is_said_before(struct span text, size_t at)
{
	size_t from = at > 60 ? at - 60 : 0;
	struct span before = span_of(text.at + from, at - from);

	return span_has(before, "\"header\"") ||
	       span_has(before, "\"products\"") ||
	       span_has(before, "mdl-typography--title");
}

/* What stands between quotes or tags around this byte. */
static struct span words_around(struct span text, size_t at)
{
	size_t begin = at;
	size_t end = at;

	while (begin && at - begin < PRODUCT_BYTES &&
	       !strchr("\"<>", text.at[begin - 1]))
		begin--;
	while (end < text.len && end - at < PRODUCT_BYTES && text.at[end] &&
	       !strchr("\"<>", text.at[end]))
		end++;
	return span_of(text.at + begin, end - begin);
}

bool takeout_mentions_product(struct span head)
{
	static const char *const brands[] = { "Gemini", "Bard" };
	struct span words;
	size_t at;
	size_t i;

	for (i = 0; i < 2; i++) {
		for (at = span_find(head, brands[i], 0); at != SPAN_NOWHERE;
		     at = span_find(head, brands[i], at + 1)) {
			words = words_around(head, at);
			if (takeout_is_product(words) &&
			    is_said_before(head, (size_t)(words.at - head.at)))
				return true;
		}
	}
	return false;
}

/* --- verbs ------------------------------------------------------------------ */

/* Up to a colon near the begin, as other languages than English write it. */
static bool cut_at_colon(struct span title, struct span *out_verb,
			 struct span *out_prompt)
{
	size_t words = 1;
	size_t at = 0;
	size_t len;

	for (; at < title.len && at < VERB_BYTES; at += len) {
		struct span rest = skip(title, at);

		len = colon_len(rest);
		if (len && (len > 1 || takeout_space(skip(rest, len)))) {
			*out_verb = span_of(title.at, at);
			*out_prompt = skip_spaces(skip(rest, len));
			return at > 0;
		}
		len = takeout_space(rest);
		words += len && !colon_len(skip_spaces(rest));
		if (words > VERB_WORDS || strchr("?!.\n", title.at[at]))
			return false;
		len = len ? len : 1;
	}
	return false;
}

static struct span without_space_behind(struct span text)
{
	size_t i;

	for (i = text.len > 3 ? 3 : text.len; i; i--) {
		if (takeout_space(skip(text, text.len - i)) == i)
			return without_space_behind(
				span_of(text.at, text.len - i));
	}
	return text;
}

/* Other languages: with a colon. */
static enum takeout_kind translated_verb(struct span title,
					 struct span *out_verb,
					 struct span *out_prompt)
{
	static const char *const prompts[] = {
		"Prompt eingegeben", "Eingegebener Prompt",
		("Requ\xc3\xaate envoy\xc3\xa9" "e"), "Prompt",
	};
	size_t i;

	if (!cut_at_colon(title, out_verb, out_prompt)) {
		*out_verb = span_of(NULL, 0);
		*out_prompt = title;
		return TAKEOUT_UNKNOWN;
	}
	*out_verb = without_space_behind(*out_verb);
	for (i = 0; i < sizeof(prompts) / sizeof(prompts[0]); i++) {
		if (span_equals(*out_verb, span_str(prompts[i])))
			return TAKEOUT_PROMPT;
	}
	return TAKEOUT_UNKNOWN;
}

enum takeout_kind takeout_verb(struct span title, bool is_translated,
			       struct span *out_verb, struct span *out_prompt)
{
	static const struct {
		const char *word;
		enum takeout_kind kind;
	} verbs[] = {
		{ "Prompted", TAKEOUT_PROMPT }, { "Branched", TAKEOUT_PROMPT },
		{ "Answered", TAKEOUT_PROMPT }, { "Created", TAKEOUT_NOTE },
		{ "Added", TAKEOUT_NOTE }, { "Used", TAKEOUT_NOTE },
		{ "Gave feedback", TAKEOUT_NOTE }
	};
	struct span rest;
	size_t i;

	if (is_translated)
		return translated_verb(title, out_verb, out_prompt);
	for (i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		if (!span_begins(title, verbs[i].word))
			continue;
		rest = skip(title, strlen(verbs[i].word));
		if (span_begins(rest, ":"))
			rest = skip(rest, 1);
		if (rest.len && !takeout_space(rest))
			continue;
		*out_verb = span_str(verbs[i].word);
		*out_prompt = skip(rest, takeout_space(rest));
		return verbs[i].kind;
	}
	*out_verb = span_of(NULL, 0);
	*out_prompt = title;
	return TAKEOUT_UNKNOWN;
}
