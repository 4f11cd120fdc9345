/*
 * Lines that are longer than the terminal, broken between words; what follows
 * stands under the text of their last column.
 */
#ifndef VV_CMD_CLI_WRAP_H
#define VV_CMD_CLI_WRAP_H

#include "lib/base/buf.h"

/*
 * Add the line (without its end) to out. Sequences that begin with ESC take no
 * column. What is between single quotes (a command, a path), and a word, stays
 * whole where a line is long enough for it; what is longer is left as it is.
 * width 0: nothing is broken. indent is that of all lines but the first; 0:
 * as the line itself has it.
 */
void wrap_line(struct span line, size_t indent, unsigned width,
	       struct buf *out);

#endif
