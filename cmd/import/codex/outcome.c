#include "cmd/import/codex/draft_internal.h"

#define HEAD_MAX 512		/* where tools tell how they ended */

/* A number behind a word in what a tool tells first, other than 0. */
static bool has_code(struct span head, const char *word)
{
	size_t at = span_find(head, word, 0);

	if (at == SPAN_NOWHERE)
		return false;
	at += strlen(word);
	return at < head.len && (head.at[at] == '-' ||
				 (head.at[at] > '0' && head.at[at] <= '9'));
}

/* {"output":"...","metadata":{"exit_code":1}}, a text of older ones. */
static bool is_failed_json(struct span text)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct jdoc *doc = NULL;
	long long code = 0;

	if (!span_begins(text, "{") || !span_has(text, "\"exit_code\"") ||
	    jdoc_parse(text, &options, &doc, NULL) < 0)
		return false;
	(void)jval_integer(jval_at(jdoc_root(doc), "metadata.exit_code"),
			   &code);
	jdoc_free(doc);
	return code != 0;
}

bool codex_output_failed(const struct jval *output, struct span text)
{
	size_t len = text.len < HEAD_MAX ? text.len : HEAD_MAX;
	struct span head = span_of(text.at, len);
	size_t end = span_find(head, "\nOutput:", 0);

	if (jval_is(jval_get(output, "success"), JVAL_FALSE))
		return true;
	if (span_begins(head, "Script failed"))
		return true;
	if (end == SPAN_NOWHERE)
		return is_failed_json(text);
	head.len = end;
	return has_code(head, "Exit code: ") ||
	       has_code(head, "Process exited with code ");
}
