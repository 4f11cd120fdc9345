/*
 * Refs as git keeps them in files, read and moved without libgit2: many at
 * once, with few waits for the disk, and in folders of strangers, where no
 * symbolic link is followed and nothing is waited for.
 */
#ifndef VV_REFS_HISTORY_REF_FILES_H
#define VV_REFS_HISTORY_REF_FILES_H

#include <stdbool.h>

#include <git2.h>

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/os/folder.h"
#include "refs/history/ref.h"

/* From so many new refs on they are written as one packed-refs file. */
#define REF_FILES_PACK_MIN 8

struct packed_ref {
	struct span name;	/* in text */
	struct span rest;	/* its line, and one of '^' behind it */
	git_oid id;
};

/* A packed-refs file; empty where there is none. */
struct packed_refs {
	struct buf text;
	struct packed_ref *at;	/* sorted by name */
	size_t n;
	size_t cap;
	bool is_peeled;		/* what its first line promises */
};

#define PACKED_REFS_INIT { BUF_INIT(BUF_NO_LIMIT), NULL, 0, 0, true }

/* A line "<id> <name>" of such a file; false for any other. */
bool packed_ref_parse(struct span line, struct packed_ref *out);

/* ERR_LIMIT past max_bytes; lines that are no refs are left out. */
MUST_USE int packed_refs_read(const struct folder *git_dir, size_t max_bytes,
			      struct packed_refs *out, struct err *err);
const struct packed_ref *packed_refs_find(const struct packed_refs *packed,
					  const char *name);
void packed_refs_release(struct packed_refs *packed);

/*
 * Where a ref stands, its loose file before the packed one. ERR_CORRUPT when
 * it holds no id.
 */
MUST_USE int ref_files_read(const struct folder *git_dir,
			    const struct packed_refs *packed,
			    const char *name, git_oid *out, bool *out_exists,
			    struct err *err);

/* One ref to be moved, or deleted. */
struct ref_move {
	char name[REF_NAME_MAX];
	bool has_expected;	/* else it must not exist */
	bool is_delete;		/* id is not looked at */
	git_oid expected;
	git_oid id;
	int rc;			/* out: 0 once it has moved */
	char reason[256];	/* out: why not */
	bool is_locked;
	bool is_loose;		/* has a file of its own */
	bool is_packed;		/* has a line in packed-refs */
};

/*
 * Move refs by compare-and-swap, each under git's lock of it. All locks are
 * taken and all old values read before anything is written; files are synced
 * one by one and folders once, so a stop in between leaves each ref as it
 * was or as it is to be, and on return all that moved is on disk.
 *
 * may_break: a lock file that is some seconds old was left by the dead, and
 * is removed, for git holds one for milliseconds; for others it waits that
 * long, all together. Else it waits half a second.
 *
 * Each move has its own result: ERR_CHANGED, ERR_LOCKED, ERR_CORRUPT,
 * ERR_DENIED, ERR_IO. Returns less than 0 only when nothing could be tried,
 * or when what moved may not survive a power cut.
 */
MUST_USE int ref_files_move(const struct folder *git_dir,
			    struct ref_move *moves, size_t n,
			    bool may_break, struct err *err);

/* Remove a lock file of git's if it is some seconds old: whoever took it lives
 * no more. Whatever cannot be done is left. */
void ref_lock_break(const struct folder *folder, const char *lock);
/* The same, and wait until it is gone or old enough. */
void ref_lock_outlive(const struct folder *folder, const char *lock);
/* Remove the lock of a ref of which it is known that its maker is dead. */
void ref_lock_drop(const struct folder *git_dir, const char *name);

/*
 * ref_files_move() for a repository of ours; in a vault all this happens under
 * vvault/locks/.refs as well. The objects must be on disk before.
 */
MUST_USE int refs_move(struct store *store, struct ref_move *moves, size_t n,
		       struct err *err);

#endif
