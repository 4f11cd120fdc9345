/*
 * A zip archive whose members are sources of their own: they share one that
 * is open, and of many archives only one is open at a time.
 */
#ifndef VV_CMD_IMPORT_INPUT_ARCHIVE_H
#define VV_CMD_IMPORT_INPUT_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/import/input/bundle.h"
#include "lib/base/err.h"

#define ARCHIVE_MEMBER_MARK "!/"	/* between its path and a name in it */

struct archive;

/*
 * Make one, which its maker then holds; it is not opened. *slot is the one
 * archive that is open, NULL at first, and outlives them all.
 */
MUST_USE int archive_new(const char *path, struct archive **slot,
			 struct archive **out, struct err *err);
struct archive *archive_hold(struct archive *archive);
void archive_drop(struct archive *archive);	/* accepts NULL */

/* Open it, if it is not: the bundle is good until another one is opened. As
 * bundle_open(). */
MUST_USE int archive_open(struct archive *archive, struct bundle **out,
			  struct err *err);

/*
 * Begin to read a member; whoever read from any archive before cannot go on.
 * reader: who reads, to tell one from the other. ERR_NOT_FOUND when the
 * archive has lost it meanwhile.
 */
MUST_USE int archive_begin(struct archive *archive, const char *member,
			   const void *reader, uint64_t *out_size,
			   struct err *err);

/* Has it a member of this name, if it can be opened? */
bool archive_has(struct archive *archive, const char *member);

/* Replace out with all bytes of one; who read from any archive before cannot
 * go on. ERR_NOT_FOUND, ERR_LIMIT above max. */
MUST_USE int archive_load(struct archive *archive, const char *member,
			  size_t max, struct buf *out, struct err *err);

/* Is this reader's member the one that is read? Then its feed is good. */
const struct feed *archive_feed(const struct archive *archive,
				const void *reader);

#endif
