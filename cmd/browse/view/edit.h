/*
 * A line that is typed.
 */
#ifndef VV_CMD_BROWSE_VIEW_EDIT_H
#define VV_CMD_BROWSE_VIEW_EDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"

#define EDIT_MAX_BYTES 4096

struct edit {
	struct buf text;
	size_t at;		/* the cursor, in bytes: between characters */
};

#define EDIT_INIT { BUF_INIT(EDIT_MAX_BYTES), 0 }

enum edit_move {
	EDIT_LEFT, EDIT_RIGHT, EDIT_BEGIN, EDIT_END
};

/* Replace the text, with the cursor behind it. Too much is left out. */
void edit_set(struct edit *edit, struct span text);
/* What cannot be put in (the line is full) is left out. */
void edit_insert(struct edit *edit, uint32_t point);
void edit_move(struct edit *edit, enum edit_move move);
/* Delete the character, or the word, before the cursor; or all. */
void edit_erase(struct edit *edit);
void edit_erase_word(struct edit *edit);
void edit_clear(struct edit *edit);
void edit_release(struct edit *edit);

#endif
