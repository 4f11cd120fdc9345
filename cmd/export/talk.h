/*
 * The messages of one conversation, for exports to be read.
 */
#ifndef VV_CMD_EXPORT_TALK_H
#define VV_CMD_EXPORT_TALK_H

#include "cmd/export/export.h"

/* A message that waits for the others of its session. */
struct said {
	struct buf entity;
	struct buf parent;
	struct buf state;
	int64_t index;
	unsigned char id[RECORD_ID_BYTES];	/* its newest record */
	size_t conflicts;	/* fields in dispute */
};

struct said_list {
	struct said *at;
	size_t n;
	size_t cap;
};

/* Copy what rendering needs of a message. */
MUST_USE int said_add(struct said_list *list, struct view *view,
		      const struct view_entity *message, struct err *err);
void said_reset(struct said_list *list);
void said_release(struct said_list *list);
/* Is it one that the source showed, no tool, thought or hidden one? */
bool said_is_shown(const struct said *said);

/* How many are messages, and no roots of trees? */
size_t said_count(const struct said_list *list);

/* Does the part only say which bytes of the content are of which kind? */
bool talk_is_position(struct span part);

/* Append a text member of a state, or nothing. */
MUST_USE int talk_text(struct view *view, struct span state, const char *name,
		       struct buf *out, struct err *err);

#endif
