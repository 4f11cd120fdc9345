/*
 * The terminal, by ncurses: keys in, styled characters out. Nothing else here
 * knows of it.
 */
#ifndef VV_CMD_BROWSE_SCREEN_H
#define VV_CMD_BROWSE_SCREEN_H

#include "cmd/browse/view/grid.h"
#include "cmd/browse/view/keys.h"

/* Behind the keys that have names. */
#define PRESS_RESIZED (PRESS_OTHER + 1)

struct screen;

/*
 * Take the terminal that standard input and output are. The locale's
 * characters are those of the environment from then on. ERR_UNSUPPORTED: one
 * of a kind that is not known. has_color: it may be used, if there is any.
 */
MUST_USE int screen_open(bool has_color, struct screen **out,
			 struct err *err);
/* Give it back as it was, and the locale with it. Accepts NULL. */
void screen_close(struct screen *screen);

/* Make the grid as large as the terminal is now. */
MUST_USE int screen_fit(struct screen *screen, struct grid *grid,
			struct err *err);
void screen_show(struct screen *screen, const struct grid *grid);
/* The next key that was pressed, PRESS_RESIZED among them; false: none is
 * waiting. */
bool screen_key(struct screen *screen, uint32_t *key);

/* Stop, with the terminal as it was, until the shell says to go on. */
void screen_suspend(struct screen *screen);
/* Give the terminal to another program, and take it back. */
void screen_lend(struct screen *screen);
void screen_take_back(struct screen *screen);
/* What is on the terminal may be anything: show all of it again. */
void screen_forget(struct screen *screen);

#endif
