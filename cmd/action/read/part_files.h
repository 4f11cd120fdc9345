/*
 * Files that stand in the parts of a message.
 */
#ifndef VV_CMD_ACTION_READ_PART_FILES_H
#define VV_CMD_ACTION_READ_PART_FILES_H

#include "refs/view/view.h"

/* Is that part, an object, a file or a picture? */
bool part_is_file(struct span part);

/* Append {"name","media","size","blob"}, null where the source does not say;
 * and with its bytes "data", if it is a picture that is here. */
MUST_USE int part_put_file(struct view *view, struct span part,
			   bool with_data, struct buf *out, struct err *err);

#endif
