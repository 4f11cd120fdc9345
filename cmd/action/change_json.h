/*
 * How one change of an entity stands in JSON: in `diff` and in the report of
 * an import.
 */
#ifndef VV_CMD_ACTION_CHANGE_JSON_H
#define VV_CMD_ACTION_CHANGE_JSON_H

#include "lib/base/buf.h"
#include "refs/view/view.h"

/* Append {"change","entity","fields":[{"from","path","to"}],"kind"}. */
MUST_USE int change_json(const struct view_change *change, struct buf *out,
			 struct err *err);

#endif
