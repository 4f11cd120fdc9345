/*
 * What the files of the store share.
 */
#ifndef VV_OBJECTS_STORE_STORE_INTERNAL_H
#define VV_OBJECTS_STORE_STORE_INTERNAL_H

#include <stdbool.h>

#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/os/slot_file.h"
#include "objects/pack/pack.h"
#include "objects/store/deflate.h"
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
	struct slot_file *roots;	/* NULL until asked for */
	struct slot_file *filters;	/* likewise */
	struct slot_file *standing;
	struct buf new_roots;		/* struct new_root of staged trees */
	struct table by_id;		/* position in staged */
	struct staged *staged;
	size_t n;
	size_t cap;
	size_t kept_n;
	size_t kept_bytes;
	struct store_stats stats;
};

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

/* The staged object of that id, or NULL. Borrowed until the next change. */
struct staged *staged_find(const struct store *store, const git_oid *id);

/* Stored on disk, as far as is known without looking for new packs? */
bool store_is_known(struct store *store, const git_oid *id);

/* store_stage() of what is stored already, too. */
MUST_USE int store_stage_anew(struct store *store, enum object_type type,
			      struct span bytes, git_oid *out_id,
			      struct err *err);

/*
 * Roots of trees that were checked before, by place_number(): as
 * store_cache_open() has them.
 */
bool store_root_get(struct store *store, const git_oid *tree, uint32_t place,
		    unsigned char out[SHA256_BYTES]);
void store_root_put(struct store *store, const git_oid *tree, uint32_t place,
		    const unsigned char root[SHA256_BYTES]);

/*
 * Open a cache of this repository's own vvault/cache where it has that
 * folder and store_trust_caches() told the secret, else one in memory, unless
 * *cache is open already. False when neither can be: all is as it was, only slower, and no error worth telling.
 */
bool store_cache_open(struct store *store, const char *name,
		      const struct slot_shape *shape,
		      struct slot_file **cache);

/* After a flush: cache the roots of what is stored now. */
void store_root_settle(struct store *store);

/* Let go of all files that are open; borrowed repositories are no more. */
MUST_USE int store_reopen(struct store *store, struct err *err);

/* Append " in '<path of a pack>'" if a pack has that object, and no loose file
 * stands before it. Looks through the indexes: for errors only. */
bool store_find_pack(const struct store *store, const git_oid *id,
		     struct buf *out);

/* Translate what libgit2 returned: sets err to "<what>: <its message>". */
int store_git_error(int git_rc, const char *what, struct err *err);

/* The id as hex, for messages. */
struct oid_hex {
	char text[GIT_OID_HEXSZ + 1];
};
struct oid_hex oid_hex(const git_oid *id);

#endif
