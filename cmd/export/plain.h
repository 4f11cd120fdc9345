/*
 * The state of an entity as the plain JSON that it came from, for exporters
 * of foreign formats.
 */
#ifndef VV_CMD_EXPORT_PLAIN_H
#define VV_CMD_EXPORT_PLAIN_H

#include "cmd/export/export.h"
#include "lib/json/jdoc.h"

/*
 * Replace out with a canonical value as plain JSON (jdoc_from_jcs): "$raw"
 * bytes put back, and every blob of text or JSON in place of its reference.
 * Other blobs stay references. ERR_LIMIT when that takes over 1 GiB.
 */
MUST_USE int export_plain(struct view *view, struct span value,
			  struct buf *out, struct err *err);

/* The same, parsed; the document owns its text. */
MUST_USE int export_doc(struct view *view, struct span value,
			struct jdoc **out, struct err *err);

/* The next blob reference in canonical text, however deep; absent when there
 * is none. */
struct span export_next_blob(struct span text);

#endif
