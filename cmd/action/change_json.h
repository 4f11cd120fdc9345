/*
 * How one change of an entity stands in JSON: in `diff` and in the report of
 * an import.
 */
#ifndef VV_CMD_ACTION_CHANGE_JSON_H
#define VV_CMD_ACTION_CHANGE_JSON_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "refs/view/view.h"

/*
 * Append {"change","entity","fields":[{"from","path","to"}],"kind"}. is_brief:
 * with "title" where there is one, and without the fields of what comes or
 * goes whole.
 */
MUST_USE int change_json(const struct view_change *change, bool is_brief,
			 struct buf *out, struct err *err);

/* What a person knows an entity by, better than its key: a JSON string of its
 * state, which may be absent. */
bool change_title(struct span state, struct span *out);

#endif
