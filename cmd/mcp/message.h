/*
 * JSON-RPC 2.0: a message that came in, and what is answered.
 */
#ifndef VV_CMD_MCP_MESSAGE_H
#define VV_CMD_MCP_MESSAGE_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/json/jcs_write.h"
#include "lib/json/jdoc.h"

/* Kinds of faults, by their numbers in the protocol. */
enum fault {
	FAULT_NONE = 0,
	FAULT_PARSE = -32700,
	FAULT_REQUEST = -32600,
	FAULT_METHOD = -32601,
	FAULT_PARAMS = -32602,
	FAULT_INTERNAL = -32603,
	FAULT_NO_RESOURCE = -32002,	/* until 2025-11-25 */
	FAULT_VERSION = -32022		/* since 2026-07-28 */
};

#define FAULT_TEXT_MAX 1900	/* characters of any error's text */

/* What is borrowed lives as long as the document. */
struct request {
	struct jdoc *doc;
	struct buf id;			/* as JSON; empty: no answer is wanted */
	struct span method;
	const struct jval *params;	/* an object, or NULL */
	bool is_answer;			/* to something that nobody asked */
};

#define REQUEST_INIT { NULL, BUF_INIT(BUF_NO_LIMIT), { NULL, 0 }, NULL, false }
void request_release(struct request *request);

/* The result as it grows; or a fault with its sentence, which then goes out
 * instead. */
struct reply {
	enum fault fault;
	struct err why;
	struct jcs_fields fields;	/* of the result, or the fault's data */
};

#define REPLY_INIT { FAULT_NONE, ERR_INIT, JCS_FIELDS_INIT }
void reply_release(struct reply *reply);

/* Make it a fault: its text is cut where it is too long. Returns 0, so that a
 * caller writes "return reply_fault(...)". The first one counts. */
int reply_fault(struct reply *reply, enum fault fault, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

/*
 * Take a line apart. What is wrong with it becomes the reply's fault. ids are
 * strings and integers of any size. ERR_NOMEM.
 */
MUST_USE int request_read(struct span line, struct request *out,
			  struct reply *reply, struct err *err);

/* The whole answer, as one canonical object. */
MUST_USE int reply_write(struct reply *reply, const struct request *request,
			 struct buf *out, struct err *err);

#endif
