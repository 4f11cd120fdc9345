/*
 * Forgetting: a version by an owner that lists records which go, for good and
 * for everybody, and has the segments without them.
 */
#ifndef VV_REFS_FORGET_FORGET_H
#define VV_REFS_FORGET_FORGET_H

#include "objects/record/record.h"
#include "refs/view/view.h"

/* Records of one construct on their way out. */
struct forgetting;

/*
 * Begin with the records of a view; both are borrowed until it is freed.
 * ERR_DENIED: this device is no owner. ERR_NO_KEY.
 */
MUST_USE int forgetting_new(struct view *view, struct forgetting **out,
			    struct err *err);
void forgetting_free(struct forgetting *forgetting);

/* Have this record forgotten; borrowed for the call. Once more does nothing:
 * then *out_is_new (may be NULL) is false. ERR_INVALID: it says itself what was
 * forgotten, and without it that would come back. */
MUST_USE int forgetting_add(struct forgetting *forgetting,
			    const struct record *record,
			    const unsigned char id[RECORD_ID_BYTES],
			    bool *out_is_new, struct err *err);
bool forgetting_has(const struct forgetting *forgetting,
		    const unsigned char id[RECORD_ID_BYTES]);
size_t forgetting_count(const struct forgetting *forgetting);

struct forget_result {
	bool has_version;	/* false: none of them stood any more */
	git_oid version;
	uint64_t records;	/* that went ... */
	uint64_t blobs;		/* and those that only they referred to */
	bool has_index;		/* what this device keeps to find them by could
				   not be deleted */
};

/*
 * Sign and publish: under the construct's lock the union of its heads without
 * these records, and with a record of kind forget that lists them. What its
 * source would say in the place of one that was written on top of another is
 * listed as well. A stop leaves all as before or as after. Cost goes with the
 * segments that hold them; only where they refer to blobs all records are read,
 * for who else does. What this device keeps of the construct to find things by
 * is deleted. subject: one line.
 */
MUST_USE int forgetting_commit(struct forgetting *forgetting,
			       const char *subject, struct forget_result *out,
			       struct err *err);

#endif
