/*
 * The store: a bare git repository as a verified, durable object database.
 * New objects are staged in memory, kept when something will refer to them,
 * and flushed: few as loose objects, many as one pack, on disk and synced
 * before the call returns. One writer per struct.
 */
#ifndef VV_OBJECTS_STORE_STORE_H
#define VV_OBJECTS_STORE_STORE_H

#include <stdbool.h>

#include <git2.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define STORE_OBJECT_MAX ((size_t)8 << 20)	/* bytes; larger is refused */
#define STORE_LOOSE_MAX 40		/* more objects go into one pack */
#define STORE_PENDING_MAX ((size_t)24 << 20)	/* kept bytes before a pack */

enum object_type { OBJECT_COMMIT = 1, OBJECT_TREE = 2, OBJECT_BLOB = 3 };

struct store;

/*
 * Start and stop libgit2 for the whole program, with the settings that vvault
 * relies on: strict hashes, fsync, no user or system git config, small
 * windows. Nests.
 */
MUST_USE int store_init_library(struct err *err);
void store_stop_library(void);

/* Make an empty bare repository (sha1) at path, which must not exist. */
MUST_USE int store_create(const char *path, struct err *err);

/* Make the folders anew that are missing: git, rsync and archives drop empty
 * ones. Before store_open(), which needs some of them. */
void store_mend(const char *path);

/* ERR_NOT_FOUND: no repository there. Refuses foreign alternates unless
 * may_alternate (our own side repositories). */
MUST_USE int store_open(const char *path, bool may_alternate,
			struct store **out, struct err *err);
void store_free(struct store *store);

/* Another handle of the same repository, for another thread or a look that
 * stages nothing; it trusts the same caches. */
MUST_USE int store_open_again(const struct store *from, struct store **out,
			      struct err *err);

#define STORE_SECRET_BYTES 32

/*
 * Use the caches below vvault/cache whose entries carry a code under this
 * secret of the device; before, and without one, what others left there counts
 * for nothing and is not touched.
 */
void store_trust_caches(struct store *store,
			const unsigned char secret[STORE_SECRET_BYTES]);

/* Borrowed; for refs and remotes. */
git_repository *store_repository(struct store *store);
const char *store_path(const struct store *store);
const char *store_objects_path(const struct store *store);

/*
 * Read a whole object, staged or stored; its hash is verified. Replaces the
 * content of out. ERR_NOT_FOUND (a missing object is damage: the caller says
 * so), ERR_CORRUPT, ERR_LIMIT above max bytes, ERR_INVALID for another type.
 */
MUST_USE int store_read(struct store *store, const git_oid *id,
			enum object_type type, size_t max, struct buf *out,
			struct err *err);

/*
 * The same of a stored blob whose hash is not verified: the caller knows a
 * stronger one of it. *out_is_found is false for whatever store_read() has to
 * look at, or to complain of. For one thread at a time. ERR_NOMEM.
 */
MUST_USE int store_read_unproven(struct store *store, const git_oid *id,
				 struct buf *out, bool *out_is_found,
				 struct err *err);

/* How long an object is, by its header alone. */
MUST_USE int store_size(struct store *store, const git_oid *id, uint64_t *out,
			struct err *err);

/* Is it there (staged, kept or stored)? */
bool store_has(struct store *store, const git_oid *id);

/*
 * Stage an object in memory and report its id: readable at once through
 * store_read(), written only if it is kept. Storing what is there already
 * stages nothing.
 */
MUST_USE int store_stage(struct store *store, enum object_type type,
			 struct span bytes, git_oid *out_id, struct err *err);

/*
 * Mark a staged object to be written by the next flush; no effect on what is
 * stored already. When kept bytes pass STORE_PENDING_MAX they are written as
 * a pack at once (nothing refers to them yet, so a crash only leaves garbage).
 */
MUST_USE int store_keep(struct store *store, const git_oid *id,
			struct err *err);

/* store_stage() of what is stored already, too. */
MUST_USE int store_stage_anew(struct store *store, enum object_type type,
			      struct span bytes, git_oid *out_id,
			      struct err *err);

/* store_stage() and store_keep() of a blob that something will refer to. */
MUST_USE int store_add(struct store *store, enum object_type type,
		       struct span bytes, git_oid *out_id, struct err *err);

/* The same although something of that name is stored: it is damaged, and a
 * loose object is found before any pack's. */
MUST_USE int store_replace(struct store *store, enum object_type type,
			   struct span bytes, git_oid *out_id,
			   struct err *err);

/* Is it staged and not yet written? */
bool store_is_staged(struct store *store, const git_oid *id);

/* Write what is kept, durably; forget what is only staged. */
MUST_USE int store_flush(struct store *store, struct err *err);

/* Forget everything that was not flushed. */
void store_discard(struct store *store);

/* Look again for packs that another process or fetch has added. */
MUST_USE int store_refresh(struct store *store, struct err *err);

/* Delete temporary files of those who died while they wrote here. */
void store_sweep(const struct store *store);

/* What flushes have written since the store was opened, what was read, and
 * what could not be. */
struct store_stats {
	size_t objects;
	size_t bytes;		/* on disk, compressed, without indexes */
	size_t packs;
	size_t unread;		/* asked for, and missing or damaged */
	size_t read;		/* those that were read */
	size_t read_bytes;	/* inflated */
};
struct store_stats store_stats(const struct store *store);

#endif
