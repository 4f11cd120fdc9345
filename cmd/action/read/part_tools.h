/*
 * Calls of tools, and what they gave, in the parts of a message.
 */
#ifndef VV_CMD_ACTION_READ_PART_TOOLS_H
#define VV_CMD_ACTION_READ_PART_TOOLS_H

#include <stdbool.h>

#include "lib/base/buf.h"

/* The first of these members, ended by NULL, that there is and is not null: of
 * the object, else of its `function` or `native`. */
bool part_find(struct span object, const char *const *names,
	       struct span *out);

/* Append to a list, whose first item gets its bracket: a call with the input
 * or a line of it alone; a call that is no more than a text; how many bytes a
 * result has, of which all are content where the part does not say, and what an
 * error says first. */
void part_put_call(struct buf *list, struct span part, bool with_input);
void part_put_input(struct buf *list, struct span text);
void part_put_result(struct buf *list, struct span part,
		     struct span content);

#endif
