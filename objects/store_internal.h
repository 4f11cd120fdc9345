/*
 * What the files of the store share.
 */
#ifndef VV_OBJECTS_STORE_INTERNAL_H
#define VV_OBJECTS_STORE_INTERNAL_H

#include <stdbool.h>

#include "lib/table.h"
#include "objects/deflate.h"
#include "objects/pack.h"
#include "objects/root_cache.h"
#include "objects/store.h"

struct staged {
	struct framed object;
	bool is_kept;
};

struct store {
	git_repository *repo;
	git_odb *odb;			/* owned by repo */
	char *path;
	char *objects_path;
	struct deflater *deflater;
	struct root_cache *roots;	/* NULL until asked for */
	struct table by_id;		/* position in staged */
	struct staged *staged;
	size_t n;
	size_t cap;
	size_t kept_n;
	size_t kept_bytes;
	struct store_stats stats;
};

/* The staged object of that id, or NULL. Borrowed until the next change. */
struct staged *staged_find(const struct store *store, const git_oid *id);

/* Stored on disk, as far as is known without looking for new packs? */
bool store_is_known(struct store *store, const git_oid *id);

/* Translate what libgit2 returned: sets err to "<what>: <its message>". */
int store_git_error(int git_rc, const char *what, struct err *err);

/* The id as hex, for messages. */
struct oid_hex {
	char text[GIT_OID_HEXSZ + 1];
};
struct oid_hex oid_hex(const git_oid *id);

#endif
