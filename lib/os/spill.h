/*
 * Bytes that wait on disk while memory is short: appended to a file without a
 * name, sealed (AES-256-GCM where the processor has it, else ChaCha20-Poly1305,
 * RFC 8439) under a key that only this process knows, and gone with it, however
 * it ends.
 */
#ifndef VV_LIB_OS_SPILL_H
#define VV_LIB_OS_SPILL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

struct spill;

/* Where a piece lies. */
struct spill_piece {
	uint64_t at;
	size_t len;		/* of what was given */
};

/* folder: where there is room for it. ERR_IO, ERR_NOT_FOUND, ERR_NOMEM. */
MUST_USE int spill_new(const char *folder, struct spill **out, struct err *err);
void spill_free(struct spill *spill);

MUST_USE int spill_add(struct spill *spill, struct span bytes,
		       struct spill_piece *out, struct err *err);

/* Replaces the content of out. ERR_IO, ERR_CORRUPT, ERR_NOMEM. */
MUST_USE int spill_read(struct spill *spill, const struct spill_piece *piece,
			struct buf *out, struct err *err);

#endif
