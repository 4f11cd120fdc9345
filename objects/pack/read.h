/*
 * A pack that is read as a whole, to be packed anew: where each object lies
 * in it, in its compressed form.
 */
#ifndef VV_OBJECTS_PACK_READ_H
#define VV_OBJECTS_PACK_READ_H

#include <stdbool.h>
#include <stdint.h>

#include <git2.h>

#include "lib/base/buf.h"
#include "lib/base/deflate.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/os/file.h"

/* One object of a pack, in the order of the pack. */
struct pack_object {
	git_oid id;
	uint32_t offset;
	uint32_t crc;
	struct span stream;	/* its zlib stream, in the map */
	unsigned type;		/* 1 to 4; PACK_OFFSET_DELTA, PACK_ID_DELTA */
	size_t len;		/* inflated (of a delta: of the delta) */
	uint32_t base;		/* of a delta: its position here, or NO_BASE */
};

#define PACK_NO_BASE UINT32_MAX

struct pack_file {
	struct file_map pack;
	struct file_map index;
	git_odb *odb;		/* of this pack alone */
	struct pack_object *objects;
	size_t n;
};

/*
 * Open "<stem>.pack" and ".idx" and read where all begins. Both must be whole
 * (the index by its hash, the pack by what the index says of it) and below
 * 2 GiB: ERR_CORRUPT names the file.
 */
MUST_USE int pack_file_open(struct pack_file *file, const char *stem,
			    struct err *err);
void pack_file_release(struct pack_file *file);

/*
 * Replace the content of out by that of one object, checked against its id as
 * read from this pack, whatever other copies there are. out_type: 1 to 4.
 * ERR_CORRUPT names the object; ERR_LIMIT past out's max.
 */
MUST_USE int pack_file_read(const struct pack_file *file, size_t position,
			    struct inflater *inflater, unsigned *out_type,
			    struct buf *out, struct err *err);

/* Does the content, with git's header for it, hash to the id? */
bool object_is_true(const git_oid *id, unsigned type, struct span content);

#endif
