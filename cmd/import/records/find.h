/*
 * Finding a text in another in linear time, whatever both are.
 */
#ifndef VV_CMD_IMPORT_RECORDS_FIND_H
#define VV_CMD_IMPORT_RECORDS_FIND_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

/* The place of the first occurrence; not found: there is none, or wanted is
 * empty. ERR_NOMEM. */
MUST_USE int text_find(struct span text, struct span wanted,
			    bool *out_is_found, size_t *out_at,
			    struct err *err);

#endif
