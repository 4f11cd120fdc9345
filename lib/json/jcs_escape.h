/*
 * Escapes inside canonical strings, for the files of jcs_ only.
 */
#ifndef VV_LIB_JSON_JCS_ESCAPE_H
#define VV_LIB_JSON_JCS_ESCAPE_H

#include <stddef.h>

#include "lib/base/span.h"

/*
 * Bytes of the escape at the backslash that at points to; 0 when it is not
 * the one spelling that canonical form allows.
 */
size_t jcs_escape_len(const char *at, const char *end);

/* The byte that an escape of that length stands for. */
unsigned char jcs_escape_byte(const char *at, size_t len);

/*
 * Order of two inner texts by the UTF-16 code units of what they stand for.
 * A wrong escape counts as the end.
 */
int jcs_inner_compare(struct span a, struct span b);

#endif
