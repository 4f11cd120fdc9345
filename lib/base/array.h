/*
 * Arrays that double.
 */
#ifndef VV_LIB_BASE_ARRAY_H
#define VV_LIB_BASE_ARRAY_H

#include <stddef.h>

#include "lib/base/err.h"

/*
 * Make room for one more element of size bytes behind the used ones: *array
 * may move, *cap grows. Begin with NULL and 0. A failure (ERR_NOMEM) changes
 * nothing. Released with free().
 */
MUST_USE int array_grow(void **array, size_t *cap, size_t used, size_t size,
			struct err *err);

#endif
