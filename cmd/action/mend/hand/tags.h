/*
 * A list of tags, each text its own.
 */
#ifndef VV_CMD_ACTION_MEND_HAND_TAGS_H
#define VV_CMD_ACTION_MEND_HAND_TAGS_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/json/jcs_write.h"

struct tags {
	char **at;
	size_t n;
	size_t cap;
};

#define TAGS_INIT { NULL, 0, 0 }
void tags_release(struct tags *tags);

MUST_USE int tags_add(struct tags *tags, struct span text, struct err *err);

/* Add those of a state, a canonical object, that are text. */
MUST_USE int tags_of(struct span state, struct tags *out, struct err *err);

void tags_sort(struct tags *tags);
bool tags_have(const struct tags *tags, const char *text);

/* "tags": [texts]. */
void tags_put(const struct tags *tags, struct jcs_fields *fields);

#endif
