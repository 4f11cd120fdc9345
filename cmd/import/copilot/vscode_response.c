#include "cmd/import/copilot/vscode_run.h"

#include "cmd/import/records/rest.h"

static const char *const none[] = { NULL };

static bool is_kind(const struct jval *item, const char *kind)
{
	return jval_is_text(jval_get(item, "kind"), kind);
}

/* Markdown: a string, or an object around one. */
static struct span markdown_of(const struct jval *value)
{
	if (jval_is(value, JVAL_OBJECT))
		value = jval_get(value, "value");
	return jval_text(value);
}

static struct span base_of(struct span path)
{
	size_t at = path.len;

	while (at && path.at[at - 1] != '/' && path.at[at - 1] != '\\')
		at--;
	return span_of(path.at + at, path.len - at);
}

/* The name that the answer shows in the place of a reference: of a symbol its
 * own, as code; else the file's, or a page's address. */
static int add_name(struct parts *parts, const struct jval *reference,
		    struct err *err)
{
	struct span name = jval_get_text(reference, "name");
	const struct jval *uri = reference;
	struct span path;
	int rc;

	if (name.len) {
		rc = buf_add_char(&parts->content, '`', err);
		if (rc >= 0)
			rc = buf_add_span(&parts->content, name, err);
		return rc < 0 ? rc : buf_add_char(&parts->content, '`', err);
	}
	if (jval_is(jval_get(reference, "uri"), JVAL_OBJECT))
		uri = jval_get(reference, "uri");
	path = jval_get_text(uri, "external");
	if (path.len && !span_begins(path, "http"))
		path = span_of(NULL, 0);
	if (!path.len)
		path = base_of(jval_get_text(uri, "fsPath").len ?
			       jval_get_text(uri, "fsPath") :
			       jval_get_text(uri, "path"));
	return buf_add_span(&parts->content, path, err);
}

static int add_reference(struct parts *parts, const struct jval *item,
			 struct err *err)
{
	static const char *const taken[] = { "kind", NULL };
	size_t start = parts->content.len;
	int rc;

	rc = add_name(parts, jval_get(item, "inlineReference"), err);
	if (rc >= 0)
		rc = part_begin_from(parts, "reference", start, err);
	if (rc >= 0)
		rc = rest_add_under(&parts->fields, "native", item, taken,
				    err);
	return rc < 0 ? rc : part_end(parts, err);
}

/* Markdown with more than its words keeps the rest. */
static int add_markdown(struct parts *parts, const struct jval *item,
			struct err *err)
{
	static const char *const taken[] = { "value", NULL };
	size_t start = parts->content.len;
	struct span text = markdown_of(item);
	int rc;

	if (jval_is(jval_get(item, "value"), JVAL_OBJECT))
		text = markdown_of(jval_get(item, "value"));
	if (!jval_is(item, JVAL_OBJECT) || jval_count(item) == 1)
		return part_text(parts, text, err);
	rc = buf_add_span(&parts->content, text, err);
	if (rc >= 0)
		rc = part_begin_from(parts, "text", start, err);
	if (rc >= 0)
		rc = rest_add_under(&parts->fields, "native", item,
				    jval_is(jval_get(item, "value"),
					    JVAL_OBJECT) ? none : taken, err);
	return rc < 0 ? rc : part_end(parts, err);
}

static int add_call(struct parts *parts, const struct jval *item,
		    struct err *err)
{
	static const char *const taken[] = {
		"kind", "toolCallId", "toolId", NULL
	};
	int rc = part_begin(parts, "tool_use", err);

	if (rc >= 0)
		rc = rest_add_value(&parts->fields, "id",
				    jval_get(item, "toolCallId"), err);
	if (rc >= 0)
		rc = rest_add_value(&parts->fields, "name",
				    jval_get(item, "toolId"), err);
	if (rc >= 0)
		rc = rest_add_under(&parts->fields, "native", item, taken,
				    err);
	return rc < 0 ? rc : part_end(parts, err);
}

static int add_thinking(struct parts *parts, const struct jval *item,
			struct err *err)
{
	static const char *const taken[] = { "kind", "value", NULL };
	static const char *const kind[] = { "kind", NULL };
	struct span text = jval_get_text(item, "value");
	int rc = part_begin(parts, "thinking", err);

	if (rc >= 0)
		rc = rest_add_text(&parts->fields, "text", text, err);
	if (rc >= 0)
		rc = rest_add_under(&parts->fields, "native", item,
				    text.at ? taken : kind, err);
	return rc < 0 ? rc : part_end(parts, err);
}

static int add_other(struct parts *parts, const struct jval *item,
		     struct err *err)
{
	static const char *const taken[] = { "kind", NULL };
	struct span kind = jval_get_text(item, "kind");
	int rc = part_begin(parts, "item", err);

	if (rc >= 0)
		rc = rest_add_text(&parts->fields, "kind", kind, err);
	if (rc >= 0 && jval_is(item, JVAL_OBJECT))
		rc = rest_add_under(&parts->fields, "native", item,
				    kind.at ? taken : none, err);
	else if (rc >= 0)
		rc = rest_add_value(&parts->fields, "native", item, err);
	return rc < 0 ? rc : part_end(parts, err);
}

static int add_item(struct parts *parts, const struct jval *item,
		    bool *out_has_call, struct err *err)
{
	bool is_words = !jval_get(item, "kind") ||
		is_kind(item, "markdownContent") ||
		is_kind(item, "markdownVuln");
	const struct jval *content = jval_get(item, "content");

	if (is_words && (markdown_of(item).at ||
			 markdown_of(jval_get(item, "value")).at))
		return add_markdown(parts, item, err);
	if (is_words && markdown_of(content).at) {
		int rc = buf_add_span(&parts->content, markdown_of(content),
				      err);

		return rc < 0 ? rc : add_other(parts, item, err);
	}
	if (is_kind(item, "inlineReference"))
		return add_reference(parts, item, err);
	if (is_kind(item, "thinking"))
		return add_thinking(parts, item, err);
	if (is_kind(item, "toolInvocationSerialized") ||
	    is_kind(item, "toolInvocation")) {
		*out_has_call = true;
		return add_call(parts, item, err);
	}
	return add_other(parts, item, err);
}

int vscode_response(struct vscode_run *run, const struct jval *items,
		    bool *out_has_call, struct err *err)
{
	const struct jval *item;
	int rc = 0;

	*out_has_call = false;
	if (items && !jval_is(items, JVAL_ARRAY))
		return add_item(&run->parts, items, out_has_call, err);
	for (item = jval_first(items); rc >= 0 && item; item = item->next)
		rc = add_item(&run->parts, item, out_has_call, err);
	return rc;
}
