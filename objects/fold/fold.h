/*
 * The fold: the state of an entity, and of a construct, as a pure function of
 * its set of records. design.md section 8. Same set, any order, any grouping:
 * the same state.
 */
#ifndef VV_OBJECTS_FOLD_FOLD_H
#define VV_OBJECTS_FOLD_FOLD_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "objects/record/record.h"

/* A record of one entity, with its id; lines are borrowed. */
struct fold_record {
	struct record record;
	unsigned char id[RECORD_ID_BYTES];
};

/*
 * A field for which concurrent records disagree: the path is the loser's, the
 * winner's may begin it or be begun by it. The shorter one of the two is the
 * field in dispute. An empty path: of the entity as such, that the loser
 * deleted while the winner spoke of it.
 */
struct fold_conflict {
	struct span path;			/* JSON Pointer */
	size_t field_len;			/* of it is the field */
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

struct span fold_conflict_field(const struct fold_conflict *conflict);

/*
 * Sort by field, what lies below a field in dispute being part of it, so that
 * conflicts of one field stand together. Returns how many fields there are.
 */
size_t fold_conflicts_gather(struct fold_conflicts *conflicts);

/*
 * What a record's data says at a JSON Pointer: the value there, or, where one
 * above it is no object, that one. False: nothing. ERR_NOMEM.
 */
MUST_USE int fold_value_at(struct span data, struct span pointer,
			   struct span *out, bool *out_is_there,
			   struct err *err);

/*
 * Fold the records of one entity (any order; doubles allowed). Appends the
 * state, a canonical object, to out; nothing is appended and *out_is_live is
 * false when the entity was deleted or has no record. conflicts may be NULL,
 * else what is found is appended. ERR_NOMEM, ERR_LIMIT; a failure changes
 * neither out nor conflicts.
 *
 * - A record has seen those that it names in prev and, transitively, what
 *   they have seen, as far as they are among the records.
 * - A leaf is a path of `data` whose value is not an object; an empty object
 *   is a leaf. Two leaves are rivals when their paths are equal or one begins
 *   the other: what sets /a and what sets /a/b cannot both stand.
 * - A leaf is superseded by any rival that a later record sets, one that has
 *   seen its record. Of the rest the one with the highest (at, id) stands; one
 *   after the other, each stands unless a rival stands already. Then it is a
 *   conflict at its path with the highest standing rival that says something
 *   else (another value; null says the same as null above or below it).
 * - null deletes: such a leaf rivals others as any does, and leaves no field.
 *   An object whose members are all deleted is absent itself.
 * - Sets (kind->sets) hold the additions that no removal has seen. A record
 *   adds an element that its value holds and the set that it had seen does
 *   not, and removes one that the set it had seen holds and its value does
 *   not; null removes all, a value that is no array counts as an array of it.
 *   Elements come out in the order of their canonical bytes. A set without
 *   elements is [], absent when every last word on it was null.
 * - `<kind>:delete` supersedes every record that it has seen, entirely, and
 *   its data counts for nothing. The entity is live if any other record is
 *   left: one that is concurrent with the deletes, or later. Then a delete that
 *   no record has seen is in conflict with the highest of those that are left.
 *
 * Costs about (n + edges) * paths / 64 and the elements of sets, beyond
 * sorting; where lines of edits meet, (n + edges) / 64 for each element that
 * stands in doubt.
 */
MUST_USE int fold_entity(const struct fold_record *records, size_t n,
			 struct buf *out, bool *out_is_live,
			 struct fold_conflicts *conflicts, struct err *err);

/*
 * The same, with the fields that null deleted standing as null: the `above`
 * of fold_layer(), so that a deletion reaches what lies below.
 */
MUST_USE int fold_entity_above(const struct fold_record *records, size_t n,
			       struct buf *out, bool *out_is_live,
			       struct fold_conflicts *conflicts,
			       struct err *err);

/* Whom fold_diff() tells of a field; absent sides have at == NULL. */
struct fold_diff_visitor {
	int (*field)(void *arg, struct span path, struct span from,
		     struct span to, struct err *err);
	void *arg;
};

/*
 * Compare two states (canonical objects; an absent one has at == NULL), leaf
 * by leaf. path is a JSON Pointer (RFC 6901); the order is that in which
 * canonical JSON writes members. Sets and arrays are one leaf, an empty object
 * is one.
 */
MUST_USE int fold_diff(struct span from, struct span to,
		       const struct fold_diff_visitor *visitor,
		       struct err *err);

/*
 * Whom fold_blame() tells: by is the record, of those that were given, that
 * gave the field its value; where several said the same one after the other,
 * the first of them. Of a set each element comes alone, with the record that
 * added it, borrowed for the call as the path is. A field that was taken away
 * has the value null; an entity that was deleted has the path "" and a value
 * whose at is NULL.
 */
struct fold_blame_visitor {
	int (*field)(void *arg, struct span path, struct span value,
		     bool is_element, const struct fold_record *by,
		     struct err *err);
	void *arg;
};

/*
 * Who gave each leaf of the state its value, in the order in which canonical
 * JSON writes members; or who deleted the entity, last by (at, id). Where lines
 * of edits meet, one that has the value already is followed rather than one
 * that sets it, as git-blame(1) does; of several records that are found so the
 * lowest (at, id) is told. Costs about what a fold does, and (n + edges) for
 * each leaf and element.
 */
MUST_USE int fold_blame(const struct fold_record *records, size_t n,
			const struct fold_blame_visitor *visitor,
			struct err *err);

/*
 * The construct's own state: `below` (the newest capsule's persona, may be
 * absent) with `above` (fold of construct:update) laid on top, leaf by leaf:
 * a leaf of above takes the place of those below at its path, above it and
 * under it; a null only takes them away.
 */
MUST_USE int fold_layer(struct span below, struct span above, struct buf *out,
			struct err *err);

#endif
