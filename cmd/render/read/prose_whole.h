/*
 * Is all of a text told if it is read as Markdown?
 */
#ifndef VV_CMD_RENDER_READ_PROSE_WHOLE_H
#define VV_CMD_RENDER_READ_PROSE_WHOLE_H

#include <stdbool.h>

#include "lib/base/buf.h"

/* How md4c is to read it, in both passes. */
#define PROSE_FLAGS (MD_DIALECT_GITHUB | MD_FLAG_NOHTML)

/*
 * False: some word of it would not be, or what comes of it would grow beyond
 * measure, or it is too long to be looked at; it is to stand as it is then.
 * links: lines that define links are told by nothing else; appended.
 */
bool prose_is_whole(struct span text, struct buf *links);

#endif
