/*
 * Sessions of the vault that were written into the files of agents, so that
 * these go on with them (`vvault resume`). What such a file repeats adds
 * nothing when it is imported, and what the agent says behind it belongs to
 * the session that it is a copy of. Remembered beside the vault, for this
 * device: a list of the copies, and for each the messages that it repeats.
 */
#ifndef VV_CMD_IMPORT_COPIES_H
#define VV_CMD_IMPORT_COPIES_H

#include "cmd/import/import.h"

#define COPIES_MAX 1000		/* of older ones nothing is known any more */

/* A copy to be remembered. */
struct copy_made {
	struct span copy;	/* session:P:C as the agent's importer has it */
	struct span original;	/* session:P:C */
	const char *construct;	/* of the original, its own name */
	struct span path;	/* of the file that was written */
	bool has_parents;	/* messages of the original name the one that
				   they follow */
	int64_t next;		/* index of what comes behind the original */
	int64_t count;		/* of messages that the copy has */
	/* For each of them a line: its key, a tab, the entity of the message
	 * that it repeats. */
	struct span messages;
};

/* The same copy takes the place of what was known of it. */
MUST_USE int copies_remember(const struct vault *vault,
			     const struct copy_made *made, struct err *err);

/* Each copy of a session, the newest last: what the importer calls it, and its
 * file. */
struct copies_visitor {
	int (*copy)(void *arg, struct span copy, struct span path,
		    struct err *err);
	void *arg;
};
MUST_USE int copies_each(const struct vault *vault, struct span original,
			 const struct copies_visitor *visitor,
			 struct err *err);

/* Is the file a copy? Then what it says goes into the construct of the
 * session: *out_construct, borrowed; else NULL. */
MUST_USE int copies_construct(struct import_job *job, const char *path,
			      const char **out_construct, struct err *err);

/* What becomes of a record. */
struct copy_turned {
	bool is_known;			/* nothing: it repeats */
	const char *construct;		/* where it goes; NULL: as it would */
	struct record_parts parts;	/* its own, or others in these: */
	struct buf entity;
	struct buf data;
};
#define COPY_TURNED_INIT { .entity = BUF_INIT(BUF_NO_LIMIT), \
			   .data = BUF_INIT(BUF_NO_LIMIT) }

/* Records come in the order of their source. */
MUST_USE int copies_turn(struct import_job *job,
			 const struct record_parts *parts,
			 struct copy_turned *out, struct err *err);

void copies_release(struct import_job *job);

#endif
