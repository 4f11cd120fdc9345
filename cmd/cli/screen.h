/*
 * What the terminal can show beside letters in colors, by the environment and,
 * for pictures, by what it answers.
 */
#ifndef VV_CMD_CLI_SCREEN_H
#define VV_CMD_CLI_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/span.h"

/* Styles of say_styled(): a color in the low bits, and any of these. */
#define SAY_COLOR_BITS 7u		/* enum say_color */
#define SAY_AND_BOLD 8u
#define SAY_AND_DIM 16u
#define SAY_AND_ITALIC 32u
#define SAY_AND_UNDERLINE 64u
#define SAY_AND_STRIKE 128u

/* Text from outside in that style, if there are colors at all. */
void say_styled(unsigned style, struct span text);

/* Columns of a line: of $COLUMNS, of the terminal, or 0: there is none. */
unsigned screen_width(void);
/* The same of what talk is printed on, or 0: it is no terminal. */
unsigned screen_talk_width(void);
/* Are characters beyond ASCII shown, by $LC_ALL and the like? */
bool screen_is_utf8(void);
/* Columns that a character takes, 0 to 2. */
unsigned screen_columns(uint32_t point);

/* Is it an address, and can the terminal follow one? Then what is printed
 * between these two leads to it. */
bool screen_follows(struct span url);
void screen_link(struct span url);
void screen_link_end(void);

/* Show a picture (its bytes in base64) where the terminal can, on lines of its
 * own. media: "image/png". False: it cannot; then *out_lacks says why, for a
 * person, or is NULL: there is no terminal, or no picture. */
bool screen_picture(struct span media, struct span base64,
		    const char **out_lacks);

#endif
