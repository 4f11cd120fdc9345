/*
 * The messages of a Claude.ai conversation as a tree.
 *
 * With parent_message_uuid on any message, the parents make the tree; a root
 * has the zero one. What names none that is there stands behind the message
 * before it. Without, the messages are one line, by
 * `index` where all have it, else in the order of the array.
 *
 * The leaf that is shown is the one that current_leaf_message_uuid names,
 * which only few exporters write. Else it is the leaf behind the message of
 * the greatest (created_at, place); that is a guess only where there is more
 * than one leaf to choose from.
 */
#ifndef VV_CMD_IMPORT_CLAUDE_AI_TREE_H
#define VV_CMD_IMPORT_CLAUDE_AI_TREE_H

#include "cmd/import/records/chat.h"
#include "lib/base/table.h"

#define CLAUDE_AI_NONE SIZE_MAX

struct claude_ai_node {
	const struct jval *value;	/* an object */
	struct span key;
	char made[32];			/* the key of one that has none */
	struct span parent;		/* absent for a root */
	size_t parent_at;		/* CLAUDE_AI_NONE: it is a root */
	size_t first;			/* children, in order */
	size_t last;
	size_t next;			/* child of the same parent */
	struct chat_time created;
	long long index;
};

struct claude_ai_tree {
	struct claude_ai_node *at;	/* in the order of the conversation */
	size_t n;
	struct table ids;
	size_t mended;			/* whose place is a guess: links.h */
	bool has_parents;
	bool has_index;
};

#define CLAUDE_AI_TREE_INIT { NULL, 0, TABLE_INIT(SHA256_BYTES, \
				TABLE_NO_LIMIT), 0, false, true }
void claude_ai_tree_release(struct claude_ai_tree *tree);

/* Whom to tell of what cannot be taken, and where it stands. */
struct claude_ai_place {
	struct import_job *job;
	struct import_source *source;
	const struct jdoc *doc;
	uint64_t offset;		/* of the document in the source */
};

/* Take the messages in. What is no object is malformed, a second message of
 * one id left out. */
MUST_USE int claude_ai_tree_build(struct claude_ai_tree *tree,
				  const struct claude_ai_place *place,
				  const struct jval *messages,
				  struct err *err);

/* The leaf that is shown; CLAUDE_AI_NONE when there are no messages. */
size_t claude_ai_tree_leaf(const struct claude_ai_tree *tree,
			   struct span named, bool *out_is_guessed);

#endif
