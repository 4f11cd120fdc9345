#include "lib/base/array.h"

#include <stdlib.h>
#include <string.h>

#define ARRAY_FIRST 16

int array_grow(void **array, size_t *cap, size_t used, size_t size,
	       struct err *err)
{
	size_t wanted = *cap ? *cap : ARRAY_FIRST / 2;
	void *grown;

	if (used < *cap)
		return 0;
	do
		wanted *= 2;
	while (wanted <= used);
	if (wanted > (size_t)-1 / 4 / size)
		return err_set(err, ERR_NOMEM, "out of memory");
	grown = realloc(*array, wanted * size);
	if (!grown)
		return err_set(err, ERR_NOMEM, "out of memory");
	*array = grown;
	*cap = wanted;
	return 0;
}

/* By its bytes, for no pointer to void may stand for one to elements. */
int array_room_at(void *at, size_t size, size_t *cap, size_t used,
		  struct err *err)
{
	void *array;
	int rc;

	memcpy(&array, at, sizeof(array));
	rc = array_grow(&array, cap, used, size, err);
	memcpy(at, &array, sizeof(array));
	return rc;
}
