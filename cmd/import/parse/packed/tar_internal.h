/*
 * The headers of a tar archive.
 */
#ifndef VV_CMD_IMPORT_PARSE_PACKED_TAR_INTERNAL_H
#define VV_CMD_IMPORT_PARSE_PACKED_TAR_INTERNAL_H

#include "cmd/import/parse/packed/tar.h"
#include "lib/base/buf.h"

#define TAR_BLOCK 512
#define TAR_LONG_MAX ((uint64_t)1 << 20)	/* bytes of a header's text */

enum tar_kind {
	TAR_FILE,
	TAR_DIR,
	TAR_STRAY,		/* a link, a device, a pipe */
	TAR_LONG_NAME,		/* GNU: the text is the next one's name */
	TAR_LONG_LINK,		/* and that of the target of a link */
	TAR_NEXT,		/* pax: what holds of the next member */
	TAR_ALL,		/* pax: what holds of all, and is nothing here */
	TAR_END			/* zeros */
};

struct tar_header {
	enum tar_kind kind;
	uint64_t size;		/* of what follows */
};

/* Read one block; name gets what it names. ERR_CORRUPT: it is none. */
MUST_USE int tar_header_read(const unsigned char block[TAR_BLOCK],
			     struct tar_header *out, struct buf *name,
			     struct err *err);

/* Is this block a header, and none of zeros? */
bool tar_header_is(const unsigned char block[TAR_BLOCK]);

/* What a pax header says of the next member: name is replaced where it names
 * one, *size where it has one. ERR_CORRUPT. */
MUST_USE int tar_pax_read(struct span text, struct buf *name, uint64_t *size,
			  struct err *err);

#endif
