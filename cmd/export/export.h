/*
 * The formats of `vvault export`: each writes a construct to the host, as
 * bytes.
 */
#ifndef VV_CMD_EXPORT_EXPORT_H
#define VV_CMD_EXPORT_EXPORT_H

#include "cmd/action/host.h"
#include "lib/base/buf.h"
#include "refs/view/view.h"

struct export {
	struct view *view;
	const struct host *host;	/* gets the bytes, and notes */
	const char *temp_folder;	/* for what would fill the memory */
	const char *folder;		/* where a format of many files goes */
};

struct export_format {
	const char *name;
	int (*run)(const struct export *export, struct err *err);
	enum { EXPORT_FILE, EXPORT_FOLDER, EXPORT_EITHER } form;
};

/* NULL where there is none of that name; export_names() appends all names. */
const struct export_format *export_find(const char *name);
void export_names(struct buf *out);
/* The one that may be meant, or NULL. */
const char *export_near(const char *name);

/* The newest capsule's exact bytes; ERR_NOT_FOUND when there is none. */
MUST_USE int export_capsule(const struct export *export, struct err *err);

/* A Letta agent file as it was kept; edits are put into it. */
MUST_USE int export_af(const struct export *export, struct err *err);

/* The newest character card: its exact JSON, unless it was edited here; into
 * a folder with the picture and the assets that it came with. */
MUST_USE int export_card(const struct export *export, struct err *err);

/* conversations.json of the sessions that came from ChatGPT. */
MUST_USE int export_chatgpt(const struct export *export, struct err *err);

/* The conversations that came from Claude.ai, as its conversations.json. */
MUST_USE int export_claude(const struct export *export, struct err *err);

/* Pages to read in a browser, one for each session, in a folder of their own
 * that is whole or not there. Emits {"construct","folder","memories",
 * "messages","sessions"}. ERR_EXISTS where something lies in its place. */
MUST_USE int export_html(const struct export *export, struct err *err);

/* Every record and the blobs that they need, as `import` takes them. */
MUST_USE int export_jsonl(const struct export *export, struct err *err);

/* A portrait to read: persona, memories, conversations. */
MUST_USE int export_markdown(const struct export *export, struct err *err);

/* The knowledge graph that came from an MCP memory server, as its
 * memory.jsonl; with the observations that were added to it here. */
MUST_USE int export_mcp_memory(const struct export *export, struct err *err);

/* Write what was built, and reset it; its failure, too, is told. */
MUST_USE int export_bytes(const struct export *export, struct buf *bytes,
			  struct err *err);

/* "P:C" of session:P:C and of message:P:C/N: the conversation of both. */
struct span export_conversation_of(struct span entity);

/*
 * Append the text of a canonical value: a string decoded, a blob of text
 * read, other JSON as it stands.
 */
MUST_USE int export_text(struct view *view, struct span value,
			 struct buf *out, struct err *err);

#endif
