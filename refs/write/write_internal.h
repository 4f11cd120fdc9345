/*
 * What write.c (the queue), write_known.c (what is there already) and
 * publish.c (signing, moving the ref) share.
 */
#ifndef VV_REFS_WRITE_WRITE_INTERNAL_H
#define VV_REFS_WRITE_WRITE_INTERNAL_H

#include "lib/base/buf.h"
#include "lib/base/table.h"
#include "objects/tree/arrange.h"
#include "objects/tree/arrange_runs.h"
#include "refs/view/view.h"
#include "refs/write/write.h"

/* Bytes of queued lines before they are sealed and stored. */
#define WRITER_BATCH_BYTES ((size_t)32 << 20)

/* Ids are told apart by this many of their first bytes: 128 bits. */
#define WRITER_ID_BYTES 16

/* Entities are told apart by this many bytes of a hash where a confusion
 * costs no more than a look. */
#define WRITER_ENTITY_BYTES 8

/* What writer_add_source() was told last of an entity. */
struct said {
	unsigned char id[RECORD_ID_BYTES];
	uint64_t data;			/* hash */
	int64_t at;			/* microseconds */
	bool is_own;			/* nobody else said anything of it */
};

/* A record that waits to be judged. */
struct dispute {
	size_t line;			/* where in the text of all */
	size_t len;
	const struct writer_claim *claim;
	struct record record;		/* while they are judged */
	bool is_change;
};

struct disputes {
	struct dispute *at;
	size_t n;
	size_t cap;
	struct buf lines;
	struct table nodes;		/* of the members */
};

/* An entity that was taken back, and what alone stands of it. */
struct taken_entity {
	unsigned char by[RECORD_ID_BYTES];
	bool is_imported;		/* all that was said of it before */
};

struct taken_back {
	uint64_t looks;			/* at one entity */
	uint64_t segments;		/* of base; 0: not counted */
	bool is_whole;			/* all were looked at: */
	struct table entities;		/* that a revert deleted: a hash to a
					   place in at, from 1, or 0 */
	struct taken_entity *at;
	size_t n;
	size_t cap;
};

struct writer {
	struct vault *vault;
	char construct[CONSTRUCT_NAME_MAX];
	char ref_name[CONSTRUCT_NAME_MAX];
	struct codec *codec;

	bool is_dry_run;

	git_oid base;			/* the tree when writing began */
	bool base_has_records;
	bool base_has_forgotten;	/* some: see is_forgotten() */
	struct table homes;		/* to how often they were looked at */
	struct table loaded;		/* segments of base whose ids are known */
	struct table known;		/* ids in them */
	struct table spoken_of;		/* hashes of their entities */
	struct table reverted;		/* of those deleted by a revert */
	struct taken_back taken_back;	/* which of those still are */
	struct table queued;		/* ids given to this writer */

	struct view *view;		/* of base, when it is asked */
	struct table last;		/* entity's hash to its place in said */
	struct said *said;
	size_t said_n;
	size_t said_cap;

	const struct writer_claim *claim;	/* NULL: none is judged */
	const struct writer_others *others;
	struct disputes disputes;

	struct buf lines;		/* the batch; never moves once reserved */
	struct arrange_record *records;
	size_t records_n;
	size_t records_cap;
	struct arrange_runs *runs;	/* earlier batches, or NULL */
	struct tree_segments segments;	/* stored, waiting for the version */

	uint64_t records_new;
	uint64_t records_known;
	uint64_t records_beside;
	uint64_t records_forgotten;
	struct table forgotten_blobs;	/* digests that those refer to ... */
	struct table kept_blobs;	/* and that others do */
};

/*
 * Make sure that `known` holds the record's id if base has it, and spoken_of
 * the entity if base may speak of it: reads the segments that may hold the
 * record, or after some records of one home all that are of the home, each
 * once.
 */
MUST_USE int writer_load_known(struct writer *writer,
			       const struct arrange_record *of,
			       struct err *err);

/* No segment holds more: 256 records of 128 KiB, or one of 1 MiB. */
#define SEGMENT_TEXT_MAX (RECORD_MAX_BYTES + 1)

/* The lines of a stored segment; out of that size. */
MUST_USE int writer_segment_decode(struct writer *writer,
				   const struct tree_segment *segment,
				   struct buf *out, struct err *err);

/*
 * Others have written since this writer began: of what it has stored, tell new
 * from known again, by the union that stands now, and take out what is
 * forgotten there.
 */
MUST_USE int writer_recount(struct writer *writer, const git_oid *tree,
			    struct err *err);

/*
 * A record that the base holds, of an entity that was deleted by taking back
 * what made it, counts again: said once more, on top of that. Any other is not
 * touched, and *out_is_revived false.
 */
MUST_USE int writer_revive(struct writer *writer, const struct record *record,
			   unsigned char *out_id, bool *out_is_revived,
			   struct err *err);

/* The key of an entity in spoken_of and last. */
void writer_entity_key(struct span entity,
		       unsigned char out[WRITER_ENTITY_BYTES]);

/* Does the base hold this record? Loads what is known of its home. */
MUST_USE int writer_base_holds(struct writer *writer,
			       const struct record *record,
			       const unsigned char id[RECORD_ID_BYTES],
			       bool *out, struct err *err);

/* writer_add() of what was found not to be forgotten; borrowed for the call. */
MUST_USE int writer_add_standing(struct writer *writer,
				 const struct record *record,
				 unsigned char *out_id, bool *out_is_new,
				 struct err *err);
/* writer_add() of a line that was parsed; borrowed for the call. */
MUST_USE int writer_add_record(struct writer *writer,
			       const struct record *record,
			       unsigned char *out_id, bool *out_is_new,
			       struct err *err);

/*
 * An entity of which more stands than a record can name in prev: queue
 * updates that set nothing and have seen a share each, and let parts name
 * those, so that what is written has seen all the same. *out_ids (NULL where
 * nothing had to be done) holds the new prev; the caller frees it.
 */
MUST_USE int writer_gather(struct writer *writer, struct record_parts *parts,
			   unsigned char (**out_ids)[RECORD_ID_BYTES],
			   struct err *err);

/* Put a record into the batch that is known to be neither known nor judged
 * any more. */
MUST_USE int writer_queue(struct writer *writer, const struct record *record,
			  struct err *err);

/* The union that was there when writing began; opened when it is asked. */
MUST_USE int writer_view(struct writer *writer, struct view **out,
			 struct err *err);

/* --- forgotten.c --- */

/* Has an owner had it forgotten, as it stands here or as a source says it
 * wherever it comes to stand? Then it is counted, and is not written again. */
MUST_USE int writer_is_forgotten(struct writer *writer,
				 const struct record *record, bool *out,
				 struct err *err);
/* A record that is queued needs its blobs; those of none but forgotten ones are
 * not to come back, though an importer has stored them. */
MUST_USE int writer_keep_blobs(struct writer *writer,
			       const struct record *record, struct err *err);
MUST_USE int writer_forget_blobs(struct writer *writer, struct span data,
				 struct err *err);
MUST_USE int writer_drop_blobs(struct writer *writer, struct err *err);
/* Is anything forgotten in the base? */
MUST_USE int writer_look_for_forgotten(struct writer *writer,
				       struct err *err);

/* --- taken_back.c --- */

void taken_back_init(struct taken_back *all);
void taken_back_release(struct taken_back *all);

/* Nothing stands but deletes of reverts, by what its records name in prev: the
 * source may say it again. */
bool entity_is_taken_back(const struct view_entity *entity,
			  const struct table *named);

/* What is known of an entity that a revert deleted: it still is, it is not, or
 * it is to be looked at. *taken is borrowed until the next call. */
enum taken_state { TAKEN_UNKNOWN, TAKEN_BACK, TAKEN_NOT };
MUST_USE int writer_taken_back(struct writer *writer, struct span entity,
			       enum taken_state *out,
			       const struct taken_entity **taken,
			       struct err *err);

/* --- write_others.c --- */

void disputes_init(struct disputes *disputes);
void disputes_release(struct disputes *disputes);

/* Is this standing record of the claim's own source? */
MUST_USE int writer_is_own(struct writer *writer,
			   const struct writer_claim *claim,
			   const struct fold_record *record, bool *out,
			   struct err *err);

/* May this new record change what others made? Then it has to wait. */
bool writer_is_disputed(const struct writer *writer,
			const struct record *record);
MUST_USE int writer_dispute(struct writer *writer, const struct record *record,
			    struct err *err);

/* Judge those that wait, ask, and queue or refuse them. */
MUST_USE int writer_judge(struct writer *writer, struct err *err);

/* parts->data as it fits in a record: large values out as blobs. */
MUST_USE int writer_outline(struct writer *writer, struct span data,
			    struct buf *out, struct err *err);

#endif
