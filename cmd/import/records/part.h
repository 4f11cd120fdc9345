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

struct take;

/*
 * A message being put together. A part is made by part_begin(), fields into
 * `fields` (fields_...() and rest.h), part_end(). After a failure each of
 * these does nothing, and parts_list() tells the first one.
 */
struct parts {
	struct buf content;		/* the plain text so far */
	struct buf list;		/* "[{...},{...}" */
	struct jcs_fields fields;	/* of the part at hand */
	struct err err;			/* of the first that failed */
	size_t count;
	bool is_plain;			/* only text, and in one piece */
};

#define PARTS_INIT { BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT), \
		     JCS_FIELDS_INIT, ERR_INIT, 0, true }

void parts_reset(struct parts *parts);
void parts_release(struct parts *parts);

void part_begin(struct parts *parts, const char *type);
/* The same for one that stands in the content: from start to its end. */
void part_begin_from(struct parts *parts, const char *type, size_t start);
void part_end(struct parts *parts);

/* Append text to a content, and fields "start" and "end" that say where it
 * stands there; a blank line before it where there is something. */
void part_place(struct buf *content, struct span text,
		struct jcs_fields *fields);

/* Append text to the content, and a part {"type":"text","start","end"}. */
void part_text(struct parts *parts, struct span text);

/* A part {"type":<type>,"text":<text>}, a thought or an error, and as `native`
 * what was not taken of the object that it is from (may be NULL). */
void part_said(struct parts *parts, const char *type, struct span text,
	       const struct take *rest);

/* A part {"type":<type>,"native":<value>}. */
void part_native(struct parts *parts, const char *type,
		 const struct jval *value);
/* The same of what was not taken; without `native` when that is nothing. */
void part_rest(struct parts *parts, const char *type,
	       const struct take *take);

/*
 * A field `name` of the part at hand that refers to bytes, stored as a blob:
 * those of a text that is padded base64, which then is taken.
 */
void part_base64(struct parts *parts, struct chat *chat, const char *name,
		 struct take *take, const char *member, struct span media);

/* The same of base64 itself; false, and no field, where it is none. */
bool part_bytes64(struct parts *parts, struct chat *chat, const char *name,
		  struct span base64, struct span media);

/*
 * The list for chat_message.parts, borrowed until the next change; absent
 * when there is nothing that the content does not say.
 */
MUST_USE int parts_list(struct parts *parts, struct span *out,
			struct err *err);

#endif
