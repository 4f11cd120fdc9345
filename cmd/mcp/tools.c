#include "cmd/mcp/tool/tool.h"

#include "cmd/mcp/reason.h"

int tools_list(struct server *server, const struct request *request,
	       struct reply *reply, struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	const struct tool *tool;

	(void)request;
	(void)err;
	buf_put_char(&list, '[');
	for (tool = tool_table; tool->name; tool++) {
		if (!tool_is_offered(tool, server))
			continue;
		buf_put_str(&list, list.len > 1 ? "," : "");
		tool_put(tool, &list);
	}
	buf_put_char(&list, ']');
	fields_buf(&reply->fields, "tools", &list);
	buf_release(&list);
	return 0;
}

/* "content": one text. */
static void put_content(struct span text, struct jcs_fields *fields)
{
	struct jcs_fields item = JCS_FIELDS_INIT;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);

	fields_str(&item, "type", "text");
	fields_text(&item, "text", text);
	buf_put_char(&list, '[');
	buf_fail(&list, jcs_fields_write(&item, &list, NULL));
	buf_put_char(&list, ']');
	fields_buf(fields, "content", &list);
	jcs_fields_release(&item);
	buf_release(&list);
}

static int put_answer(struct tool_call *call, struct reply *reply,
		      struct err *err)
{
	struct buf why = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (call->refusal.code) {
		reason_put(&call->refusal, &why);
		rc = buf_end(&why, err);
		if (rc == 0)
			put_content(buf_span(&why), &reply->fields);
		fields_bool(&reply->fields, "isError", true);
	} else {
		rc = buf_end(&call->text, err);
		if (rc == 0)
			put_content(buf_span(&call->text), &reply->fields);
		fields_object(&reply->fields, "structuredContent",
			      &call->fields);
	}
	buf_release(&why);
	return rc;
}

static int run_tools(struct tool_call *call, const struct request *request,
	       struct reply *reply, struct err *err)
{
	int rc = tool_arguments(call, jval_get(request->params, "arguments"),
				err);

	if (rc == 0 && !call->refusal.code)
		rc = call->tool->run(call, &call->refusal);
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	return put_answer(call, reply, err);
}

int tools_call(struct server *server, const struct request *request,
	       struct reply *reply, struct err *err)
{
	struct span name = jval_get_text(request->params, "name");
	struct tool_call call = {
		.server = server, .tool = tool_find(name),
		.arena = ARENA_INIT,
		.text = BUF_INIT(BUF_NO_LIMIT), .fields = JCS_FIELDS_INIT,
		.refusal = ERR_INIT,
	};
	int rc;

	if (!call.tool || !tool_is_offered(call.tool, server))
		return reply_fault(reply, FAULT_PARAMS, "no tool '%.*s'",
				   name.len < 100 ? (int)name.len : 100,
				   name.len ? name.at : "");
	fence_by_chance(&call.fence);
	rc = run_tools(&call, request, reply, err);
	arena_release(&call.arena);
	buf_release(&call.text);
	jcs_fields_release(&call.fields);
	return rc;
}
