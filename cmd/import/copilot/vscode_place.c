#include "cmd/import/copilot/vscode_internal.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/uri.h"

#define WORKSPACE "workspace.json"

/*
 * workspaceStorage/<hash>/chatSessions/<id>.json, and workspace.json beside
 * that folder, which says what was open: {"folder":"file:///srv/fern"}, or
 * the file of a workspace.
 */
static bool is_part(struct span place, size_t up, const char *name)
{
	return span_equals(beside_part(place, up), span_str(name));
}

static bool is_own(struct span place)
{
	static const char *const folders[] = {
		"Code", "Code - Insiders", "VSCodium", "data", NULL
	};
	size_t i;

	for (i = 0; folders[i]; i++) {
		if (is_part(place, 4, folders[i]))
			return true;
	}
	return false;
}

enum import_place vscode_place(const struct import_input *input,
			       struct span place, const char **out_reason)
{
	(void)input;
	*out_reason = "of VS Code, and no chat";
	/* Other editors made of it keep chats in that database. */
	if (!is_part(place, 2, "workspaceStorage") ||
	    (is_part(place, 0, "state.vscdb") && !is_own(place)))
		return PLACE_ANYWHERE;
	return is_part(place, 0, WORKSPACE) ? PLACE_BESIDE : PLACE_APART;
}

int vscode_beside(const struct import_input *input, struct span place,
		  struct beside *to, struct err *err)
{
	(void)input;
	return is_part(place, 1, "chatSessions") ?
		beside_file(to, "workspace", "../" WORKSPACE, err) : 0;
}

static void put_workspace(const struct import_source *source,
			  struct jcs_fields *fields)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct span text = beside_get(source, "workspace");
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	struct span uri;

	if (!text.at || jdoc_parse(text, &options, &doc, NULL) < 0)
		return;
	uri = jval_get_text(jdoc_root(doc), "folder");
	if (uri.len) {
		uri_put_path(uri, &path);
		fields_fail(fields, buf_end(&path, NULL), NULL);
		fields_said(fields, "cwd", buf_span(&path));
	}
	uri = jval_get_text(jdoc_root(doc), "workspace");
	if (uri.len)
		fields_said(fields, "workspace", uri);
	buf_release(&path);
	jdoc_free(doc);
}

void vscode_around(const struct import_source *source,
		   const struct take *chat, struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	put_workspace(source, &fields);
	take_rest(chat, &fields);
	fields_put(&fields, out);
	jcs_fields_release(&fields);
}
