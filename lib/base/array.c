#include "lib/base/array.h"

#include <stdlib.h>

#define ARRAY_FIRST 16

int array_grow(void **array, size_t *cap, size_t used, size_t size,
	       struct err *err)
{
	size_t wanted = *cap ? *cap * 2 : ARRAY_FIRST;
	void *grown;

	if (used < *cap)
		return 0;
	if (wanted > (size_t)-1 / size)
		return err_set(err, ERR_NOMEM, "out of memory");
	grown = realloc(*array, wanted * size);
	if (!grown)
		return err_set(err, ERR_NOMEM, "out of memory");
	*array = grown;
	*cap = wanted;
	return 0;
}
