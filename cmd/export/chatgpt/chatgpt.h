/*
 * A conversation as the export of ChatGPT has it, from the records that its
 * importer made (cmd/import/chatgpt/chatgpt.h).
 */
#ifndef VV_CMD_EXPORT_CHATGPT_CHATGPT_H
#define VV_CMD_EXPORT_CHATGPT_CHATGPT_H

#include "cmd/export/conversations.h"
#include "cmd/export/members.h"

/* A node of the mapping. */
struct chatgpt_export_node {
	struct span entity;
	struct jdoc *doc;		/* its state as plain JSON */
	const struct jval *native;
	struct span key;
	size_t parent;			/* SIZE_MAX: none of the nodes */
	long long sibling;
};

/* The `children` of a node as they stood, where the links say otherwise. */
struct chatgpt_export_odd {
	struct span key;
	const struct jval *list;
};

/* A conversation on its way out; all zero but for view, doc and out. */
struct chatgpt_export_talk {
	struct view *view;
	struct jdoc *doc;		/* the session's state, owned */
	const struct jval *native;
	struct chatgpt_export_node *nodes;	/* sorted by entity */
	size_t n;
	size_t *family;			/* nodes by parent and place in it */
	struct chatgpt_export_odd *odd;
	size_t odd_n;
	struct buf *out;
	uint64_t assets;		/* files that its messages show */
};

/* Read the messages, which are sorted by entity, as nodes. */
MUST_USE int export_chatgpt_nodes(struct chatgpt_export_talk *talk,
				  const struct export_state *messages,
				  size_t n, struct err *err);
/* Append them as the value of `mapping`. */
void export_chatgpt_mapping(struct chatgpt_export_talk *talk);
void export_chatgpt_release(struct chatgpt_export_talk *talk);

/* The node of this entity, or SIZE_MAX. */
size_t export_chatgpt_find(const struct chatgpt_export_talk *talk,
			   struct span entity);

/* The id in the source of what an entity spells so. */
struct span export_chatgpt_key(const struct jval *native, struct span spelt);

/* Append the value of the member `message`. */
void export_chatgpt_message(const struct chatgpt_export_node *node,
			    struct buf *out);

/* A member of time, unless native has it: the seconds of an ISO text. */
void export_chatgpt_time(struct export_members *members, const char *name,
			 const struct jval *native, const struct jval *time);

#endif
