/*
 * Reading a chat of VS Code: what its parts share. A request is a user's
 * message and the answer to it.
 */
#ifndef VV_CMD_IMPORT_COPILOT_VSCODE_INTERNAL_H
#define VV_CMD_IMPORT_COPILOT_VSCODE_INTERNAL_H

#include "cmd/import/records/part.h"

#define VSCODE_PROVIDER "vscode"

struct vscode_run {
	struct import_job *job;
	struct import_source *source;
	struct chat chat;
	struct parts parts;
	struct buf native;
	struct buf value;
	struct buf parent;	/* key of the message before; empty: none */
	struct jcs_fields fields;
	int64_t index;		/* of the request at hand */
};

/* Put the messages of a request. */
MUST_USE int vscode_put(struct vscode_run *run, const struct jval *request,
			struct err *err);

/* What an answer is made of, in order. */
void vscode_response(struct parts *parts, const struct jval *items,
		     bool *out_has_call);

#endif
