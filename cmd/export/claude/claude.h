/*
 * A conversation as the export of Claude.ai has it.
 */
#ifndef VV_CMD_EXPORT_CLAUDE_CLAUDE_H
#define VV_CMD_EXPORT_CLAUDE_CLAUDE_H

#include "cmd/export/export.h"
#include "cmd/export/members.h"

/* An entity and its state, copied. */
struct claude_stated {
	struct buf entity;
	struct buf state;
	int64_t index;		/* of a message */
};

/* A conversation: the session's entity and state, the messages in order. */
struct claude_talk {
	struct span entity;
	struct span state;
	const struct claude_stated *messages;
	size_t messages_n;
};

/* Append it. */
MUST_USE int export_claude_talk(struct view *view,
				const struct claude_talk *talk,
				struct buf *out, struct err *err);

/* The lists content, attachments and files of a message. */
MUST_USE int export_claude_lists(struct export_members *members,
				 const struct jval *state,
				 const struct jval *native, struct err *err);

#endif
