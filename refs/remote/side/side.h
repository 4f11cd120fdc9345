/*
 * The side repository of a remote: what it has sent, until that is judged.
 */
#ifndef VV_REFS_REMOTE_SIDE_SIDE_H
#define VV_REFS_REMOTE_SIDE_SIDE_H

#include <stdbool.h>

#include "lib/os/lock.h"
#include "lib/os/path.h"
#include "refs/vault/remotes.h"

/*
 * The side repository of a remote, held by a lock. All its refs stand in one
 * packed-refs file: what the remote had last (seen), and which of those are
 * kept out of the vault, waiting (held) or for good (refused).
 */
struct side {
	struct vault *vault;
	char name[REMOTE_NAME_MAX];
	struct lock lock;
	struct buf path;
	struct store *store;		/* sees the vault's objects too */
	struct head_list seen;
	struct head_list held;
	struct head_list refused;
	bool is_blank;			/* says "have" of nothing */
};

#define SIDE_INIT { NULL, "", LOCK_INIT, PATH_BUF_INIT, NULL,		\
		HEAD_LIST_INIT, HEAD_LIST_INIT, HEAD_LIST_INIT, false }

/* Take the lock, make the repository where it is missing, read its refs. */
MUST_USE int side_open(struct vault *vault, const char *name,
		       struct side *out, struct err *err);
/* Only read its refs: no lock, nothing is made. */
MUST_USE int side_peek(struct vault *vault, const char *name,
		       struct side *out, struct err *err);
void side_release(struct side *side);
/* Make anew what it lacks to be a side repository of the vault. */
MUST_USE int side_mend(struct side *side, struct err *err);
/* Open the store anew, to see new packs. */
MUST_USE int side_reopen(struct side *side, struct err *err);
/* Write the lists as refs. */
MUST_USE int side_save(struct side *side, struct err *err);
/* Until then, only these refs: what one download says "have" of. */
MUST_USE int side_negotiate(struct side *side, const struct head_list *tips,
			    struct err *err);
/*
 * Leave only the objects that held and refused heads reach and the vault does
 * not have; those of the refused only where all side repositories together
 * stay below the quota. Beyond it they are refused by their ids.
 */
MUST_USE int side_clean(struct side *side, struct err *err);
/* Is it this very version that was refused before? */
bool side_refuses(const struct side *side, const struct head *head);
MUST_USE int side_path(struct vault *vault, const char *name, struct buf *out,
		       struct err *err);

/* Which packs of a folder were copied here before. */
#define COPIED_FILE "vvault-copied"
/* Forget which packs were copied before. */
MUST_USE int copied_forget(struct side *side, struct err *err);

#endif
