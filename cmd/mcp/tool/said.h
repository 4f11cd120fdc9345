/*
 * Pieces that the answers of several tools have in common: to the text for
 * models, and to the object for programs.
 */
#ifndef VV_CMD_MCP_TOOL_SAID_H
#define VV_CMD_MCP_TOOL_SAID_H

#include "cmd/mcp/asking.h"
#include "cmd/mcp/tool/tool.h"

/*
 * Is it a name? Then it may stand outside of fences.
 */
bool said_is_name(const char *name);

/*
 * Of an object of an action: the decoded text of a string among its members,
 * appended with before in front of it; nothing where there is none, or where
 * it is more than a name: of letters, digits and ._:/@- alone, at most 128
 * characters, at most 6 words of letters, no two dashes in a row. Names stand outside of fences:
 * who has a say in one, in a role or a source is to have no room for a sentence
 * there.
 */
void said_word(struct buf *out, const char *before, struct span object,
	       const char *name);

/* The same as a member: null instead of nothing. */
void said_field(struct jcs_fields *fields, const char *name,
		struct span object, const char *member);

/* "from", as an action told it, with its words made safe. */
void said_from(struct tool_call *call, struct span object,
	       struct jcs_fields *fields);

/* How many characters are left of the call's budget, beside what ends each
 * answer; much, where it has none. */
size_t said_room(const struct tool_call *call);

/* "notes": what an action said beside its objects, if anything. */
void said_notes(struct tool_call *call, const struct asking *asking);

/* What stands behind each answer that quotes: "notice". */
void said_end(struct tool_call *call);

#endif
