#include "cmd/mcp/tool.h"

int tool_history(struct tool_call *call, struct err *err)
{
	(void)err;
	return tool_refuse(call, "not there yet");
}
int tool_remember(struct tool_call *call, struct err *err)
{
	(void)err;
	return tool_refuse(call, "not there yet");
}
int resources_list(struct server *server, const struct request *request,
	struct reply *reply, struct err *err)
{
	(void)server;
	(void)request;
	(void)err;
	fields_raw(&reply->fields, "resources", span_str("[]"));
	return 0;
}

int resources_templates(struct server *server, const struct request *request,
	struct reply *reply, struct err *err)
{
	(void)server;
	(void)request;
	(void)err;
	fields_raw(&reply->fields, "resourceTemplates", span_str("[]"));
	return 0;
}

int prompts_list(struct server *server, const struct request *request,
	struct reply *reply, struct err *err)
{
	(void)server;
	(void)request;
	(void)err;
	fields_raw(&reply->fields, "prompts", span_str("[]"));
	return 0;
}

int resources_read(struct server *server, const struct request *request,
	struct reply *reply, struct err *err)
{
	(void)server;
	(void)request;
	(void)err;
	return reply_fault(reply, FAULT_PARAMS, "there is none of that name");
}

int prompts_get(struct server *server, const struct request *request,
	struct reply *reply, struct err *err)
{
	(void)server;
	(void)request;
	(void)err;
	return reply_fault(reply, FAULT_PARAMS, "there is none of that name");
}
