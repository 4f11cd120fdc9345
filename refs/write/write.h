/*
 * The one write path: records to a new version of a construct. Everything
 * that changes a vault on this device goes through here.
 */
#ifndef VV_REFS_WRITE_WRITE_H
#define VV_REFS_WRITE_WRITE_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "objects/record/record.h"
#include "refs/vault/vault.h"

#define WRITE_LOCK_MS 60000	/* how long to wait for another writer */

struct writer;

enum writer_flags {
	WRITER_MAY_CREATE = 1,	/* the construct need not exist */
	WRITER_DRY_RUN = 2	/* count what is new and known, write nothing */
};

/*
 * Begin writing to a construct (its own name). ERR_NOT_FOUND without
 * WRITER_MAY_CREATE, ERR_DENIED when this device is no writer (for `vault`:
 * no owner), ERR_NO_KEY.
 */
MUST_USE int writer_new(struct vault *vault, const char *construct,
			unsigned flags, struct writer **out, struct err *err);

/*
 * Forget what was not committed. Several writers may be open in one vault, of
 * different constructs; what the others stored so far stays staged until the
 * last of them is freed.
 */
void writer_free(struct writer *writer);

/*
 * Queue one canonical record (checked here; copied). *out_is_new is false
 * when the construct holds it, or it was queued before. A full batch is put
 * aside on disk, so memory stays bounded; nothing is visible until
 * writer_commit(). out_id and out_is_new may be NULL.
 */
MUST_USE int writer_add(struct writer *writer, struct span line,
			unsigned char *out_id, bool *out_is_new,
			struct err *err);

/* The same of several, each ended by a newline. */
MUST_USE int writer_add_lines(struct writer *writer, struct span lines,
			      struct err *err);

/*
 * Build a record from its parts and queue it; values that are too large for
 * a record become blobs. data: canonical object of any size.
 */
MUST_USE int writer_add_parts(struct writer *writer,
			      const struct record_parts *parts,
			      unsigned char *out_id, bool *out_is_new,
			      struct err *err);

/*
 * The same for what a source says of an entity, without prev: whoever imports
 * the source anew says it again. A record that says the same at the same time
 * is known, whatever its prev. Else, when the construct (or this writer) has
 * records of the entity, the new one gets those that stand and are not later
 * as prev, and the verb update instead of create. So a source that has grown
 * follows itself, and an old copy of it changes nothing that is shown.
 */
MUST_USE int writer_add_source(struct writer *writer,
			       const struct record_parts *parts,
			       bool *out_is_new, struct err *err);

/*
 * Whose words the records are that a writer is given, and so what of the
 * construct they may change unasked: what that source said itself. The
 * records of a source's importer are its own by the key space of their
 * entities and by their node; of a construct itself, of which many formats
 * speak, those with one of the marks. Lines that are records already may
 * speak of anything: their own is what came in from another vault (its node
 * is of no member here) and stands among the lines as well.
 */
struct writer_claim {
	bool is_lines;
	const char *const *marks;	/* members of data, ended by NULL; or
					   NULL: there are none */
	void *source;			/* for whoever set it */
};

/* What an entity of others would become; states are absent when not live. */
struct writer_change {
	const struct kind *kind;
	struct span entity;
	struct span from;
	struct span to;
};

/* Who is asked about records that would change what others made. */
struct writer_others {
	int (*change)(void *arg, const struct writer_change *change,
		      struct err *err);
	/* All that wait were told of: are they taken? */
	int (*decide)(void *arg, bool *out_is_taken, struct err *err);
	/* They are not: each record, with its claim's source. */
	int (*refused)(void *arg, void *source, struct span entity,
		       struct err *err);
	void *arg;
};

/*
 * From now on records are judged against what the construct held when writing
 * began; both are borrowed until the writer is freed. Those that would change
 * what others made wait, in memory of bounded size, and are asked about in
 * writer_settle(), in writer_commit(), or before that when they are many. The
 * judgement is about what the fold shows: a record that loses is taken.
 */
void writer_claim(struct writer *writer, const struct writer_claim *claim,
		  const struct writer_others *others);

/* How many were given so far that an owner had forgotten. */
uint64_t writer_forgotten(const struct writer *writer);

/* Bytes that wait in memory, and putting them aside to have it back. */
size_t writer_waiting(const struct writer *writer);
MUST_USE int writer_settle(struct writer *writer, struct err *err);

/*
 * Store bytes as a blob of this construct; appends the reference to ref.
 */
MUST_USE int writer_add_blob(struct writer *writer, struct span bytes,
			     const char *media, struct buf *ref,
			     struct err *err);

struct write_result {
	bool has_version;	/* false: nothing was new */
	git_oid version;
	uint64_t records_new;
	uint64_t records_known;
	uint64_t records_beside;	/* of sources, next to what stood and is
					   later: they may disagree */
	uint64_t records_forgotten;	/* that an owner had forgotten, and that
					   were not written again */
};

/*
 * Sign and publish: under the construct's lock, all heads become parents, the
 * tree is their union plus the new segments, objects are on disk before the
 * ref moves by compare-and-swap. Compacts (a version of its own) when a
 * folder has gathered too many segments. Two processes that commit at once
 * both succeed. subject: one line.
 */
MUST_USE int writer_commit(struct writer *writer, const char *subject,
			   struct write_result *out, struct err *err);

/* One of several writers that commit together. */
struct commit {
	struct writer *writer;
	const char *subject;		/* borrowed */
	struct write_result result;
};

/*
 * The same for the writers of n different constructs of one vault, whose
 * objects go to disk together and whose refs move one behind the other: a stop
 * in between leaves each construct as before or as after. Holds n locks.
 */
MUST_USE int writers_commit(struct commit *commits, size_t n,
			    struct err *err);

#endif
