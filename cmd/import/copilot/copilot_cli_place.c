#include "cmd/import/copilot/copilot_cli_internal.h"

#include "cmd/import/beside/beside.h"
#include "cmd/import/beside/home.h"

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

/* Without the quotes that a plain text has in YAML where it needs them. */
static struct span unquoted(struct span text)
{
	while (text.len && (text.at[text.len - 1] == ' ' ||
			    text.at[text.len - 1] == '\r'))
		text.len--;
	if (text.len >= 2 && (text.at[0] == '"' || text.at[0] == '\'') &&
	    text.at[text.len - 1] == text.at[0] &&
	    !memchr(text.at, '\\', text.len))
		text = span_of(text.at + 1, text.len - 2);
	return text;
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
		line = unquoted(span_of(line.at + strlen(begin),
					line.len - strlen(begin)));
		/* A text of several lines follows: such a name is none. */
		if (line.len && line.at[0] != '|' && line.at[0] != '>')
			buf_put_span(out, line);
		return;
	}
}
