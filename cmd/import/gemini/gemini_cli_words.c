#include "cmd/import/gemini/gemini_cli_internal.h"

#include "cmd/import/records/injected.h"
#include "cmd/import/records/rest.h"

/* What a person typed has a random id; this one is the hash of its words. */
static bool is_hash(struct span id)
{
	size_t i;

	for (i = 0; i < id.len; i++) {
		if (!id.at[i] || !strchr("0123456789abcdef", id.at[i]))
			return false;
	}
	return id.len == 32;
}

/* Is something in it the person's? */
static bool is_said(struct span text)
{
	struct injected pieces = INJECTED_INIT;
	bool is_some = false;
	size_t i;

	if (injected_split(text, &pieces, NULL) < 0)
		is_some = true;
	for (i = 0; i < pieces.n && !is_some; i++)
		is_some = injected_is_said(&pieces.at[i]);
	injected_release(&pieces);
	return is_some;
}

static struct span item_text(const struct jval *item)
{
	return jval_is(item, JVAL_STRING) ? jval_text(item) :
		jval_get_text(item, "text");
}

bool gemini_cli_is_injected(const struct jval *message)
{
	const struct jval *content = jval_get(message, "content");
	const struct jval *item = jval_is(content, JVAL_ARRAY) ?
		jval_first(content) : content;
	bool has_text = false;

	if (!jval_is_text(jval_get(message, "type"), "user"))
		return false;
	if (is_hash(jval_get_text(message, "id")))
		return true;
	for (; item; item = item == content ? NULL : item->next) {
		if (is_said(item_text(item)) || jval_get(item, "inlineData"))
			return false;
		has_text |= item_text(item).len > 0;
	}
	return has_text;
}

void gemini_cli_put_words(struct parts *parts, struct span text)
{
	struct injected pieces = INJECTED_INIT;
	const struct injected_piece *piece;
	int rc = injected_split(text, &pieces, NULL);
	size_t i;

	fields_fail(&parts->fields, rc, NULL);
	if (pieces.n < 2) {
		part_text(parts, text);
		injected_release(&pieces);
		return;
	}
	for (i = 0; i < pieces.n; i++) {
		piece = &pieces.at[i];
		if (injected_is_said(piece))
			part_text(parts, piece->inner);
		else
			part_said(parts, "injected", piece->text, NULL);
	}
	injected_release(&pieces);
}
