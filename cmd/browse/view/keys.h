/*
 * Keys: one table says what each does where, drives what happens and is what
 * help lists.
 */
#ifndef VV_CMD_BROWSE_VIEW_KEYS_H
#define VV_CMD_BROWSE_VIEW_KEYS_H

#include "cmd/browse/view/model.h"

/* Beside characters, which are themselves. */
enum press {
	PRESS_ENTER = '\r', PRESS_ESCAPE = 0x1b, PRESS_TAB = '\t',
	PRESS_ERASE = 0x7f,
	PRESS_UP = 0x110000, PRESS_DOWN, PRESS_LEFT, PRESS_RIGHT,
	PRESS_HOME, PRESS_END, PRESS_PAGE_UP, PRESS_PAGE_DOWN, PRESS_F1,
	PRESS_OTHER		/* one that has no name here */
};
#define PRESS_CTRL(letter) ((uint32_t)(letter) - '@')

#define BINDING_KEYS 4

struct binding {
	unsigned places;	/* enum place */
	uint32_t keys[BINDING_KEYS];	/* 0: no more */
	const char *help;
	void (*act)(struct model *model);
};

/* Ended by a row without help, in the order of help. */
extern const struct binding key_table[];

/* The parts of help: what works where. Ended by one without a title. */
struct key_part {
	enum place place;
	const char *title;
};
extern const struct key_part key_parts[];

/* What the key is called: "j", "Up", "Ctrl-C", "F1". */
void key_put_name(uint32_t key, struct buf *out);

/* A key was pressed: what it means there, or the character is typed, or it is
 * said that it means nothing. */
void key_press(struct model *model, uint32_t key);

#endif
