#include "cmd/mcp/tool/more.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/xxh.h"

#define CURSOR_MAX 80

/* Of the arguments that say what is asked, not how much of it. */
static uint64_t hash_of(const struct tool_call *call)
{
	static const char *const passed[] = { "cursor", "budget", "limit",
					      NULL };
	const struct tool_param *params = call->tool->params;
	uint64_t hash = xxh64_of(call->tool->name, strlen(call->tool->name));
	size_t i;
	size_t n;

	for (i = 0; params[i].name; i++) {
		const struct tool_value *value = &call->values[i];
		uint64_t words[] = { hash, i, value->count };

		for (n = 0; passed[n] && strcmp(passed[n], params[i].name);)
			n++;
		if (passed[n] || !value->is_set)
			continue;
		hash = xxh64_of(words, sizeof(words));
		for (n = 0; n < value->n; n++)
			hash ^= xxh64_of(value->texts[n],
					 strlen(value->texts[n])) * (n + 3);
	}
	return hash;
}

void more_read(struct tool_call *call, struct more *out)
{
	const char *text = tool_text(call, "cursor");
	unsigned long long at, byte, hash;
	char end;

	*out = (struct more){ 0, 0 };
	if (!text)
		return;
	if (strlen(text) > CURSOR_MAX ||
	    sscanf(text, "%9llu.%9llu.%16llx%c", &at, &byte, &hash, &end) != 3 ||
	    hash != hash_of(call)) {
		tool_refuse(call, "the cursor is of another question: ask "
			    "again without one");
		return;
	}
	out->at = at;
	out->byte = byte;
}

void more_put(struct tool_call *call, const struct more *cursor)
{
	char text[CURSOR_MAX];

	snprintf(text, sizeof(text), "%llu.%llu.%llx",
		 (unsigned long long)cursor->at,
		 (unsigned long long)cursor->byte,
		 (unsigned long long)hash_of(call));
	fields_str(&call->fields, "next_cursor", text);
	buf_putf(&call->text, "There is more: ask the same with cursor "
		 "\"%s\".\n", text);
}
