/*
 * Reading a chat of VS Code: what its parts share. A request is a user's
 * message and the answer to it.
 */
#ifndef VV_CMD_IMPORT_COPILOT_VSCODE_INTERNAL_H
#define VV_CMD_IMPORT_COPILOT_VSCODE_INTERNAL_H

#include "cmd/import/records/part.h"
#include "cmd/import/records/take.h"

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

/* What lies beside a chat: the folder that was open. */
enum import_place vscode_place(const struct import_input *input,
			       struct span place, const char **out_reason);
MUST_USE int vscode_beside(const struct import_input *input,
			   struct span place, struct beside *to,
			   struct err *err);
/* Append the object of what a chat says else of itself, and that folder;
 * nothing where that is nothing. */
void vscode_around(const struct import_source *source,
		   const struct take *chat, struct buf *out);

/* Put the messages of a request. */
MUST_USE int vscode_put(struct vscode_run *run, const struct jval *request,
			struct err *err);

/* The calls of a request, with what the model asked and was given. */
struct vscode_calls;

MUST_USE int vscode_calls_new(const struct jval *request,
			      struct vscode_calls **out, struct err *err);
void vscode_calls_free(struct vscode_calls *calls);
/* Parts of a call among the pieces of the answer, and of what came of it; then
 * of those that are not among them. */
void vscode_call(struct vscode_calls *calls, struct parts *parts,
		 const struct jval *piece);
void vscode_calls_rest(struct vscode_calls *calls, struct parts *parts);

/* What an answer is made of, in order. */
void vscode_response(struct vscode_calls *calls, struct parts *parts,
		     const struct jval *items, bool *out_has_call);

/* What the person attached to a question, as parts; what the editor proposes
 * to ask next; why there is no answer. */
void vscode_attached(struct parts *parts, const struct jval *request);
void vscode_followups(struct parts *parts, struct take *request);
void vscode_error(struct parts *parts, const struct jval *request);

#endif
