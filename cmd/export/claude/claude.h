/*
 * A conversation as the export of Claude.ai has it.
 */
#ifndef VV_CMD_EXPORT_CLAUDE_CLAUDE_H
#define VV_CMD_EXPORT_CLAUDE_CLAUDE_H

#include "cmd/export/export.h"
#include "cmd/export/members.h"

/* The content without the text of attachments, which stands behind it. */
struct span export_claude_said(const struct jval *state);

/* The lists content, attachments and files of a message. */
void export_claude_lists(struct export_members *members,
			 const struct jval *state, const struct jval *native);

#endif
