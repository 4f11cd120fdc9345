#include "cmd/mcp/message.h"

#include <stdarg.h>
#include <stdio.h>

#include "lib/base/text.h"

#define DEPTH_MAX 32
#define VALUES_MAX 100000
#define METHOD_MAX 100
#define ID_MAX 1000

void request_release(struct request *request)
{
	jdoc_free(request->doc);
	buf_release(&request->id);
}

void reply_release(struct reply *reply)
{
	jcs_fields_release(&reply->fields);
}

int reply_fault(struct reply *reply, enum fault fault, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX];
	va_list args;

	if (reply->fault)
		return 0;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	reply->fault = fault;
	jcs_fields_reset(&reply->fields);
	err_set(&reply->why, ERR_INVALID, "%s", text);
	return 0;
}

/* Digits of any number are given back as they came. */
static int read_id(const struct jval *id, struct request *out,
		   struct reply *reply, struct err *err)
{
	bool is_id = jval_is(id, JVAL_STRING) ||
		     (jval_is(id, JVAL_NUMBER) &&
		      (id->marks & JVAL_IS_INTEGER));

	if (!id)
		return 0;
	if (!is_id || id->raw.len > ID_MAX || (id->marks & JVAL_TEXT_WTF))
		return reply_fault(reply, FAULT_REQUEST, "an id is a string "
				   "or an integer");
	if (jval_is(id, JVAL_NUMBER))
		return buf_add_span(&out->id, id->raw, err);
	return jcs_add_string(&out->id, id->as.text, err);
}

static int read_object(const struct jval *root, struct request *out,
		       struct reply *reply, struct err *err)
{
	const struct jval *params = jval_get(root, "params");
	int rc = read_id(jval_get(root, "id"), out, reply, err);

	if (rc < 0 || reply->fault)
		return rc;
	out->method = jval_get_text(root, "method");
	if (!jval_is_text(jval_get(root, "jsonrpc"), "2.0"))
		return reply_fault(reply, FAULT_REQUEST, "'jsonrpc' is not "
				   "\"2.0\"");
	out->is_answer = !out->method.at &&
			 (jval_get(root, "result") || jval_get(root, "error"));
	if (out->is_answer)
		return 0;
	if (!out->method.at || !out->method.len ||
	    out->method.len > METHOD_MAX)
		return reply_fault(reply, FAULT_REQUEST, "'method' is missing");
	if (params && !jval_is(params, JVAL_OBJECT))
		return reply_fault(reply, FAULT_PARAMS, "'params' is no "
				   "object");
	out->params = params;
	return 0;
}

int request_read(struct span line, struct request *out, struct reply *reply,
		 struct err *err)
{
	static const struct jdoc_options options = {
		.max_depth = DEPTH_MAX, .max_values = VALUES_MAX,
		.flags = JDOC_DUPLICATES_REFUSE,
	};
	struct err why = ERR_INIT;
	int rc = jdoc_parse(line, &options, &out->doc, &why);

	if (rc == ERR_INVALID || rc == ERR_LIMIT)
		return reply_fault(reply, FAULT_PARSE, "not a message in "
				   "JSON: %s", why.text);
	if (rc < 0)
		return err_copy(err, rc, &why);
	if (jval_is(jdoc_root(out->doc), JVAL_ARRAY))
		return reply_fault(reply, FAULT_REQUEST, "several messages in "
				   "one are in no version of the protocol "
				   "that is spoken here");
	if (!jval_is(jdoc_root(out->doc), JVAL_OBJECT))
		return reply_fault(reply, FAULT_REQUEST, "a message is an "
				   "object");
	return read_object(jdoc_root(out->doc), out, reply, err);
}

static void put_fault(struct reply *reply, struct jcs_fields *out)
{
	struct jcs_fields fault = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	buf_fail(&text, text_escape(&text, span_str(reply->why.text), 0,
				    NULL));
	fields_integer(&fault, "code", reply->fault);
	if (buf_end(&text, NULL) == 0)
		fields_text(&fault, "message",
			    text_cut(buf_span(&text), FAULT_TEXT_MAX));
	if (reply->fields.count)
		fields_object(&fault, "data", &reply->fields);
	fields_object(out, "error", &fault);
	jcs_fields_release(&fault);
	buf_release(&text);
}

int reply_write(struct reply *reply, const struct request *request,
		struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	fields_str(&fields, "jsonrpc", "2.0");
	if (request->id.len)
		fields_buf(&fields, "id", &request->id);
	else
		fields_null(&fields, "id");
	if (reply->fault)
		put_fault(reply, &fields);
	else
		fields_object(&fields, "result", &reply->fields);
	rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}
