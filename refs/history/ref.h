/*
 * Refs: refs/heads/<construct>/<device> (and refs/remotes/<remote>/...), read
 * as lists and moved by compare-and-swap.
 */
#ifndef VV_REFS_HISTORY_REF_H
#define VV_REFS_HISTORY_REF_H

#include <stdbool.h>

#include <git2.h>

#include "lib/base/err.h"
#include "lib/id/did.h"
#include "objects/store/store.h"
#include "refs/history/construct_name.h"

#define REF_NAME_MAX 256
#define HEADS_PREFIX "refs/heads/"

struct head {
	char construct[CONSTRUCT_NAME_MAX];	/* as in the ref */
	char device[DID_SHORT_MAX];		/* z6Mk... */
	git_oid id;
};

/* The same ref, at the same version? */
bool head_equals(const struct head *a, const struct head *b);

struct head_list {
	struct head *at;
	size_t n;
	size_t cap;
};

#define HEAD_LIST_INIT { NULL, 0, 0 }
MUST_USE int head_list_add(struct head_list *list, const struct head *head,
			   struct err *err);
void head_list_release(struct head_list *list);
/* By construct, then device. */
void head_list_sort(struct head_list *list);
/* The one of this construct and device in a sorted list, or NULL. */
const struct head *head_list_find(const struct head_list *list,
				  const struct head *head);
/* The same in a list in whatever order. */
const struct head *head_find(const struct head_list *list,
			     const struct head *wanted);
/* Does any of them, in whatever order, stand there? */
bool head_list_has_id(const struct head_list *list, const git_oid *id);

/*
 * Split "<construct>/<device>" (the part behind refs/heads/), checking the
 * spelling of both; that the device's key is a good one is asked when its
 * version is read. ERR_INVALID.
 */
MUST_USE int head_parse(const char *name, struct head *out, struct err *err);

/*
 * All heads below prefix ("refs/heads/", "refs/remotes/origin/"), sorted.
 * Refs below it whose names are not ours are counted in *out_strays (may be
 * NULL) and left out. construct: only these, NULL for all. A ref whose file
 * is damaged is ERR_CORRUPT where one construct was asked for, since nothing
 * can be said of that; among all it is left out, for refs_damaged() to tell.
 */
MUST_USE int heads_list(struct store *store, const char *prefix,
			const char *construct, struct head_list *out,
			size_t *out_strays, struct err *err);

/* Add the refs below prefix whose files hold no id: git skips them as if they
 * had never been. Their ids are zero. */
MUST_USE int refs_damaged(struct store *store, const char *prefix,
			  struct head_list *out, struct err *err);

/* "refs/heads/<construct>/<device>" into caller's storage. */
MUST_USE int head_ref_name(const char *prefix, const char *construct,
			   const char *device, char out[REF_NAME_MAX],
			   struct err *err);

/* Where a ref stands; false when it is not there, or damaged. */
bool ref_read(struct store *store, const char *name, git_oid *out);
/* The same of a head's own. */
bool head_stands(struct store *store, const struct head *head, git_oid *out);

/*
 * Move a ref from expected (NULL: must not exist) to id, under git's own ref
 * lock, synced to disk. ERR_CHANGED when it stands elsewhere, ERR_LOCKED.
 * The target object must be on disk before. In a vault all this happens under
 * vvault/locks/.refs as well, so that a ref lock which a killed process left
 * is known for what it is, and removed, after some seconds.
 */
MUST_USE int ref_swap(struct store *store, const char *name,
		      const git_oid *expected, const git_oid *id,
		      struct err *err);

/*
 * For a file of ours that git locks by another ("config", "packed-refs"): wait
 * until that lock is gone, and after some seconds remove it, for git holds one
 * for milliseconds and only a killed process leaves it. Whatever cannot be
 * done is left for the caller's own attempt to run into.
 */
void ref_lock_await(const char *git_dir, const char *name);

/* Delete if it equals expected. */
MUST_USE int ref_delete(struct store *store, const char *name,
			const git_oid *expected, struct err *err);

#endif
