#include "cmd/import/cursor/cursor_internal.h"

#include "cmd/import/records/rest.h"

/* Where it lies: {"uri":{"fsPath"|"path"}}, {"path"}, or a text. */
static struct span path_of(const struct jval *item)
{
	static const char *const places[] = {
		"uri.fsPath", "uri.path", "uri", "path", "fsPath",
		"relativeWorkspacePath", "url", NULL
	};
	struct span path = jval_text(item);
	size_t i;

	for (i = 0; places[i] && !path.len; i++)
		path = jval_text(jval_at(item, places[i]));
	return path;
}

static void put_attached(struct parts *parts, const char *type, struct span kind,
		     const struct jval *item)
{
	part_begin(parts, type);
	fields_said(&parts->fields, "kind", kind);
	if (path_of(item).len)
		fields_said(&parts->fields, "path", path_of(item));
	fields_value(&parts->fields, "native", item);
	part_end(parts);
}

static bool is_picture(struct span kind)
{
	return span_equals(kind, span_str("images")) ||
	       span_equals(kind, span_str("selectedImages"));
}

static void put_list(struct parts *parts, struct take *from,
		     const struct jval *list)
{
	const struct jval *item = jval_is(list, JVAL_ARRAY) ?
		jval_first(list) : NULL;

	if (!item)
		return;
	take_done(from, list);
	for (; item; item = item->next)
		put_attached(parts, is_picture(list->key) ? "image" : "attachment",
			 list->key, item);
}

void cursor_attached(struct parts *parts, struct take *bubble)
{
	struct take context = take_inner(bubble, "context");
	const struct jval *list = jval_first(context.object);

	put_list(parts, bubble, take_see(bubble, "images"));
	put_list(parts, bubble, take_see(bubble, "attachedCodeChunks"));
	for (; list; list = list->next)
		put_list(parts, &context, list);
	cursor_take_hollow(&context);
	if (!context.object || !take_left(&context, NULL))
		return;
	part_begin(parts, "context");
	take_rest_under(&context, "native", &parts->fields);
	part_end(parts);
}
