/*
 * Arrays that double.
 */
#ifndef VV_LIB_BASE_ARRAY_H
#define VV_LIB_BASE_ARRAY_H

#include <stddef.h>

#include "lib/base/err.h"

/*
 * Room for one more in a list, a struct with the members at (its elements),
 * n and cap, all zero at first: 0, and list->at[list->n++] may be set;
 * ERR_NOMEM changes nothing. Released with free().
 */
#define array_room(list, err)						\
	array_room_in((list)->at, (list)->n, (list)->cap, (err))

/* The same for an array beside others in a struct. */
#define array_room_in(array, n, cap, err)				\
	((n) < (cap) ? 0 :						\
	 array_room_at(&(array), sizeof(*(array)), &(cap), (n), (err)))

/* Room for so many more, where their number is known before: nothing is copied
 * while they come. */
#define array_reserve(list, more, err)					\
	array_room_at(&(list)->at, sizeof(*(list)->at), &(list)->cap,	\
		      (list)->n + (more), (err))

/* at: the address of a pointer to elements of that size, of which so many are
 * used; there is room for one more then. */
MUST_USE int array_room_at(void *at, size_t size, size_t *cap, size_t used,
			   struct err *err);

#endif
