/*
 * Places as editors write them: "file:///srv/my%20fern".
 */
#ifndef VV_CMD_IMPORT_RECORDS_URI_H
#define VV_CMD_IMPORT_RECORDS_URI_H

#include "lib/base/buf.h"
#include "lib/base/span.h"

/* Append the path that a URI of a file names; anything else as it stands. To
 * text that is built (buf_end()). */
void uri_put_path(struct span uri, struct buf *out);

#endif
