/*
 * Where what was found comes from, and where was looked, in words.
 */
#ifndef VV_CMD_RENDER_READ_WHENCE_H
#define VV_CMD_RENDER_READ_WHENCE_H

#include "lib/json/jdoc.h"

/* A line with who signed a hit, and how it came; nothing where it does not
 * say. */
void render_from(const struct jval *hit);
/* A line with the constructs that were looked through. */
void render_searched(const struct jval *searched);

#endif
