/*
 * Take a pack that somebody sends: it is checked against limits while it
 * streams in, written beside its index-to-be, and published when every delta
 * in it has become an object. Own code in place of libgit2's indexer, which
 * puts a chain of large objects together anew for each of them, goes over
 * deltas by id once more for each that it resolves, and cannot be stopped
 * while it does so. Format: gitformat-pack(5).
 */
#ifndef VV_OBJECTS_PACK_INDEX_PACK_H
#define VV_OBJECTS_PACK_INDEX_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include <git2.h>

#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/os/folder.h"

/*
 * Longest chain of deltas: five times what git makes by itself, and what
 * `git repack --depth=250` makes. And the bytes of all objects of one chain,
 * which is what it takes to make its last one, and the memory of doing so.
 */
#define INDEX_PACK_DEPTH_MAX 250
#define INDEX_PACK_CHAIN_BYTES ((uint64_t)256 << 20)

/*
 * What is inflated and made of deltas may be this much and so many times the
 * packs' own bytes, where the limits say nothing: work follows what was sent.
 */
#define INDEX_PACK_FREE_BYTES ((uint64_t)1 << 30)
#define INDEX_PACK_RATIO 128u

struct index_pack_limits {
	uint64_t bytes;			/* of packs */
	uint64_t objects;
	uint64_t object_bytes;		/* inflated, each */
	uint64_t inflated_bytes;	/* 0: by INDEX_PACK_RATIO */
};

/* Of all packs that share it; the limits are for these. */
struct index_pack_counts {
	uint64_t bytes;
	uint64_t objects;		/* announced */
	uint64_t received;		/* objects that have come */
	uint64_t inflated;
};

struct index_pack_options {
	const char *from;		/* whose pack, for messages */
	const struct folder *folder;	/* where it goes */
	git_odb *bases;			/* what thin packs may build upon, or NULL */
	struct index_pack_limits limits;
	struct index_pack_counts *counts;
	bool is_kept;			/* see index_pack_finish() */
	/* Called per object and often in between; a failure stops it all. */
	int (*tick)(void *arg, struct err *err);
	void *arg;
};

struct index_pack;

/* Options and all that they point to are borrowed until index_pack_free(). */
MUST_USE int index_pack_new(const struct index_pack_options *options,
			    struct index_pack **out, struct err *err);

/*
 * The next bytes. ERR_LIMIT, ERR_CORRUPT, ERR_IO, and what tick returned:
 * nothing can be fed after any of them.
 */
MUST_USE int index_pack_feed(struct index_pack *pack, struct span bytes,
			     struct err *err);

/*
 * No more comes. Publishes pack-<hash>.pack and .idx, synced with the folder;
 * one without objects leaves nothing. ERR_CORRUPT also for a base that is
 * nowhere. is_kept: nothing refers to the pack yet, and a `git gc` beside us
 * would drop it; so, as with git's own receive-pack, a .keep file stands
 * beside it until index_pack_free(), and its name is drawn.
 */
MUST_USE int index_pack_finish(struct index_pack *pack, struct err *err);

/* All that the descriptor still has, and the end of it; name is for messages. */
MUST_USE int index_pack_file(struct index_pack *pack, int fd, const char *name,
			     struct err *err);

/* What is not published goes. Accepts NULL. */
void index_pack_free(struct index_pack *pack);

/* Delete what killed processes have left unfinished in the folder. */
void index_pack_sweep(const struct folder *folder);

#endif
