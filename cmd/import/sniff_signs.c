#include "cmd/import/sniff.h"

#include <stdio.h>

/* "x" in quotes, as it stands in a text that mentions it; "" when too long. */
static void quote(struct span name, char out[SNIFF_SIGN_MAX + 3])
{
	out[0] = '\0';
	if (name.len < SNIFF_SIGN_MAX)
		snprintf(out, SNIFF_SIGN_MAX + 3, "\"%.*s\"", (int)name.len,
			 name.at);
}

/* One of the alternatives of a word. */
static bool has_one(struct span text, struct span sign)
{
	char kind = sign.len ? *sign.at : '\0';
	char quoted[SNIFF_SIGN_MAX + 3];
	char *name = quoted + 1;

	if (kind == '*' || kind == '@')
		sign = span_of(sign.at + 1, sign.len - 1);
	quote(sign, quoted);
	if (kind == '*')
		return quoted[0] && sniff_mentions(text, quoted);
	if (!quoted[0])
		return false;
	name[sign.len] = '\0';
	return kind == '@' ? sniff_lines_have(text, name) :
		sniff_has(text, name);
}

static bool has_word(struct span text, struct span word)
{
	bool is_not = span_begins(word, "!");
	size_t at = is_not;
	size_t end;

	for (; at < word.len; at = end + 1) {
		for (end = at; end < word.len && word.at[end] != '|'; )
			end++;
		if (has_one(text, span_of(word.at + at, end - at)))
			return !is_not;
	}
	return is_not;
}

bool sniff_signs(struct span text, const char *signs)
{
	size_t len;

	for (; *signs; signs += len + (signs[len] == ' ')) {
		len = strcspn(signs, " ");
		if (!has_word(text, span_of(signs, len)))
			return false;
	}
	return true;
}

bool sniff_any(struct span text, const char *const *signs)
{
	while (*signs && !sniff_signs(text, *signs))
		signs++;
	return *signs != NULL;
}
