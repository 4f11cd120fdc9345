#include "refs/index/words/part_gist.h"

#include "lib/json/jcs_words.h"
#include "lib/json/jdoc.h"

#define WORDS_MAX 64	/* of a command, or names of files */

/* A text; nothing of what is none. The input is canonical. */
static void put_said(const struct jval *value, struct buf *out)
{
	if (jval_is(value, JVAL_STRING))
		buf_put_span(out, jval_text(value));
	else if (value)
		buf_fail(out, jcs_words(value->raw, out, NULL));
}

/* ["sh", "-lc", "make"] is "make", other commands are their words. */
static void put_command(const struct jval *list, struct buf *out)
{
	struct span flag = jval_text(jval_item(list, 1));
	const struct jval *word = jval_first(list);
	unsigned n = 0;

	if (jval_count(list) == 3 && span_begins(flag, "-") &&
	    span_ends(flag, "c"))
		word = jval_item(list, 2);
	for (; word && n < WORDS_MAX; word = word->next, n++) {
		buf_put_str(out, n ? " " : "");
		put_said(word, out);
	}
}

static void put_names(const struct jval *object, struct buf *out)
{
	const struct jval *member = jval_first(object);
	unsigned n = 0;

	for (; member && n < WORDS_MAX; member = member->next, n++) {
		buf_put_str(out, n ? ", " : "");
		buf_put_span(out, member->key);
	}
}

/* What a tool is given says most by one of its members. False where none of
 * these is there. */
static bool put_telling(const struct jval *object, struct buf *out)
{
	static const char *const names[] = {
		"command", "cmd", "commands", "file_path", "path", "query", "pattern",
		"url", "description", "prompt", "title", "message"
	};
	const struct jval *member;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		member = jval_get(object, names[i]);
		if (jval_is(member, JVAL_ARRAY) &&
		    jval_is(jval_first(member), JVAL_STRING))
			put_command(member, out);
		else
			put_said(member, out);
		if (out->len)
			return true;
	}
	member = jval_get(object, "changes");
	if (jval_is(member, JVAL_OBJECT))
		put_names(member, out);
	return out->len > 0;
}

/* Else its plain members say it. */
static void put_pairs(const struct jval *object, struct buf *out)
{
	const struct jval *member = jval_first(object);
	unsigned n = 0;

	for (; member && n < WORDS_MAX; member = member->next) {
		if ((jval_is(member, JVAL_OBJECT) &&
		     !jcs_is_words(member->raw)) ||
		    jval_is(member, JVAL_ARRAY) || jval_is(member, JVAL_NULL))
			continue;
		buf_put_str(out, n++ ? ", " : "");
		buf_put_span(out, member->key);
		buf_put_str(out, ": ");
		if (jcs_is_words(member->raw))
			put_said(member, out);
		else
			buf_put_span(out, member->raw);
	}
}

static void put_what(struct span json, bool is_inner, struct buf *out)
{
	static const struct jdoc_options options = { .flags = 0 };
	struct jdoc *doc = NULL;
	const struct jval *root;
	struct span text;

	if (jdoc_parse(json, &options, &doc, NULL) < 0) {
		buf_put_span(out, json);
		return;
	}
	root = jdoc_root(doc);
	text = jval_text(root);
	/* Some are given the text of an object. */
	if (jval_is(root, JVAL_STRING) && !is_inner && span_begins(text, "{"))
		put_what(text, true, out);
	else if (jval_is(root, JVAL_STRING))
		buf_put_span(out, text);
	else if (jval_is(root, JVAL_ARRAY) &&
		 jval_is(jval_first(root), JVAL_STRING))
		put_command(root, out);
	else if (jcs_is_words(json))
		put_said(root, out);
	else if (!jval_is(root, JVAL_OBJECT) || !jval_count(root))
		buf_put_span(out, json);
	else if (!put_telling(root, out))
		put_pairs(root, out);
	jdoc_free(doc);
}

void part_gist(struct span input, struct buf *out)
{
	put_what(input, false, out);
}
