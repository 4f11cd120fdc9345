/*
 * The table of tools: each row makes a schema that every client takes, and
 * what stands in it fits what it says of itself.
 */
#include <ctype.h>
#include <string.h>

#include "cmd/mcp/tool/tool.h"
#include "lib/json/jcs_scan.h"
#include "tests/tap.h"

#define LIST_MAX 6144
#define HELP_MAX 900

static void check_param(const struct tool *tool,
			const struct tool_param *param)
{
	const char *at = param->name;

	while (islower((unsigned char)*at) || *at == '_')
		at++;
	ok(!*at && strlen(param->name) < 20, "%s: %s is a short name",
	   tool->name, param->name);
	ok(param->help && *param->help, "%s: %s says what it is", tool->name,
	   param->name);
	ok(param->type != TOOL_COUNT || (param->least <= param->otherwise &&
					 param->otherwise <= param->most),
	   "%s: %s has its default within its bounds", tool->name,
	   param->name);
}

static size_t check_tool(const struct tool *tool)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	const struct tool_param *param = tool->params;
	struct span schema;
	struct span hints;
	size_t len;
	size_t n = 0;

	tool_put(tool, &out);
	ok(buf_end(&out, NULL) == 0 && jcs_check(buf_span(&out), NULL) == 0,
	   "%s is canonical JSON", tool->name);
	ok(jcs_find(buf_span(&out), "inputSchema", &schema) &&
	   !span_has(schema, "anyOf") && !span_has(schema, "$"),
	   "%s has a flat schema", tool->name);
	ok(jcs_find(buf_span(&out), "annotations", &hints) &&
	   span_has(hints, "readOnlyHint") &&
	   span_has(hints, "destructiveHint\":false") &&
	   span_has(hints, "idempotentHint") &&
	   span_has(hints, "openWorldHint\":false"), "%s has all four hints",
	   tool->name);
	ok(strlen(tool->help) < HELP_MAX, "%s: not too long", tool->name);
	for (; param->name; param++, n++)
		check_param(tool, param);
	ok(n < TOOL_PARAMS_MAX, "%s: so many parameters", tool->name);
	len = out.len;
	buf_release(&out);
	return len;
}

static void test_offer(void)
{
	struct server server = { .has_begun = false };
	const struct tool *tool = tool_find(span_str("remember"));

	ok(!tool_is_offered(tool, &server), "read-only at first");
	server.write = span_str("nova");
	ok(tool_is_offered(tool, &server), "and not where it may write");
	ok(!tool_find(span_str("rememb")) && !tool_find(span_str("")),
	   "no others");
}

int main(void)
{
	const struct tool *tool;
	size_t len = 0;

	for (tool = tool_table; tool->name; tool++)
		len += check_tool(tool) + 1;
	ok(len < LIST_MAX, "all of them: %zu bytes", len);
	test_offer();
	return done_testing();
}
