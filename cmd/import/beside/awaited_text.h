/*
 * The whole text of a file in the place of what a message says of it.
 */
#ifndef VV_CMD_IMPORT_BESIDE_AWAITED_TEXT_H
#define VV_CMD_IMPORT_BESIDE_AWAITED_TEXT_H

#include "cmd/import/beside/awaited.h"

/* Where a file's text goes. */
struct awaited_text {
	struct import_job *job;
	struct import_source *source;
	const struct awaited_file *file;
};

/*
 * Replace out with the fields content and parts of a message, from what its
 * data or state says: that of the part that names the file is the whole text,
 * and the part has what stood there as `preview` and the `file`'s name. Where
 * it has no text, or another one than that which was cut, the part has its
 * bytes as `data`. Said once more it is the same. *out_is_there false: no part
 * names it.
 */
MUST_USE int awaited_text(const struct awaited_text *text, struct span data,
			  struct buf *out, bool *out_is_there,
			  struct err *err);

#endif
