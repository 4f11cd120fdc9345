#include "cmd/import/copilot/copilot_cli_internal.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/beside/home.h"
#include "lib/json/jdoc.h"

#define WORKSPACE "workspace.yaml"

const struct import_home copilot_cli_home = {
	.folder = ".copilot",
	.rooms = (const char *const[]){ "session-state", NULL },
	.signs = (const char *const[]){
		"session-store.db", "mcp-config.json", NULL
	},
	.reason = "of Copilot CLI, and no part of its sessions",
	.notes = (const char *const[]){
		"copilot-instructions.md", "instructions", "agents", NULL
	},
};

/* session-state/<id>/events.jsonl, and workspace.yaml beside it. */
enum import_place copilot_cli_place(const struct import_input *input,
				    struct span place,
				    const char **out_reason)
{
	(void)out_reason;
	return span_equals(beside_part(place, 0), span_str(WORKSPACE)) &&
	       beside_is_there(input, place, "events.jsonl") ?
		PLACE_BESIDE : PLACE_ANYWHERE;
}

int copilot_cli_beside(const struct import_input *input, struct span place,
		       struct beside *to, struct err *err)
{
	(void)input;
	return span_equals(beside_part(place, 0), span_str("events.jsonl")) ?
		beside_file(to, "workspace", WORKSPACE, err) : 0;
}

/* In double quotes it has the escapes of JSON, or others that are kept. */
static bool put_escaped(struct span text, struct buf *out)
{
	const struct jdoc_options options = { 0 };
	struct jdoc *doc = NULL;
	bool is_text = jdoc_parse(text, &options, &doc, NULL) == 0 &&
		jval_is(jdoc_root(doc), JVAL_STRING);

	if (is_text)
		buf_put_span(out, jval_text(jdoc_root(doc)));
	jdoc_free(doc);
	return is_text;
}

/* Without the quotes that a text has in YAML where it needs them. */
static void put_unquoted(struct span text, struct buf *out)
{
	const char mark = text.at[0];
	size_t i;

	if (text.len < 2 || (mark != '"' && mark != '\'') ||
	    text.at[text.len - 1] != mark) {
		buf_put_span(out, text);
		return;
	}
	if (mark == '"') {
		if (!put_escaped(text, out))
			buf_put_span(out, text);
		return;
	}
	for (i = 1; i < text.len - 1; i++) {
		buf_put_char(out, text.at[i]);
		/* One of its own stands twice. */
		i += text.at[i] == mark;
	}
}

void copilot_cli_name(const struct import_source *source, struct buf *out)
{
	static const char begin[] = "name: ";
	struct span rest = beside_get(source, "workspace");
	struct span line;

	while (rest.len) {
		line = span_take_line(&rest);
		if (!span_begins(line, begin))
			continue;
		line = span_of(line.at + strlen(begin),
			       line.len - strlen(begin));
		while (line.len && strchr(" \r", line.at[line.len - 1]))
			line.len--;
		/* A text of several lines follows: such a name is none. */
		if (line.len && line.at[0] != '|' && line.at[0] != '>')
			put_unquoted(line, out);
		return;
	}
}
