/*
 * The blobs of a record, and those in them: a part that was too large for it
 * may refer to others.
 */
#ifndef VV_REFS_FORGET_BLOBS_H
#define VV_REFS_FORGET_BLOBS_H

#include "refs/view/view.h"

struct blobs_visitor {
	int (*blob)(void *arg, const unsigned char digest[SHA256_BYTES],
		    struct err *err);
	void *arg;
};

/*
 * Tell of each that canonical JSON text refers to, however deep; more than
 * once of one that it does so to several times. Blobs that are JSON are read:
 * one that lacks has none in it.
 */
MUST_USE int blobs_each(struct view *view, struct span text,
			const struct blobs_visitor *visitor, struct err *err);

#endif
