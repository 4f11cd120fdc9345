/*
 * Deltas as git's packs hold them: an object as pieces of another one and what
 * is new between them.
 */
#ifndef VV_OBJECTS_PACK_DELTA_H
#define VV_OBJECTS_PACK_DELTA_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

/*
 * Append to out what makes target of base: nothing where that would be longer
 * than max bytes.
 */
MUST_USE int delta_make(struct span base, struct span target, size_t max,
			struct buf *out, struct err *err);

/*
 * Replace the content of out by what delta makes of base. ERR_CORRUPT when it
 * is no delta of a base that long; ERR_LIMIT past out's max.
 */
MUST_USE int delta_apply(struct span base, struct span delta, struct buf *out,
			 struct err *err);

#endif
