#include "lib/base/nearest.h"

#include "lib/base/edits.h"

#define BEGIN_MIN 3

static unsigned distance(struct span wanted, struct span name)
{
	unsigned edits = edits_between(wanted, name, NEAREST_EDITS_MAX);

	/* Of a short name too little would be left. */
	if (edits <= NEAREST_EDITS_MAX && edits * 2 < edits_length(name))
		return edits;
	if (wanted.len >= BEGIN_MIN && name.len > wanted.len &&
	    !memcmp(name.at, wanted.at, wanted.len))
		return NEAREST_BEGINS;
	return NEAREST_NONE;
}

void nearest_try(struct nearest *nearest, struct span name)
{
	unsigned far = distance(nearest->wanted, name);

	if (far >= nearest->distance)
		return;
	nearest->distance = far;
	nearest->found = name;
}

const char *nearest_of(const char *wanted, const char *const *names)
{
	struct nearest nearest = NEAREST_INIT(wanted);

	for (; *names; names++)
		nearest_try(&nearest, span_str(*names));
	return nearest.found.at;
}
