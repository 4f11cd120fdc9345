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
	int (*conversation)(void *arg,
			    const struct export_conversation *conversation,
			    struct err *err);
	void *arg;
};

/*
 * Visit all conversations of the provider ("chatgpt"). Memory goes with the
 * largest place of the tree. out_foreign: how many there are of others.
 */
MUST_USE int export_conversations(struct view *view, const char *provider,
				  const struct export_conversation_visitor
				  *visitor, uint64_t *out_foreign,
				  struct err *err);

#endif
