/*
 * The formats of `vvault export`: each writes a construct to stdout.
 */
#ifndef VV_CMD_EXPORT_EXPORT_H
#define VV_CMD_EXPORT_EXPORT_H

#include "cmd/cli/cmd.h"
#include "lib/base/buf.h"
#include "refs/view/view.h"

/* The newest capsule's exact bytes; ERR_NOT_FOUND when there is none. */
MUST_USE int export_capsule(struct session *session, struct view *view);

/* A Letta agent file as it was kept; edits are put into it. */
MUST_USE int export_af(struct session *session, struct view *view);

/* The newest character card: its exact JSON, unless it was edited here. */
MUST_USE int export_card(struct session *session, struct view *view);

/* conversations.json of the sessions that came from ChatGPT. */
MUST_USE int export_chatgpt(struct session *session, struct view *view);

/* The conversations that came from Claude.ai, as its conversations.json. */
MUST_USE int export_claude(struct session *session, struct view *view);

/* Every record and the blobs that they need, as `import` takes them. */
MUST_USE int export_jsonl(struct session *session, struct view *view);

/* A portrait to read: persona, memories, conversations. */
MUST_USE int export_markdown(struct session *session, struct view *view);

/* The knowledge graph that came from an MCP memory server, as its
 * memory.jsonl; with the observations that were added to it here. */
MUST_USE int export_mcp_memory(struct session *session, struct view *view);

/* Write to stdout what the program must not change: no escaping. Whoever
 * reads it on a terminal asked for the bytes. */
void export_bytes(struct span bytes);

/*
 * Append the text of a canonical value: a string decoded, a blob of text
 * read, other JSON as it stands.
 */
MUST_USE int export_text(struct view *view, struct span value,
			 struct buf *out, struct err *err);

/* The sessions of a construct as markdown; part of export_markdown(). */
MUST_USE int export_sessions(struct session *session, struct view *view);

/* Append text from outside to markdown, what a terminal obeys escaped;
 * every line gets the prefix. */
MUST_USE int export_lines(struct span text, const char *prefix,
			  struct buf *out, struct err *err);

#endif
