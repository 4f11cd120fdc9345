/*
 * What the files of the store share.
 */
#ifndef VV_OBJECTS_STORE_STORE_INTERNAL_H
#define VV_OBJECTS_STORE_STORE_INTERNAL_H

#include <stdbool.h>

#include "lib/base/deflate.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "objects/pack/libgit2.h"
#include "objects/pack/pack.h"
#include "objects/store/cache.h"
#include "objects/store/loose.h"
#include "objects/store/store.h"

struct staged {
	struct framed object;
	bool is_kept;
};

/* A root that enters the cache once its tree is stored: one that is only
 * staged may never be, and then nothing would vouch for what is below it. */
struct new_root {
	git_oid tree;
	uint32_t place;
	unsigned char root[SHA256_BYTES];
};

struct store {
	git_repository *repo;
	git_odb *odb;			/* owned by repo */
	char *path;
	char *objects_path;
	struct deflater *deflater;
	bool has_secret;		/* else caches are in memory only */
	unsigned char secret[STORE_SECRET_BYTES];
	struct slot_file *caches[STORE_CACHES];	/* NULL until asked for */
	struct {
		struct new_root *at;
		size_t n;
		size_t cap;
	} new_roots;			/* of staged trees */
	struct table by_id;		/* position in staged */
	struct {
		struct staged *at;
		size_t n;
		size_t cap;
	} staged;
	size_t kept_n;
	size_t kept_bytes;
	struct store_stats stats;
};

/* A file of settings, if there is one, takes in no other. */
MUST_USE int store_check_config(const char *path, struct err *err);

/*
 * Refuse (ERR_DENIED) a repository of which something leads out of it: a
 * symlink or something odder where a file or folder of its own must be,
 * foreign objects, or a configuration that takes in other files. Before
 * libgit2 opens it, which follows all of these.
 */
MUST_USE int store_check_shape(const char *path, bool may_alternate,
			       struct err *err);

/* Let loose objects be read by our own reader, whoever asks for them. */
MUST_USE int store_read_loose_here(struct store *store, struct err *err);

/* Let what was packed anew while libgit2 looked for it be found all the same. */
MUST_USE int store_read_late_packs(struct store *store, struct err *err);

/* The staged object of that id, or NULL. Borrowed until the next change. */
struct staged *staged_find(const struct store *store, const git_oid *id);

/* Stored on disk, as far as is known without looking for new packs? */
bool store_is_known(struct store *store, const git_oid *id);

/* After a flush: cache the roots of what is stored now. */
void store_root_settle(struct store *store);
void store_close_caches(struct store *store);

/*
 * Delete what packs and loose objects that were never finished have left
 * behind: our own temporary files whose makers are dead, and those of other
 * programs that nobody has written to for a day.
 */
void pack_sweep(const char *objects_path);
void loose_sweep(const char *objects_path);

/* Let go of all files that are open; borrowed repositories are no more. */
MUST_USE int store_reopen(struct store *store, struct err *err);

/* Append " in '<path of a pack>'" if a pack has that object, and no loose file
 * stands before it. Looks through the indexes: for errors only. */
bool store_find_pack(const struct store *store, const git_oid *id,
		     struct buf *out);

#endif
