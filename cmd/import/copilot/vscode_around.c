#include "cmd/import/copilot/vscode_internal.h"

#include "cmd/import/records/rest.h"

/* The place of a file: a URI, or one with a range in it. */
static struct span path_of(const struct jval *value)
{
	static const char *const names[] = { "fsPath", "path", "external",
					     NULL };
	const struct jval *uri = jval_get(value, "uri");
	struct span path = { NULL, 0 };
	size_t i;

	if (!uri)
		uri = value;
	for (i = 0; names[i] && !path.len; i++)
		path = jval_get_text(uri, names[i]);
	return path;
}

/* What was pasted, or is a text itself. */
static struct span text_of(const struct jval *variable)
{
	struct span text = jval_get_text(variable, "code");

	return text.len ? text : jval_get_text(variable, "value");
}

static bool is_tool(const struct jval *variable)
{
	const struct jval *kind = jval_get(variable, "kind");

	return jval_is_text(kind, "tool") || jval_is_text(kind, "toolset");
}

/* All of it stays beside the question, as the editor has it. */
void vscode_attached(struct parts *parts, const struct jval *request)
{
	const struct jval *at = jval_first(jval_at(request, "variableData."
						   "variables"));
	struct span path;
	struct span text;

	for (; at; at = at->next) {
		if (!jval_is(at, JVAL_OBJECT) || is_tool(at))
			continue;
		path = path_of(jval_get(at, "value"));
		text = text_of(at);
		part_begin(parts, "attachment");
		fields_value(&parts->fields, "kind", jval_get(at, "kind"));
		fields_value(&parts->fields, "name", jval_get(at, "name"));
		if (path.len)
			fields_said(&parts->fields, "path", path);
		if (text.len)
			fields_said(&parts->fields, "text", text);
		part_end(parts);
	}
}

void vscode_followups(struct parts *parts, struct take *request)
{
	const struct jval *list = take_value(request, "followups", JVAL_ARRAY);
	const struct jval *at = jval_first(list);

	for (; at; at = at->next) {
		struct take take = take_begin(at);

		if (!take.object) {
			part_native(parts, "followup", at);
			continue;
		}
		part_said(parts, "followup", take_text(&take, "message"),
			  &take);
	}
}

void vscode_error(struct parts *parts, const struct jval *request)
{
	struct span text = jval_text(jval_at(request, "result.errorDetails."
					     "message"));

	if (!text.len)
		return;
	part_begin(parts, "error");
	part_place(&parts->content, text, &parts->fields);
	part_end(parts);
}
