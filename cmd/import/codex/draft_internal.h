/*
 * Messages being put together: what items for the model and items of turns
 * have in common.
 */
#ifndef VV_CMD_IMPORT_CODEX_DRAFT_INTERNAL_H
#define VV_CMD_IMPORT_CODEX_DRAFT_INTERNAL_H

#include "cmd/import/codex/codex.h"

/* Append the part that these fields are, and reset them. */
void codex_put_part(struct jcs_fields *fields, struct buf *list);

/* How the texts of a message become its content. */
enum codex_how {
	CODEX_AS_READ,	/* a blank line between them */
	CODEX_AS_TYPED,	/* nothing between them, nor what the program adds */
	CODEX_APART	/* as read, but for what looks like the program's */
};

/* A block of a message; a list of them, or a text alone. */
void codex_put_block(struct codex_draft *draft, struct chat *chat,
		     const struct jval *value, enum codex_how how,
		     struct buf *list);
void codex_put_blocks(struct codex_draft *draft, struct chat *chat,
		      const struct jval *content, enum codex_how how,
		      struct buf *list);

/* Is that one text, and all that was said? It needs no list. */
bool codex_is_plain(const struct jval *content, const struct buf *said);

/* A picture as a data: URL or in base64: its bytes go to a blob, the field
 * `data`. False where there is none. */
bool codex_put_picture(struct chat *chat, struct span text,
		       struct jcs_fields *fields);

/* A person's pictures in an event. */
void codex_put_pictures(struct chat *chat, struct take *payload,
			struct buf *list);

/* Did the tool fail, by what came of it: output (may be NULL), or a text? */
bool codex_output_failed(const struct jval *output, struct span text);

/* An item of a turn that is a message of its own. */
void codex_fill_turn_item(struct codex_draft *draft, struct chat *chat,
			  const struct codex_skeleton *skeleton,
			  const struct codex_record *record,
			  const struct codex_line *line, struct take *payload);

#endif
