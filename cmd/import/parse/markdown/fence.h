/*
 * Fences of code in Markdown: what stands between two of them is text of
 * whoever wrote it, whatever it looks like.
 */
#ifndef VV_CMD_IMPORT_PARSE_MARKDOWN_FENCE_H
#define VV_CMD_IMPORT_PARSE_MARKDOWN_FENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/span.h"

#define FENCE_MIN 3
#define FENCE_MAX 16	/* longer ones count as that long */

struct fence {
	char mark;		/* '`' or '~'; 0: the line is none */
	size_t len;		/* how many of it */
	bool is_bare;		/* nothing follows: it may close one */
};

/* What a line, without its newline, is of a fence; blanks may stand before. */
struct fence fence_of(struct span line);

/* Does the one close what the other opened? */
bool fence_closes(const struct fence *fence, const struct fence *open);

#endif
