/*
 * The parts of a message, one after the other: what is not plain text, and
 * where plain text that came in pieces stands in the content.
 */
#ifndef VV_CMD_IMPORT_RECORDS_PART_H
#define VV_CMD_IMPORT_RECORDS_PART_H

#include <stdbool.h>

#include "cmd/import/records/chat.h"
#include "lib/json/jcs_write.h"
#include "lib/json/jdoc.h"

/*
 * A message being put together. A part is made by part_begin(), fields into
 * `fields` (jcs_fields_*() and rest.h), part_end().
 */
struct parts {
	struct buf content;		/* the plain text so far */
	struct buf list;		/* "[{...},{...}" */
	struct jcs_fields fields;	/* of the part at hand */
	struct buf value;		/* scratch */
	size_t count;
	bool is_plain;			/* only text, and in one piece */
};

#define PARTS_INIT { BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
		     JCS_FIELDS_INIT, BUF_INIT(BUF_NO_LIMIT), 0, true }

void parts_reset(struct parts *parts);
void parts_release(struct parts *parts);

MUST_USE int part_begin(struct parts *parts, const char *type,
			struct err *err);
/* The same for one that stands in the content: from start to its end. */
MUST_USE int part_begin_from(struct parts *parts, const char *type,
			     size_t start, struct err *err);
MUST_USE int part_end(struct parts *parts, struct err *err);

/* Append text to the content, and a part {"type":"text","start","end"}. */
MUST_USE int part_text(struct parts *parts, struct span text,
		       struct err *err);

/* A part {"type":<type>,"text":<text>}: a thought, an error. */
MUST_USE int part_said(struct parts *parts, const char *type,
		       struct span text, struct err *err);

/* A part {"type":<type>,"native":{...}}: the members of an object but those
 * named in `taken`; of any other value, it. */
MUST_USE int part_native(struct parts *parts, const char *type,
			 const struct jval *value, const char *const *taken,
			 struct err *err);

/*
 * A field `name` of the part at hand that refers to bytes, stored as a blob:
 * those of padded base64. Returns 1, or 0 when the text is none; then nothing
 * was added.
 */
MUST_USE int part_base64(struct parts *parts, struct chat *chat,
			 const char *name, struct span text,
			 struct span media, struct err *err);

/*
 * The list for chat_message.parts, borrowed until the next change; absent
 * when there is nothing that the content does not say.
 */
MUST_USE int parts_list(struct parts *parts, struct span *out,
			struct err *err);

#endif
