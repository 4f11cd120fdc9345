/*
 * How packs are written, shared by those that pack new objects (pack.c) and
 * stored ones (repack.c).
 */
#ifndef VV_OBJECTS_PACK_SINK_H
#define VV_OBJECTS_PACK_SINK_H

#include <stdint.h>

#include "lib/id/hash.h"
#include "lib/os/file.h"
#include "objects/pack/pack.h"

#define PACK_VERSION 2
#define PACK_HEADER_BYTES 12
#define PACK_INDEX_VERSION 2
#define PACK_INDEX_MAGIC 0xff744f63u	/* "\377tOc" */
#define PACK_BYTES_MAX ((size_t)0x7fffffff)	/* 31-bit offsets in the index */
#define PACK_OFFSET_DELTA 6		/* a type beside those of objects */
#define PACK_ID_DELTA 7

/* What the index says of an object. */
struct pack_entry {
	git_oid id;
	uint32_t crc;
	uint64_t offset;
};

/* A file on its way to disk, with the running hash of what went before. */
struct pack_sink {
	struct atomic_file file;
	struct sha1 hash;
	struct buf pending;	/* append here, then pack_sink_settle() */
	size_t written;
};

#define PACK_SINK_INIT \
	{ ATOMIC_FILE_INIT, { { 0 } }, BUF_INIT(BUF_NO_LIMIT), 0 }

MUST_USE int pack_sink_open(struct pack_sink *sink, const char *path,
			    struct err *err);

/* Write what is pending once it is much, or tell why it could not be built.
 * ERR_LIMIT at PACK_BYTES_MAX. */
MUST_USE int pack_sink_settle(struct pack_sink *sink, struct err *err);

/* End with the hash of all that was written; the file is still unpublished. */
MUST_USE int pack_sink_end(struct pack_sink *sink,
			   unsigned char out_sum[SHA1_BYTES], struct err *err);
void pack_sink_release(struct pack_sink *sink);

/* The beginning of a pack of n objects, as pending bytes. */
void pack_header_put(struct buf *out, size_t n);

/* Type and size, as they stand in front of an object in a pack. */
void pack_entry_put(struct buf *out, unsigned type, size_t len);

/* Sort the entries by id and append their index, up to its own hash. */
void pack_index_put(struct buf *out, struct pack_entry *entries, size_t n,
		    const unsigned char pack_sum[SHA1_BYTES]);

/* Sort the entries by id and write their index; to be published. */
MUST_USE int pack_index_write(struct pack_sink *sink, const char *path,
			      struct pack_entry *entries, size_t n,
			      const unsigned char pack_sum[SHA1_BYTES],
			      struct err *err);

#endif
