/*
 * Versions that hold what a source gave: does the vault still reach them?
 */
#ifndef VV_CMD_IMPORT_INPUT_HELD_H
#define VV_CMD_IMPORT_INPUT_HELD_H

#include "cmd/import/import.h"
#include "cmd/import/results.h"

/* A construct that has got records, by the name of its refs, and a version
 * that holds them. */
struct held {
	char ref_name[CONSTRUCT_NAME_MAX];
	git_oid version;
	uint64_t imported;
};

struct held_answer {
	struct held asked;		/* but for `imported` */
	bool is_held;
	git_oid head;			/* that reaches it */
	char own_name[CONSTRUCT_NAME_MAX];
};

/* What was found out: the files of a folder mostly went into one version. */
struct held_answers {
	struct held_answer *at;
	size_t n;
	size_t cap;
};

/* Is the version among those that the construct's heads reach, and did none
 * since take anything back, or forget anything? Borrowed until the next call.
 */
MUST_USE int held_ask(struct import_job *job, struct held_answers *answers,
		      const struct held *held,
		      const struct held_answer **out, struct err *err);

/* A version that holds what was imported: the new one, else a head. */
MUST_USE int held_find(struct import_job *job,
		       const struct import_results *results,
		       const char *construct, struct held *out,
		       bool *out_is_there, struct err *err);

#endif
