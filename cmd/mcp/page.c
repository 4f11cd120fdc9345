#include "cmd/mcp/page.h"

#include <string.h>

#include "cmd/mcp/asking.h"
#include "lib/json/jcs_scan.h"

bool page_is_offered(const struct server *server)
{
	return !server->scope.kinds;
}

int page_context(struct server *server, const char *construct,
		 const char *query, struct buf *out, struct err *err)
{
	struct span rest = { NULL, 0 };
	struct asking asking;
	struct span page;
	int rc;

	asking_begin(&asking, server, "context");
	asking_text(&asking, "version", construct);
	asking_text(&asking, "query", query);
	rc = asking_run(&asking, err);
	if (rc == 0 && !jcs_find(asking_next(&asking, &rest), "page", &page))
		rc = err_set(err, ERR_NOT_FOUND, "there is no such page");
	if (rc == 0)
		rc = jcs_string_decode(page, out, err);
	asking_release(&asking);
	return rc;
}

static int set_arguments(struct tool_call *call,
			 const struct page_argument *arguments,
			 struct err *err)
{
	const struct tool_param *params = call->tool->params;
	size_t i;

	for (i = 0; params[i].name; i++)
		call->values[i].count = params[i].type == TOOL_COUNT &&
					!strcmp(params[i].name, "budget") ?
					params[i].most : params[i].otherwise;
	for (; arguments->name; arguments++) {
		for (i = 0; strcmp(params[i].name, arguments->name);)
			i++;
		if (!arguments->value)
			continue;
		call->values[i].texts = arena_alloc(&call->arena,
						    sizeof(const char *));
		if (!call->values[i].texts)
			return err_set(err, ERR_NOMEM, "out of memory");
		call->values[i].texts[0] = arguments->value;
		call->values[i].n = 1;
		call->values[i].is_set = true;
	}
	return 0;
}

int page_of_tool(struct server *server, const char *tool, const char *in,
		 const struct page_argument *arguments, struct buf *out,
		 struct err *err)
{
	struct tool_call call = {
		.server = server, .tool = tool_find(span_str(tool)),
		.in = in, .arena = ARENA_INIT, .text = BUF_INIT(BUF_NO_LIMIT),
		.fields = JCS_FIELDS_INIT, .refusal = ERR_INIT,
	};
	int rc = set_arguments(&call, arguments, err);

	fence_by_chance(&call.fence);
	if (rc == 0)
		rc = call.tool->run(&call, err);
	if (rc == 0)
		rc = err_copy(err, call.refusal.code, &call.refusal);
	if (rc == 0)
		rc = buf_end(&call.text, err);
	if (rc == 0)
		rc = buf_add_span(out, buf_span(&call.text), err);
	arena_release(&call.arena);
	buf_release(&call.text);
	jcs_fields_release(&call.fields);
	return rc;
}
