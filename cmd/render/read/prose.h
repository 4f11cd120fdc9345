/*
 * Markdown as a person reads it on a terminal.
 */
#ifndef VV_CMD_RENDER_READ_PROSE_H
#define VV_CMD_RENDER_READ_PROSE_H

#include "cmd/render/read/flow.h"

/* Print a text in Markdown, in that style; one that is too long for that as it
 * stands. */
void prose_print(struct flow *flow, unsigned style, struct span text);
/* Print a text as it stands, its lines unbroken. */
void prose_print_plain(struct flow *flow, unsigned style, struct span text);

#endif
