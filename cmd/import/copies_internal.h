/*
 * How copies are remembered: a sealed list, a line for each, and for each a file
 * of the messages that it repeats.
 */
#ifndef VV_CMD_IMPORT_COPIES_INTERNAL_H
#define VV_CMD_IMPORT_COPIES_INTERNAL_H

#include "cmd/import/copies.h"
#include "lib/id/encode.h"

#define COPIES_LIST "list"
#define COPIES_LIST_MAX ((size_t)8 << 20)
#define COPIES_NAME_MAX (HEX_TEXT(16) + 1)

/* A line of the list, its fields between tabs; none of them can hold one. */
struct copy_line {
	struct span copy, original, construct, path, has_parents, next, count;
};
/* False: it is none. */
bool copy_line_read(struct span line, struct copy_line *out);

/* The name of the file with a copy's messages. */
void copies_name(struct span copy, char out[COPIES_NAME_MAX]);

/* Append a file of that name; nothing where there is none that this device
 * made. */
MUST_USE int copies_reveal(const struct vault *vault, const char *name,
			   size_t max, struct buf *out, struct err *err);

#endif
