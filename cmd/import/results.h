/*
 * What an import gave to each construct.
 */
#ifndef VV_CMD_IMPORT_RESULTS_H
#define VV_CMD_IMPORT_RESULTS_H

#include "lib/base/table.h"
#include "refs/write/write.h"

struct import_others;

struct import_result {
	char construct[CONSTRUCT_NAME_MAX];
	struct write_result write;	/* versions of one run summed up */
	struct import_others *others;	/* what it would change of theirs */
};

#define IMPORT_RESULT_KEY_BYTES 64	/* a name without its end */
struct import_results {
	struct import_result *at;
	size_t n;
	size_t cap;
	struct table by_name;		/* places in at */
};
#define IMPORT_RESULTS_INIT \
	{ NULL, 0, 0, TABLE_INIT(IMPORT_RESULT_KEY_BYTES, TABLE_NO_LIMIT) }

/* Borrowed until another one is made; NULL: none of that construct. */
struct import_result *import_result(const struct import_results *results,
				    const char *construct);
MUST_USE int import_result_make(struct import_results *results,
				const char *construct,
				struct import_result **out, struct err *err);
void import_results_release(struct import_results *results);

#endif
