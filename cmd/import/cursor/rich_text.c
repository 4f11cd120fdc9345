#include "cmd/import/cursor/cursor_internal.h"

/* Of the input's document: nodes in nodes. */
#define NODES_DEEP 32

static bool is_block(const struct jval *node)
{
	static const char *const types[] = {
		"paragraph", "heading", "quote", "list", "listitem", "code",
		NULL
	};
	const struct jval *type = jval_get(node, "type");
	size_t i;

	for (i = 0; types[i]; i++) {
		if (jval_is_text(type, types[i]))
			return true;
	}
	return false;
}

/* A text of its own or, of a mention, the name that is shown. */
static struct span words_of(const struct jval *node)
{
	static const char *const names[] = {
		"text", "mentionName", "value", NULL
	};
	struct span text = { NULL, 0 };
	size_t i;

	for (i = 0; names[i] && !text.len; i++)
		text = jval_get_text(node, names[i]);
	return text;
}

static void put_node(const struct jval *node, size_t depth, struct buf *out)
{
	const struct jval *child = jval_first(jval_get(node, "children"));

	if (is_block(node) && out->len && out->data[out->len - 1] != '\n')
		buf_put_char(out, '\n');
	if (jval_is_text(jval_get(node, "type"), "linebreak"))
		buf_put_char(out, '\n');
	if (!child)
		buf_put_span(out, words_of(node));
	for (; child && depth < NODES_DEEP; child = child->next)
		put_node(child, depth + 1, out);
}

void cursor_rich_text(const struct jval *document, struct buf *out)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct span text = jval_text(document);
	struct jdoc *doc = NULL;
	int rc;

	if (!text.at) {
		put_node(jval_get(document, "root"), 0, out);
		return;
	}
	rc = text.len ? jdoc_parse(text, &options, &doc, NULL) : ERR_INVALID;
	if (rc == ERR_NOMEM)
		buf_fail(out, rc);
	if (rc == 0)
		put_node(jval_get(jdoc_root(doc), "root"), 0, out);
	jdoc_free(doc);
}
