/*
 * Taking back what a version did, as a new version: the inverse, which leaves
 * alone what was said since.
 */
#ifndef VV_REFS_WRITE_REVERT_H
#define VV_REFS_WRITE_REVERT_H

#include "refs/history/version.h"
#include "refs/view/view.h"
#include "refs/write/write.h"

/* A change of one construct: from before to of; and what stands now, which
 * has both. All borrowed. */
struct revert {
	struct view *before;
	struct view *of;
	struct view *now;
	struct span only;	/* of this entity alone; at NULL: of all */
	const char *subject;	/* of the new version */
};

/*
 * Whom it tells: of each record that it writes, and of what it leaves: a field
 * (path, a JSON Pointer) or, path empty, an entity that was changed since by a
 * version (NULL where that is not known; borrowed).
 */
struct revert_visitor {
	int (*record)(void *arg, const unsigned char id[RECORD_ID_BYTES],
		      struct err *err);
	int (*left)(void *arg, struct span entity, struct span path,
		    const struct version *by, struct err *err);
	void *arg;
};

struct revert_result {
	struct write_result write;	/* has_version: something was to do */
	uint64_t changed;		/* entities set back, */
	uint64_t deleted;		/* which the change had made, */
	uint64_t restored;		/* which it had deleted, */
	uint64_t left;			/* and what was left */
};

/*
 * Write the inverse. An entity that the change made is deleted, one that it
 * deleted comes back as it was, and the fields that it set are set back; but
 * nothing of what somebody else has set since, and nothing that stands
 * otherwise by now. Memory goes with the ids of the records of the change and
 * of those since, and the largest place.
 */
MUST_USE int revert_write(const struct revert *revert,
			  const struct revert_visitor *visitor,
			  struct revert_result *out, struct err *err);

#endif
