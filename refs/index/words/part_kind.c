#include "refs/index/words/part_kind.h"

#include "lib/json/jcs_scan.h"

enum part_kind part_kind_of(struct span part)
{
	static const struct { const char *begin; enum part_kind kind; } table[] = {
		{ "thinking", PART_THOUGHT }, { "reasoning", PART_THOUGHT },
		{ "redacted_thinking", PART_THOUGHT },
		{ "redacted_reasoning", PART_THOUGHT },
		{ "tool_use", PART_CALL }, { "tool_call", PART_CALL },
		{ "server_tool_use", PART_CALL }, { "mcp_tool_use", PART_CALL },
		{ "tool_result", PART_RESULT }, { "tool_return", PART_RESULT },
		{ "tool_output", PART_RESULT },
		{ "function_call_output", PART_RESULT },
		{ "function_response", PART_RESULT },
		{ "function", PART_CALL }, { "local_shell_call", PART_CALL },
		{ "web_search_call", PART_CALL },
		{ "custom_tool_call_output", PART_RESULT },
		{ "custom_tool_call", PART_CALL },
	};
	struct span type;
	size_t i;

	if (jcs_type_of(part) != JCS_OBJECT ||
	    !jcs_find_string(part, "type", &type))
		return PART_OTHER;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (span_begins(type, table[i].begin))
			return table[i].kind;
	}
	return PART_OTHER;
}
