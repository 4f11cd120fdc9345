/*
 * A JSON document that breaks off: what of it is whole.
 */
#ifndef VV_CMD_IMPORT_INPUT_BEGUN_H
#define VV_CMD_IMPORT_INPUT_BEGUN_H

#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/span.h"

/*
 * Append the document with all that is whole in the begin of one, which is
 * sound as far as it goes: members of its objects down to the first list, and
 * the items of that one. *out_len: bytes of the begin that are in it; 0, and
 * nothing appended, where nothing is whole. To text that is built (buf_end()).
 */
void begun_put(struct span begin, struct buf *out, size_t *out_len);

#endif
