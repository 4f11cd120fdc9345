/*
 * The fold: the state of an entity, and of a construct, as a pure function of
 * its set of records. design.md section 8. Same set, any order, any grouping:
 * the same state.
 */
#ifndef VV_OBJECTS_FOLD_H
#define VV_OBJECTS_FOLD_H

#include <stdbool.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "lib/span.h"
#include "objects/record.h"

/* A record of one entity, with its id; lines are borrowed. */
struct fold_record {
	struct record record;
	unsigned char id[RECORD_ID_BYTES];
};

/* A field for which concurrent records disagree: the winner and a loser. */
struct fold_conflict {
	struct span path;			/* JSON Pointer */
	unsigned char winner[RECORD_ID_BYTES];
	unsigned char loser[RECORD_ID_BYTES];
};

struct fold_conflicts {
	struct fold_conflict *at;
	size_t n;
	size_t cap;
	struct buf paths;			/* owns what path borrows */
};

#define FOLD_CONFLICTS_INIT { NULL, 0, 0, BUF_INIT(BUF_NO_LIMIT) }
void fold_conflicts_release(struct fold_conflicts *conflicts);

/*
 * Fold the records of one entity (any order; doubles allowed). Appends the
 * state, a canonical object, to out; nothing is appended and *out_is_live is
 * false when the entity was deleted ("<kind>:delete" stands). conflicts may
 * be NULL. A leaf is a path of `data` whose value is not an object; an empty
 * object is a leaf. Sets (kind->sets) hold the additions that no removal has
 * seen: a record whose set value lacks an element that it had seen removes it;
 * elements come out in the order of their canonical bytes. null deletes.
 * Otherwise the highest (at, id) among the records that set a field and are
 * not causally superseded wins.
 */
MUST_USE int fold_entity(const struct fold_record *records, size_t n,
			 struct buf *out, bool *out_is_live,
			 struct fold_conflicts *conflicts, struct err *err);

/* Whom fold_diff() tells of a field; absent sides have at == NULL. */
struct fold_diff_visitor {
	int (*field)(void *arg, struct span path, struct span from,
		     struct span to, struct err *err);
	void *arg;
};

/*
 * Compare two states (canonical objects; an absent one has at == NULL), leaf
 * by leaf in the order of paths (JSON Pointer, RFC 6901). Sets and arrays are
 * one leaf.
 */
MUST_USE int fold_diff(struct span from, struct span to,
		       const struct fold_diff_visitor *visitor,
		       struct err *err);

/*
 * The construct's own state: `below` (the newest capsule's persona, may be
 * absent) with `above` (fold of construct:update) laid on top, leaf by leaf.
 */
MUST_USE int fold_layer(struct span below, struct span above, struct buf *out,
			struct err *err);

#endif
