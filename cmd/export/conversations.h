/*
 * The conversations of one provider with their messages, one at a time, for
 * exporters.
 */
#ifndef VV_CMD_EXPORT_CONVERSATIONS_H
#define VV_CMD_EXPORT_CONVERSATIONS_H

#include "cmd/export/export.h"

/* An entity and its state, a canonical object. */
struct export_state {
	struct buf entity;
	struct buf state;
};

/* Borrowed for the call. */
struct export_conversation {
	struct span entity;		/* session:P:C */
	struct span state;		/* "{}" where it has no record */
	const struct export_state *messages;	/* sorted by entity */
	size_t n;
};

struct export_conversation_visitor {
	/* Append it as JSON. */
	int (*conversation)(void *arg,
			    const struct export_conversation *conversation,
			    struct buf *out, struct err *err);
	void *arg;
	const char *provider;		/* "chatgpt", as its entities say */
	const char *name;		/* for people: "ChatGPT" */
};

/*
 * Write all conversations of the provider as an array, and tell how many there
 * are of others. Memory goes with the largest place of the tree.
 */
MUST_USE int export_conversations(const struct export *export,
				  const struct export_conversation_visitor
				  *visitor, struct err *err);

#endif
