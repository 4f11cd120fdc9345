/*
 * The records that a capsule becomes. A pure function of the capsule, the
 * construct's name and where the exact bytes lie: two devices that import the
 * same file make the same records.
 */
#ifndef VV_CMD_IMPORT_CAPSULE_INTERNAL_H
#define VV_CMD_IMPORT_CAPSULE_INTERNAL_H

#include "cmd/import/capsule/doc.h"
#include "lib/json/jcs_write.h"
#include "objects/record/record.h"

/* Whom the records are given to; parts are good during the call. */
struct capsule_sink {
	int (*record)(void *arg, const struct record_parts *parts,
		      struct err *err);
	void *arg;
};

/* The construct itself: its name, at an unknown time. */
MUST_USE int capsule_construct_record(const struct capsule *capsule,
				      const char *construct,
				      const struct capsule_sink *sink,
				      struct err *err);

/*
 * Where the bytes lie, as canonical JSON: {"$blob":...} or an object of such
 * by file name. Emptied bytes stand under a name of their own, "redacted", so
 * that a vault which gets the exact ones as well has both.
 */
struct capsule_source {
	struct span ref;
	bool is_redacted;
};

/* The data of capsule:create (fields_end()). */
void capsule_data(const struct capsule *capsule, const char *construct,
		  const struct capsule_source *source,
		  struct jcs_fields *data);

/* Give a record of that entity and these fields, both built; parts: its type
 * and time. */
MUST_USE int capsule_give(const struct capsule_sink *sink,
			  struct record_parts parts, const struct buf *entity,
			  struct jcs_fields *fields, struct err *err);

/* A member under its own name, or another one, without what it says of a
 * machine. One whose name is no text is left to the exact bytes. */
void capsule_put(struct jcs_fields *fields, const char *as,
		 const struct jval *member);

/* capsule:create, at the capsule's own time. */
MUST_USE int capsule_record(const struct capsule *capsule,
			    const char *construct,
			    const struct capsule_source *source,
			    const struct capsule_sink *sink, struct err *err);

/*
 * memory:create per memory, in reading order. Their time is unknown and they
 * do not name the capsule, so that a memory that stands in several capsules
 * of a construct is one record.
 */
MUST_USE int capsule_memory_records(const struct capsule *capsule,
				    const char *construct,
				    const struct capsule_sink *sink,
				    struct err *err);

/* Is this member of "memory" a list of memories? */
bool capsule_is_bucket(struct span member);

#endif
