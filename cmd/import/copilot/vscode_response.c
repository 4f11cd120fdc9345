#include "cmd/import/copilot/vscode_internal.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"

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
static void add_name(struct parts *parts, const struct jval *reference)
{
	struct span name = jval_get_text(reference, "name");
	const struct jval *uri = reference;
	struct span path;

	if (name.len) {
		buf_put_char(&parts->content, '`');
		buf_put_span(&parts->content, name);
		buf_put_char(&parts->content, '`');
		return;
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
	buf_put_span(&parts->content, path);
}

static void add_reference(struct parts *parts, const struct jval *item)
{
	struct take take = take_begin(item);
	size_t start = parts->content.len;

	add_name(parts, take_see(&take, "inlineReference"));
	part_begin_from(parts, "reference", start);
	(void)take_any(&take, "kind");
	take_rest_under(&take, "native", &parts->fields);
	part_end(parts);
}

/* Markdown with more than its words keeps the rest; one that is itself an
 * object, the whole. */
static void add_markdown(struct parts *parts, const struct jval *item)
{
	const struct jval *value = jval_get(item, "value");
	struct take take = take_begin(item);
	size_t start = parts->content.len;
	struct span text = markdown_of(item);

	if (jval_is(value, JVAL_OBJECT))
		text = markdown_of(value);
	else
		(void)take_text(&take, "value");
	if (!jval_is(item, JVAL_OBJECT) ||
	    (jval_count(item) == 1 && jval_count(value) < 2)) {
		part_text(parts, text);
		return;
	}
	buf_put_span(&parts->content, text);
	part_begin_from(parts, "text", start);
	take_rest_under(&take, "native", &parts->fields);
	part_end(parts);
}

static void add_thinking(struct parts *parts, const struct jval *item)
{
	struct take take = take_begin(item);
	struct span text = take_text(&take, "value");

	(void)take_any(&take, "kind");
	part_said(parts, "thinking", text, &take);
}

static bool is_of(const char *const *kinds, const struct jval *kind)
{
	while (*kinds && !jval_is_text(kind, *kinds))
		kinds++;
	return *kinds != NULL;
}

/* What the editor does, and what it waits for: nobody says anything. */
static const char *const doings[] = {
	"codeblockUri", "undoStop", "prepareToolInvocation", "usage",
	"mcpServersStarting", "multiDiffData", "treeData", "progressMessage",
	"progressTask", "progressTaskResult", "progressTaskSerialized",
	"command", "codeCitation", NULL
};

/* What the model has it do with files. */
static const char *const edits[] = {
	"textEditGroup", "notebookEditGroup", "workspaceEdit", NULL
};

static void add_doing(struct parts *parts, const struct jval *item)
{
	struct take take = take_begin(item);

	part_begin(parts, "item");
	fields_said(&parts->fields, "kind", take_text(&take, "kind"));
	if (take.object)
		take_rest_under(&take, "native", &parts->fields);
	else
		fields_value(&parts->fields, "native", item);
	part_end(parts);
}

static void add_edit(struct parts *parts, const struct jval *item)
{
	struct take take = take_begin(item);
	struct jcs_fields input = JCS_FIELDS_INIT;
	const struct jval *uri = jval_get(item, "uri");
	struct span path = jval_get_text(uri, "fsPath");

	if (!path.len)
		path = jval_get_text(uri, "path");
	part_begin(parts, "tool_use");
	fields_value(&parts->fields, "name", take_see(&take, "kind"));
	fields_said(&parts->fields, "kind", take_text(&take, "kind"));
	if (path.len)
		fields_said(&input, "path", path);
	fields_value(&input, "edits", take_any(&take, "edits"));
	fields_inner(&parts->fields, "input", &input);
	take_rest_under(&take, "native", &parts->fields);
	part_end(parts);
	jcs_fields_release(&input);
}

static void add_item(struct vscode_calls *calls, struct parts *parts,
		     const struct jval *item, bool *has_call)
{
	const struct jval *kind = jval_get(item, "kind");
	bool is_words = !kind || jval_is_text(kind, "markdownContent") ||
		jval_is_text(kind, "markdownVuln");
	struct span content = markdown_of(jval_get(item, "content"));

	if (is_words && (markdown_of(item).at ||
			 markdown_of(jval_get(item, "value")).at)) {
		add_markdown(parts, item);
	} else if (is_words && content.at) {
		buf_put_span(&parts->content, content);
		add_doing(parts, item);
	} else if (jval_is_text(kind, "inlineReference")) {
		add_reference(parts, item);
	} else if (jval_is_text(kind, "thinking")) {
		add_thinking(parts, item);
	} else if (jval_is_text(kind, "toolInvocationSerialized") ||
		   jval_is_text(kind, "toolInvocation")) {
		*has_call = true;
		vscode_call(calls, parts, item);
	} else if (is_of(edits, kind)) {
		add_edit(parts, item);
	} else if (is_of(doings, kind)) {
		add_doing(parts, item);
	} else {
		part_other(parts, item);
	}
}

void vscode_response(struct vscode_calls *calls, struct parts *parts,
		     const struct jval *items, bool *out_has_call)
{
	const struct jval *item = jval_first(items);

	*out_has_call = false;
	if (items && !jval_is(items, JVAL_ARRAY))
		add_item(calls, parts, items, out_has_call);
	for (; jval_is(items, JVAL_ARRAY) && item; item = item->next)
		add_item(calls, parts, item, out_has_call);
}
