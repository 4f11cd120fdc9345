#include "cmd/import/cursor/folder.h"

#include "lib/id/encode.h"
#include "lib/json/jdoc.h"

#define WORKSPACE "workspace.json"

static const struct {
	const char *folder;
	const char *program;
} programs[] = {
	{ "Windsurf", "windsurf" }, { "Windsurf - Next", "windsurf" },
	{ "Trae", "trae" }, { "Trae CN", "trae" },
};

static bool part_is(struct span place, size_t up, const char *name)
{
	return span_equals(beside_part(place, up), span_str(name));
}

const char *cursor_program(struct span place)
{
	size_t up = part_is(place, 1, "globalStorage") ? 3 : 4;
	size_t i;

	for (i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		if (part_is(place, up, programs[i].folder))
			return programs[i].program;
	}
	return "cursor";
}

void cursor_put_path(struct span uri, struct buf *out)
{
	struct span path = beside_between(uri, "file://", "");
	unsigned char byte;
	size_t i;

	if (!path.at || !path.len || *path.at != '/') {
		buf_put_span(out, uri);
		return;
	}
	for (i = 0; i < path.len; i++) {
		if (path.at[i] == '%' && path.len - i > 2 &&
		    hex_decode(span_of(path.at + i + 1, 2), &byte, 1)) {
			buf_put_char(out, (char)byte);
			i += 2;
		} else {
			buf_put_char(out, path.at[i]);
		}
	}
}

void cursor_put_folder(struct span workspace, struct buf *out)
{
	const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP
	};
	struct jdoc *doc = NULL;
	struct span uri;

	if (!workspace.at || jdoc_parse(workspace, &options, &doc, NULL) < 0)
		return;
	uri = jval_get_text(jdoc_root(doc), "folder");
	if (!uri.len)
		uri = jval_get_text(jdoc_root(doc), "workspace");
	cursor_put_path(uri, out);
	jdoc_free(doc);
}

/* What only its own program can read, and a copy that an editor keeps. */
enum import_place cursor_place(const struct import_input *input,
			       struct span place, const char **out_reason)
{
	(void)input;
	*out_reason = "a conversation of Windsurf, which is encrypted: it "
		      "alone can read it";
	if (part_is(place, 1, "cascade") && span_ends(place, ".pb"))
		return PLACE_APART;
	*out_reason = "a database of Trae, which is encrypted: it alone can "
		      "read it";
	if (part_is(place, 1, "ai-agent") && part_is(place, 2, "ModularData"))
		return PLACE_APART;
	*out_reason = "an older copy of a database beside it";
	if (span_ends(place, "/" CURSOR_STATE ".backup"))
		return PLACE_APART;
	return PLACE_ANYWHERE;
}

int cursor_beside(const struct import_input *input, struct span place,
		  struct beside *to, struct err *err)
{
	int rc;

	if (!part_is(place, 0, CURSOR_STATE) ||
	    !part_is(place, 2, "workspaceStorage"))
		return 0;
	rc = beside_file(to, "workspace", WORKSPACE, err);
	if (rc == 0)
		rc = beside_say(to, "project", beside_part(place, 1), err);
	return rc == 0 && beside_is_there(input, place, "../../globalStorage/"
					  CURSOR_STATE) ?
		beside_say(to, "all", span_str("there"), err) : rc;
}
