/*
 * Checking a segment where it lies in a tree.
 */
#ifndef VV_OBJECTS_TREE_SEGMENT_VERIFY_H
#define VV_OBJECTS_TREE_SEGMENT_VERIFY_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "objects/record/codec.h"
#include "objects/record/segment.h"
#include "objects/store/store.h"
#include "objects/tree/tree.h"

/*
 * Check the segment that lies at place: bytes hash to its name, it decodes,
 * segment_check() accepts it, every record's home lies on this place, and the
 * leaves in its head are those of its records. visitor may be NULL. Blind
 * codecs check the hash and the sealed form only, which a piece of a blob has
 * as well.
 * ERR_UNTRUSTED or ERR_CORRUPT names the segment.
 */
MUST_USE int segment_verify(struct store *store, struct codec *codec,
			    const struct tree_segment *segment,
			    const struct segment_visitor *visitor,
			    struct err *err);

/* A record of a segment that was checked, and its home. */
struct placed {
	const struct record *record;
	const unsigned char *id;
	const struct home *home;
	const unsigned char *hash;
};

struct placed_visitor {
	int (*record)(void *arg, const struct placed *placed, struct err *err);
	void *arg;
};

/*
 * The same, but for the leaves, of one that was verified as it came: they are
 * part of what it is named by. Leaves the plain text in text (empty before),
 * from which what the visitor sees is borrowed.
 */
MUST_USE int segment_load(struct store *store, struct codec *codec,
			  const struct tree_segment *segment, struct buf *text,
			  const struct placed_visitor *visitor,
			  struct err *err);

/*
 * The plain text alone of one whose records were checked before, by whoever
 * remembers its digest: the bytes still hash to it. text is empty before.
 */
MUST_USE int segment_plain(struct store *store, struct codec *codec,
			   const struct tree_segment *segment,
			   struct buf *text, struct err *err);

#endif
