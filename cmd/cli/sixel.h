/*
 * Pictures on terminals that know sixels. What reads the picture is img2sixel
 * of libsixel, a process of its own, so that a hostile one harms it alone.
 */
#ifndef VV_CMD_CLI_SIXEL_H
#define VV_CMD_CLI_SIXEL_H

#include <stdbool.h>

#include "lib/base/span.h"

/* Does the terminal know them? It is asked, once; one that does not answer in
 * time does not. It is then as it was. */
bool sixel_is_known(void);

/* What became of a picture. */
enum sixel_end {
	SIXEL_SHOWN,
	SIXEL_NO_PROGRAM,	/* img2sixel is not on PATH */
	SIXEL_FAILED		/* it makes nothing of it, or too much */
};

/* Show a picture, its bytes in base64, on lines of its own. */
enum sixel_end sixel_show(struct span base64);

#endif
