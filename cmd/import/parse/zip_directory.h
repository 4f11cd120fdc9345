/*
 * The central directory of a zip archive: where it is, and what it says of
 * each member. Judges only whether it makes sense; zip.c judges the rest.
 */
#ifndef VV_CMD_IMPORT_PARSE_ZIP_DIRECTORY_H
#define VV_CMD_IMPORT_PARSE_ZIP_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

#define ZIP_BLOCK_BYTES ((size_t)32 << 10)
#define ZIP_FIELD_MAX 65535

/* The archive's bytes, by blocks; some 160 KiB, so not for the stack. */
struct zip_file {
	int fd;			/* borrowed */
	uint64_t size;
	uint64_t block_at;
	size_t block_len;
	unsigned char block[ZIP_BLOCK_BYTES];
};

/* All of these bytes, or ERR_CORRUPT ("cut off") or ERR_IO. */
MUST_USE int zip_file_read(struct zip_file *file, uint64_t at, void *bytes,
			   size_t len, struct err *err);

/* A number of the format: little endian, 1 to 8 bytes. */
static inline uint64_t zip_number(const unsigned char *at, size_t len)
{
	uint64_t value = 0;

	while (len--)
		value = value << 8 | at[len];
	return value;
}

struct zip_directory {
	struct zip_file *file;	/* borrowed */
	uint64_t begin;
	uint64_t end;
	uint64_t at;		/* of the next entry */
	uint64_t count;		/* entries it claims */
	uint64_t seen;
	uint64_t count_mask;	/* what of count can be trusted */
	uint64_t before;	/* bytes of a picture before the archive, which
				   its places do not count */
	char name[ZIP_FIELD_MAX];
	unsigned char extra[ZIP_FIELD_MAX];
};

struct zip_entry {
	struct span name;	/* raw; until the next call */
	unsigned flags;
	unsigned method;
	uint32_t attributes;	/* Unix mode in the upper half */
	uint32_t crc;
	uint64_t size;
	uint64_t packed;
	uint64_t begin;		/* of its own header */
};

/*
 * Find the directory, 64-bit or not, by the record at the end of the file.
 * ERR_CORRUPT when there is none that fits, ERR_UNSUPPORTED for an archive in
 * several files, ERR_IO.
 */
MUST_USE int zip_directory_find(struct zip_file *file,
				struct zip_directory *out, struct err *err);

/* The next entry; there is none behind the last. ERR_CORRUPT, ERR_IO. */
MUST_USE int zip_directory_next(struct zip_directory *directory,
				struct zip_entry *out, bool *out_is_there,
				struct err *err);

#endif
