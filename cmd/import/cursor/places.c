#include "cmd/import/cursor/cursor_internal.h"

#include <stdlib.h>

static int by_time(const void *a, const void *b)
{
	const struct cursor_place *one = a;
	const struct cursor_place *other = b;

	if (one->micros != other->micros)
		return one->micros < other->micros ? -1 : 1;
	return (one->order > other->order) - (one->order < other->order);
}

void cursor_places_sort(struct cursor_places *places)
{
	if (places->n)
		qsort(places->at, places->n, sizeof(*places->at), by_time);
}
