/*
 * The lines by which two versions of a small text differ, for a person.
 */
#ifndef VV_CMD_ACTION_SETTINGS_LINE_CHANGES_H
#define VV_CMD_ACTION_SETTINGS_LINE_CHANGES_H

#include "lib/base/buf.h"
#include "lib/base/span.h"

/* Append "- <line>" for each that goes, and "+ <line>" for each that comes, in
 * order; escaped, as for a terminal. Of a long line there is what differs. */
void line_changes_put(struct span before, struct span after, struct buf *out);

#endif
