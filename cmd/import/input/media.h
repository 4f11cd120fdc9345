/*
 * The media type of a file that came along: what its blob says of itself.
 */
#ifndef VV_CMD_IMPORT_INPUT_MEDIA_H
#define VV_CMD_IMPORT_INPUT_MEDIA_H

#include "lib/base/span.h"

/*
 * By the suffix of its name, in either case; where that says nothing, by its
 * first bytes; else application/octet-stream. Static text.
 */
const char *media_of_file(const char *name, struct span bytes);

#endif
