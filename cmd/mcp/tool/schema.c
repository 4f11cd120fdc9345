#include "cmd/mcp/tool/tool.h"

/*
 * Flat, without $schema, anyOf, $ref and the like, which one client or another
 * refuses.
 */
static void put_choices(const struct tool_param *param,
			struct jcs_fields *fields)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	if (!param->choices)
		return;
	for (i = 0; param->choices[i]; i++)
		buf_putf(&list, "%s\"%s\"", i ? "," : "[", param->choices[i]);
	buf_put_char(&list, ']');
	fields_buf(fields, "enum", &list);
	buf_release(&list);
}

static void put_param(const struct tool_param *param,
		      struct jcs_fields *properties)
{
	static const char *const types[] = { "string", "integer", "array" };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields items = JCS_FIELDS_INIT;

	fields_str(&fields, "type", types[param->type]);
	fields_str(&fields, "description", param->help);
	if (param->type == TOOL_COUNT) {
		fields_integer(&fields, "minimum", (int64_t)param->least);
		fields_integer(&fields, "default", (int64_t)param->otherwise);
		fields_integer(&fields, "maximum", (int64_t)param->most);
	} else if (param->type == TOOL_LIST) {
		fields_str(&items, "type", "string");
		put_choices(param, &items);
		fields_object(&fields, "items", &items);
	} else {
		put_choices(param, &fields);
	}
	fields_object(properties, param->name, &fields);
	jcs_fields_release(&fields);
	jcs_fields_release(&items);
}

static void put_schema(const struct tool *tool, struct jcs_fields *fields)
{
	struct jcs_fields schema = JCS_FIELDS_INIT;
	struct jcs_fields properties = JCS_FIELDS_INIT;
	struct buf required = BUF_INIT(BUF_NO_LIMIT);
	const struct tool_param *param;

	for (param = tool->params; param->name; param++) {
		put_param(param, &properties);
		if (param->flags & TOOL_REQUIRED)
			buf_putf(&required, "%s\"%s\"",
				 required.len ? "," : "[", param->name);
	}
	fields_str(&schema, "type", "object");
	fields_object(&schema, "properties", &properties);
	if (required.len) {
		buf_put_char(&required, ']');
		fields_buf(&schema, "required", &required);
	}
	fields_object(fields, "inputSchema", &schema);
	jcs_fields_release(&schema);
	jcs_fields_release(&properties);
	buf_release(&required);
}

/* All of them: what is not told is taken for the worst. */
static void put_hints(const struct tool *tool, struct jcs_fields *fields)
{
	struct jcs_fields hints = JCS_FIELDS_INIT;

	fields_bool(&hints, "readOnlyHint", !tool->writes);
	fields_bool(&hints, "destructiveHint", false);
	fields_bool(&hints, "idempotentHint", !tool->writes);
	fields_bool(&hints, "openWorldHint", false);
	fields_object(fields, "annotations", &hints);
	jcs_fields_release(&hints);
}

void tool_put(const struct tool *tool, struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	fields_str(&fields, "name", tool->name);
	fields_str(&fields, "title", tool->title);
	fields_str(&fields, "description", tool->help);
	put_schema(tool, &fields);
	put_hints(tool, &fields);
	buf_fail(out, jcs_fields_write(&fields, out, NULL));
	jcs_fields_release(&fields);
}
