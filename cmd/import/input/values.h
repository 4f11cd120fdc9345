/*
 * A source that is many JSON objects: an array of them, lines of them, or one
 * alone. Read as it comes: memory goes with the largest.
 */
#ifndef VV_CMD_IMPORT_INPUT_VALUES_H
#define VV_CMD_IMPORT_INPUT_VALUES_H

#include "cmd/import/import.h"
#include "lib/json/jdoc.h"

/* Borrowed for the call. */
struct source_value {
	const struct jval *value;	/* an object */
	struct span text;
	uint64_t offset;		/* of the text in the source */
};

struct values_visitor {
	int (*value)(void *arg, const struct source_value *value,
		     struct err *err);
	void *arg;
};

/*
 * Visit each object; what is none, or broken, is import_malformed(), and the
 * rest follows. member: the array stands at this member of an object; NULL:
 * it is the whole. max_depth as in struct jdoc_options. IMPORT_REFUSED when
 * nothing but malformed things was there.
 */
MUST_USE int values_each(struct import_job *job, struct import_source *source,
			 const char *member, size_t max_depth,
			 const struct values_visitor *visitor,
			 struct err *err);

#endif
