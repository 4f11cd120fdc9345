/*
 * Sources whose exact bytes an importer kept: were they edited here since?
 */
#ifndef VV_CMD_EXPORT_KEPT_H
#define VV_CMD_EXPORT_KEPT_H

#include <stdbool.h>

#include "cmd/export/export.h"

/*
 * Does a record that was made here (and not derived from a source) speak of
 * the entity? member: only those that set this one of data; NULL: any.
 */
bool export_is_edited(const struct view_entity *entity, const char *member);

/*
 * Append the state of the construct itself, without what a capsule says
 * below it; nothing when it has no record. Is its persona edited?
 */
MUST_USE int export_construct(struct view *view, struct buf *out,
			      bool *out_is_edited, struct err *err);

/* Append the bytes of the blob that a canonical reference names.
 * ERR_NOT_FOUND for a value that is none. */
MUST_USE int export_blob(struct view *view, struct span reference,
			 struct buf *out, struct err *err);

#endif
