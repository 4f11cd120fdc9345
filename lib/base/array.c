#include "lib/base/array.h"

#include <stdlib.h>
#include <string.h>

#define ARRAY_FIRST 16

/* By its bytes, for no pointer to void may stand for one to elements. */
int array_room_at(void *at, size_t size, size_t *cap, size_t used,
		  struct err *err)
{
	size_t wanted = *cap ? *cap : ARRAY_FIRST / 2;
	void *array;
	void *grown = NULL;

	if (used < *cap)
		return 0;
	do
		wanted *= 2;
	while (wanted <= used);
	memcpy(&array, at, sizeof(array));
	if (wanted <= (size_t)-1 / 4 / size)
		grown = realloc(array, wanted * size);
	if (!grown)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(at, &grown, sizeof(grown));
	*cap = wanted;
	return 0;
}
