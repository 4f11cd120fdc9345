/*
 * What of a construct is meant: sessions with all that lives in them, single
 * entities, and what a source brought.
 */
#ifndef VV_CMD_ACTION_CONSTRUCT_PICKED_H
#define VV_CMD_ACTION_CONSTRUCT_PICKED_H

#include "cmd/action/action.h"
#include "lib/base/table.h"
#include "refs/view/view.h"

#define PICKED_ID_BYTES 32

struct picked {
	struct action_call *call;
	struct view *view;	/* of the construct */
	struct table entities;	/* by the hash of their names */
	/* What sources said of the construct itself: hashes of `at`, data. */
	struct table sayings;
	/* And of all others: hashes of entity, `at`, data. */
	struct table records;
	uint64_t taken;		/* what sources said, the same twice too */
};

#define PICKED_INIT(call, view) \
	{ (call), (view), TABLE_INIT(PICKED_ID_BYTES, TABLE_NO_LIMIT), \
	  TABLE_INIT(PICKED_ID_BYTES, TABLE_NO_LIMIT), \
	  TABLE_INIT(PICKED_ID_BYTES, TABLE_NO_LIMIT), 0 }
void picked_release(struct picked *picked);

/*
 * Add what a word names: a handle, an entity, a session by the begin of its
 * name, a file that was imported, or, where the construct keeps its bytes, a
 * source by its entity or the begin of its SHA-256. ERR_NOT_FOUND; ERR_INVALID.
 */
MUST_USE int picked_add(struct picked *picked, const char *word,
			struct err *err);

bool picked_has(const struct picked *picked, struct span entity);
bool picked_has_saying(const struct picked *picked,
		       const struct record *record);
/* Did a source say just this of what is not the construct itself? */
bool picked_has_record(const struct picked *picked,
		       const struct record *record);

/*
 * Note a record of the construct in a table of PICKED_ID_BYTES; and was any
 * that was noted so brought? By its entity; what is said of the construct
 * itself by its words.
 */
MUST_USE int picked_note(const struct view *view, const struct record *record,
			 struct table *noted, struct err *err);
bool picked_has_any(const struct picked *picked, const struct table *noted);

/*
 * Add what the other sources of the construct brought, those that `but` does
 * not hold. Only of whose bytes were kept can that be known.
 */
MUST_USE int picked_add_others(struct picked *picked,
			       const struct picked *but, struct err *err);

/*
 * For picking by source: picked_source.c. The one that the construct holds, by
 * the begin of its SHA-256, where its bytes were kept.
 */
MUST_USE int picked_add_known(struct picked *picked, const char *digits,
			      bool *out_is_found, struct err *err);
/*
 * What a source brought, by what is said of it. *out_is_read is false where its
 * bytes were not kept, or are read by nothing any more: then it adds nothing.
 */
MUST_USE int picked_add_kept(struct picked *picked, struct span data,
			     bool *out_is_read, struct err *err);
/* The file at that path. */
MUST_USE int picked_add_file(struct picked *picked, const char *path,
			     struct err *err);
/* Bytes that a source had, of this format. */
MUST_USE int picked_add_bytes(struct picked *picked, struct span bytes,
			      const char *format, struct err *err);
/* One record of it. */
MUST_USE int picked_take(struct picked *picked, struct span entity,
			 struct span at, struct span data, struct err *err);

#endif
