#include "cmd/mcp/server.h"

#include <string.h>

struct method {
	const char *name;
	unsigned eras;
	int (*run)(struct server *server, const struct request *request,
		   struct reply *reply, struct err *err);
	bool is_cacheable;	/* it says for how long its result holds */
	bool is_lasting;
};

#define BOTH (ERA_HANDSHAKE | ERA_STATELESS)

static const struct method methods[] = {
	{ "initialize", ERA_HANDSHAKE, era_initialize, false, false },
	{ "ping", ERA_HANDSHAKE, era_ping, false, false },
	{ "server/discover", BOTH, era_discover, true, true },
	{ "tools/list", BOTH, tools_list, true, true },
	{ "tools/call", BOTH, tools_call, false, false },
	{ "resources/list", BOTH, resources_list, true, false },
	{ "resources/templates/list", BOTH, resources_templates, true, true },
	{ "resources/read", BOTH, resources_read, true, false },
	{ "prompts/list", BOTH, prompts_list, true, true },
	{ "prompts/get", BOTH, prompts_get, false, false },
	{ NULL, 0, NULL, false, false },
};

static const struct method *find_method(struct span name)
{
	const struct method *method = methods;

	while (method->name && !span_equals(name, span_str(method->name)))
		method++;
	return method->name ? method : NULL;
}

static int run_method(struct server *server, const struct request *request,
		      struct reply *reply, struct err *err)
{
	const struct method *method = find_method(request->method);
	enum era era = ERA_HANDSHAKE;
	int rc = 0;

	if (!method)
		return reply_fault(reply, FAULT_METHOD, "no method '%.*s'",
				   (int)request->method.len,
				   request->method.at);
	if (method->run != era_initialize)
		era_find(server, request, &era, reply);
	if (!reply->fault && !(method->eras & era))
		return reply_fault(reply, FAULT_METHOD, "'%s' is not in this "
				   "version of the protocol", method->name);
	if (!reply->fault)
		rc = method->run(server, request, reply, err);
	if (rc == 0 && !reply->fault)
		era_finish(era, method->is_cacheable, method->is_lasting,
			   reply);
	return rc;
}

/* Whoever is told of everything needs no answer to a piece of news, and none
 * of those changes anything here. */
static bool wants_answer(const struct request *request,
			 const struct reply *reply)
{
	return !request->is_answer &&
	       (request->id.len || reply->fault == FAULT_PARSE ||
		reply->fault == FAULT_REQUEST);
}

static int write_reply(struct reply *reply, const struct request *request,
		       struct buf *out, struct err *err)
{
	struct err why = ERR_INIT;
	int rc = reply_write(reply, request, out, &why);

	if (rc == 0 || rc == ERR_NOMEM)
		return err_copy(err, rc, &why);
	buf_reset(out);
	jcs_fields_release(&reply->fields);
	reply->fault = FAULT_NONE;
	rc = reply_fault(reply, FAULT_INTERNAL, "%s", why.text);
	return rc < 0 ? rc : reply_write(reply, request, out, err);
}

int server_answer(struct server *server, struct span line, struct buf *out,
		  struct err *err)
{
	struct request request = REQUEST_INIT;
	struct reply reply = REPLY_INIT;
	struct err why = ERR_INIT;
	int rc = request_read(line, &request, &reply, err);

	if (rc == 0 && !reply.fault && request.id.len)
		rc = run_method(server, &request, &reply, &why);
	if (rc < 0 && rc != ERR_NOMEM)
		rc = reply_fault(&reply, FAULT_INTERNAL, "%s", why.text);
	else if (rc < 0)
		err_copy(err, rc, &why);
	if (rc == 0 && wants_answer(&request, &reply))
		rc = write_reply(&reply, &request, out, err);
	request_release(&request);
	reply_release(&reply);
	return rc;
}

int server_refuse_long(struct buf *out, struct err *err)
{
	struct request request = REQUEST_INIT;
	struct reply reply = REPLY_INIT;
	int rc = reply_fault(&reply, FAULT_REQUEST, "a message is too long: "
			     "at most 4 MiB are read");

	if (rc == 0)
		rc = reply_write(&reply, &request, out, err);
	reply_release(&reply);
	return rc;
}
