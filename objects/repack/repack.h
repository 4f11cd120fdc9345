/*
 * Repacking: loose objects and small packs to one pack, so that a store which
 * grew by many small writes is read as fast as one that was written at once.
 *
 * No object is ever dropped, whether something refers to it or not. So a
 * writer that found an object stored may refer to it at any later time, and
 * no age has to be guessed. It costs little: refs only move forward and every
 * version stays, so what nothing refers to is what an interrupted write has
 * left, and the same write done again makes the same objects.
 *
 * A file goes only when every object in it was read whole, matched its id, and
 * is on disk in the new pack under its index. Whoever has an old pack open
 * reads on in it; whoever has not finds it gone and looks again (libgit2
 * itself, and store_read() once more).
 */
#ifndef VV_OBJECTS_REPACK_REPACK_H
#define VV_OBJECTS_REPACK_REPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "objects/store/store.h"

/* What of a store lies where. */
struct store_census {
	uint64_t loose;		/* objects in files of their own */
	uint64_t packs;
	uint64_t bytes;		/* of both, without indexes */
};

struct repack_options {
	bool is_brief;		/* only what takes a second or two */
	void (*progress)(void *arg, uint64_t done, uint64_t total);
	void *arg;		/* progress may be NULL */
};

struct repack_result {
	struct store_census before;
	struct store_census after;
};

/*
 * Pack the loose objects, and with them packs as long as all smaller ones
 * together are more than half as large: so a large pack is not written again
 * for each few objects, and at most a few dozen remain. Packs beside which a
 * ".keep" lies stay. Sweeps temporary files that nobody has written to for a
 * day. The caller sees to it that only one process repacks at a time; others
 * may read and write all the while. Does nothing where nothing would change.
 *
 * ERR_CORRUPT names the first object or file that is not what it must be, and
 * drops nothing; ERR_IO, ERR_LIMIT likewise.
 */
MUST_USE int store_repack(struct store *store,
			  const struct repack_options *options,
			  struct repack_result *out, struct err *err);

/*
 * Has the store gathered so much that a brief repacking is worth it? Reads
 * two folders; the number of loose objects is estimated from one of 256.
 */
bool store_is_scattered(struct store *store);

#endif
