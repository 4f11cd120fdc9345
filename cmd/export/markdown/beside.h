/*
 * What stands beside the text of a message, as Markdown, for every view that
 * is read: what it rests on, what a picture was made of, which document it is.
 */
#ifndef VV_CMD_EXPORT_MARKDOWN_BESIDE_H
#define VV_CMD_EXPORT_MARKDOWN_BESIDE_H

#include <stdbool.h>

#include "lib/base/buf.h"

/* Is the part told so, and need not be told otherwise? */
bool beside_has(struct span part);

/*
 * Append it, of the parts {"type":"canvas","title","version"}, {"type":
 * "prompt","text"} and {"type":"source","title","url"} of a state; nothing
 * where there are none. ERR_NOMEM.
 */
MUST_USE int beside_put(struct span state, struct buf *out, struct err *err);

/*
 * Append text without the marks that programs leave in it for themselves, as
 * ChatGPT does where it cites: from U+E200 to U+E201, with a blank before.
 */
void beside_put_readable(struct buf *out, struct span text);

#endif
