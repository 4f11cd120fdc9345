/*
 * History: the graph of versions of one repository, walked with bounded work.
 */
#ifndef VV_REFS_HISTORY_HISTORY_H
#define VV_REFS_HISTORY_HISTORY_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "objects/store/store.h"
#include "objects/tree/tree.h"
#include "refs/history/construct_name.h"
#include "refs/history/ref.h"

struct version;

/* Read one version that entered the vault already (no signature check).
 * A missing one is ERR_CORRUPT. */
MUST_USE int version_read(struct store *store, const git_oid *id,
			  struct version *out, struct err *err);

/* The digest of each version, an array that the caller frees. */
MUST_USE int versions_digests(struct store *store, const git_oid *ids, size_t n,
			      unsigned char (**out)[SHA256_BYTES],
			      struct err *err);

/* Is a an ancestor of b, or b itself? */
MUST_USE int history_is_ancestor(struct store *store, const git_oid *a,
				 const git_oid *b, bool *out, struct err *err);
/* The same, but false when either is not there. */
bool is_behind(struct store *store, const git_oid *a, const git_oid *b);

/*
 * Keep only the maximal ids (none an ancestor of another, no doubles), in the
 * order of their bytes. Works in place; *n shrinks.
 */
MUST_USE int history_maximal(struct store *store, git_oid *ids, size_t *n,
			     struct err *err);

/*
 * The tree of the union of maximal heads: their trees, their pairwise merge
 * bases, tree_union(). Staged. One head: its tree. None: the empty tree.
 */
MUST_USE int history_union(struct store *store, const git_oid *heads,
			   size_t heads_n, git_oid *out_tree, struct err *err);

/*
 * Does a version hold just the records of its first parent? A compaction does
 * whose other parents add nothing, and so does an addition of nothing.
 */
MUST_USE int history_is_quiet(struct store *store,
			      const struct version *version, bool *out,
			      struct err *err);

/*
 * In place of heads (an array that is freed for another) the versions older
 * than `end` (seconds) that they reach and no other such version does; maybe
 * none. Cost goes with what is newer.
 */
MUST_USE int history_before(struct store *store, git_oid **heads, size_t *n,
			    int64_t end, struct err *err);

/* The newest of them that this device has signed, in place of its head. */
MUST_USE int history_own_before(struct store *store, git_oid *head,
				const unsigned char device[DID_KEY_BYTES],
				int64_t end, bool *out_is_found,
				struct err *err);

/* Whom walks tell. What is not 0 is an error, and the end. */
struct history_visitor {
	int (*version)(void *arg, const struct version *version,
		       struct err *err);
	void *arg;
	const bool *has_enough;		/* or NULL; once true the walk ends */
};

/* What is reachable from heads and not from `hide`, which may be empty. */
struct history_range {
	const git_oid *heads;
	size_t heads_n;
	const git_oid *hide;
	size_t hide_n;
};

/*
 * Every version of the range: children first, then newest time, then id. While
 * one line of history is left the walk streams; it holds ids and times of the
 * rest only where lines run side by side. Where clocks differed by more than
 * an hour, a version that only `hide` reaches by a long way round may be told.
 */
MUST_USE int history_walk(struct store *store,
			  const struct history_range *range,
			  const struct history_visitor *visitor,
			  struct err *err);

/* A head by which a history waits for its turn. */
struct history_first {
	int64_t time;
	git_oid id;
	bool is_under;		/* others stand on it, as all do on `vault`: of
				   one second with them, it comes last */
};

/* Histories that have no version in common. */
struct history_many {
	size_t n;
	const struct history_first *first;	/* of each, its newest head */
	/* The heads of one: an array that the walk frees. */
	int (*open)(void *arg, size_t which, git_oid **out_heads,
		    size_t *out_n, struct err *err);
	/* One cannot be read on: 0 leaves it there and goes on with the rest. */
	int (*hurt)(void *arg, size_t which, struct err *reason);
	void *arg;
};

/* history_walk() over all of them, in one order. Each is opened when its turn
 * comes, so the newest few versions of thousands are told at once. Errors of
 * the visitor are its own: it sets no err. */
MUST_USE int history_walk_many(struct store *store,
			       const struct history_many *many,
			       const struct history_visitor *visitor,
			       struct err *err);

/* The highest seq of a device among heads and their ancestors; 0: none. */
MUST_USE int history_seq(struct store *store, const git_oid *heads,
			 size_t heads_n,
			 const unsigned char device[DID_KEY_BYTES],
			 uint64_t *out_seq, struct err *err);

#endif
