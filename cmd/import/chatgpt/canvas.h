/*
 * Canvases: documents that ChatGPT writes beside a conversation by calls to
 * "canmore", and changes by patterns and what comes in their place. Each
 * version is a document (records/document.h), and the text of the message
 * that made it, where a person saw it.
 */
#ifndef VV_CMD_IMPORT_CHATGPT_CANVAS_H
#define VV_CMD_IMPORT_CHATGPT_CANVAS_H

#include "cmd/import/chatgpt/tree.h"
#include "cmd/import/records/document.h"

struct chatgpt_run;
struct jcs_fields;

/* What a message made of a canvas. */
struct chatgpt_page {
	struct span text;	/* absent: it made none */
	struct span id;		/* of the document; absent: of remarks on it */
	struct span title;
	size_t version;
};

/* Of one conversation; begun with all zero. */
struct chatgpt_canvas {
	const struct chatgpt_tree *tree;
	struct documents documents;
	struct chatgpt_page *pages;	/* by node; NULL: there is no canvas */
	struct {
		struct jdoc **at;	/* of calls: texts are borrowed */
		size_t n;
		size_t cap;
	} calls;
	struct buf text;
};

/* Replay all calls of a conversation that was begun, into run->canvas; the
 * records of the documents are put. Released with the conversation. */
MUST_USE int chatgpt_canvas_read(struct chatgpt_run *run,
				 const struct chatgpt_tree *tree,
				 struct err *err);
void chatgpt_canvas_release(struct chatgpt_canvas *canvas);

/* What the node made, or NULL. */
const struct chatgpt_page *chatgpt_canvas_page(const struct chatgpt_canvas
					       *canvas, size_t node);

#endif
