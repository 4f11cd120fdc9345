/*
 * A journal: a local file that grows by entries which nobody else can read,
 * make or change unseen. Each is sealed (XChaCha20-Poly1305 under a local
 * seal) with the tag of the one before it as associated data:
 *
 *	u32 length of sealed, previous tag (16), nonce (24), sealed, u32 length
 *
 * Nothing waits for the disk. What a stop tears is at the end, is recognized,
 * and costs that entry alone. A label of local_seal_init() for journals is
 * for no other files. Entries at the beginning go when the file has grown to
 * its maximum; so whoever can write the folder can take entries off either
 * end, and put an older file back, but nothing else.
 */
#ifndef VV_LIB_OS_JOURNAL_H
#define VV_LIB_OS_JOURNAL_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/os/local_seal.h"
#include "lib/os/lock.h"

#define JOURNAL_TAG 16

/* Open for appending, under a lock: between processes one after the other. */
struct journal {
	const char *path;		/* borrowed */
	const struct local_seal *seal;	/* borrowed */
	struct lock lock;
	int fd;
	uint64_t max_bytes;		/* of the file */
	bool is_shared;			/* it has another name */
	uint64_t size;
	uint64_t end;			/* of the last whole entry */
	unsigned char tag[JOURNAL_TAG];	/* its tag */
	struct buf last;		/* and what it says; empty: there is none */
};

#define JOURNAL_INIT(max) \
	{ NULL, NULL, LOCK_INIT, -1, max, false, 0, 0, { 0 }, \
	  BUF_INIT(BUF_NO_LIMIT) }

/*
 * Open, or make. What this device did not write, a link, a pipe and what is
 * larger than the maximum is put aside as <path>.refused, and a new one begun;
 * *out_is_refused says so. A file that has another name is written anew, so
 * that nothing is written through that. ERR_LOCKED.
 */
MUST_USE int journal_open(struct journal *journal, const char *path,
			  const char *lock_path, const struct local_seal *seal,
			  bool *out_is_refused, struct err *err);

/*
 * Append an entry. Past the maximum the oldest go first, until half is left.
 * ERR_LIMIT: it is more than that alone.
 */
MUST_USE int journal_add(struct journal *journal, struct span entry,
			 struct err *err);
void journal_close(struct journal *journal);

struct journal_visitor {
	int (*entry)(void *arg, struct span entry, struct err *err);
	void *arg;
};

/*
 * Every entry, the oldest first; a missing file has none. *out_is_torn: the
 * last one was cut off, and is left out. ERR_UNTRUSTED: something in it was
 * not written here, or is not where it was written.
 */
MUST_USE int journal_each(const char *path, const struct local_seal *seal,
			  uint64_t max_bytes,
			  const struct journal_visitor *visitor,
			  bool *out_is_torn, struct err *err);

#endif
