#include "cmd/import/parse/zip_directory.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "cmd/import/parse/zip.h"

#define END_BYTES 22
#define END_MAGIC 0x06054b50u
#define COMMENT_MAX 65535
#define LOCATOR_BYTES 20
#define LOCATOR_MAGIC 0x07064b50u
#define END64_BYTES 56
#define END64_MAGIC 0x06064b50u
#define ENTRY_BYTES 46
#define ENTRY_MAGIC 0x02014b50u
#define FIELD64 1			/* id of the 64-bit extra field */
#define ALL16 UINT64_C(0xffff)
#define ALL32 UINT64_C(0xffffffff)

static int read_block(struct zip_file *file, uint64_t at, struct err *err)
{
	ssize_t got;

	do {
		got = pread(file->fd, file->block, sizeof(file->block),
			    (off_t)at);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_errno(err, "cannot read");
	if (got == 0)
		return err_set(err, ERR_CORRUPT, "it is cut off");
	file->block_at = at;
	file->block_len = (size_t)got;
	return 0;
}

int zip_file_read(struct zip_file *file, uint64_t at, void *bytes, size_t len,
		  struct err *err)
{
	char *out = bytes;
	size_t offset, part;
	int rc;

	if (at > file->size || len > file->size - at)
		return err_set(err, ERR_CORRUPT, "it is cut off");
	while (len) {
		if (at < file->block_at ||
		    at - file->block_at >= file->block_len) {
			rc = read_block(file, at, err);
			if (rc < 0)
				return rc;
		}
		offset = (size_t)(at - file->block_at);
		part = file->block_len - offset;
		part = part < len ? part : len;
		memcpy(out, file->block + offset, part);
		out += part;
		at += part;
		len -= part;
	}
	return 0;
}

/* The last place where the record that ends an archive can stand. */
static int find_end(struct zip_file *file, struct zip_directory *scratch,
		    uint64_t *out, struct err *err)
{
	unsigned char *tail = scratch->extra;
	uint64_t size = file->size;
	size_t len = size < COMMENT_MAX ? (size_t)size : COMMENT_MAX;
	uint64_t base = size - len;
	size_t at;
	int rc;

	rc = zip_file_read(file, base, tail, len, err);
	if (rc < 0)
		return rc;
	for (at = len; at-- > 0;) {
		if (len - at >= END_BYTES && tail[at] == 'P' &&
		    zip_number(tail + at, 4) == END_MAGIC &&
		    zip_number(tail + at + 20, 2) <= len - at - END_BYTES) {
			*out = base + at;
			return 0;
		}
	}
	return err_set(err, ERR_CORRUPT,
		       "its directory is missing at the end: it was cut off, "
		       "or is no zip archive");
}

/* Where the 64-bit record is, if there is one. */
static int find_end64(struct zip_file *file, uint64_t end, uint64_t *out,
		      bool *out_is_there, struct err *err)
{
	unsigned char locator[LOCATOR_BYTES];
	int rc;

	*out_is_there = false;
	if (end < LOCATOR_BYTES)
		return 0;
	rc = zip_file_read(file, end - LOCATOR_BYTES, locator,
			   sizeof(locator), err);
	if (rc < 0 || zip_number(locator, 4) != LOCATOR_MAGIC)
		return rc;
	*out = zip_number(locator + 8, 8);
	*out_is_there = true;
	return 0;
}

static int split(struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED,
		       "it is one part of an archive in several files");
}

static int read_end64(struct zip_file *file, uint64_t at,
		      struct zip_directory *out, uint64_t *size,
		      struct err *err)
{
	unsigned char end[END64_BYTES];
	int rc;

	rc = zip_file_read(file, at, end, sizeof(end), err);
	if (rc < 0)
		return rc;
	if (zip_number(end, 4) != END64_MAGIC)
		return err_set(err, ERR_CORRUPT,
			       "its 64-bit directory is not where it says");
	if (zip_number(end + 16, 4) || zip_number(end + 20, 4))
		return split(err);
	out->count = zip_number(end + 32, 8);
	*size = zip_number(end + 40, 8);
	out->begin = zip_number(end + 48, 8);
	out->end = at;
	out->count_mask = UINT64_MAX;
	return 0;
}

static int read_end(struct zip_file *file, uint64_t at,
		    struct zip_directory *out, uint64_t *size,
		    struct err *err)
{
	unsigned char end[END_BYTES];
	uint64_t disks;
	int rc;

	rc = zip_file_read(file, at, end, sizeof(end), err);
	if (rc < 0)
		return rc;
	disks = zip_number(end + 4, 4);
	if (disks && disks != ALL32)
		return split(err);
	out->count = zip_number(end + 10, 2);
	*size = zip_number(end + 12, 4);
	out->begin = zip_number(end + 16, 4);
	out->end = at;
	/* Some writers let a larger count wrap around. */
	out->count_mask = ALL16;
	return 0;
}

/* Bytes put before an archive shift all places in it: so do pictures that
 * carry one. */
static int find_before(struct zip_file *file, struct zip_directory *out,
		       uint64_t size, struct err *err)
{
	char head[ZIP_PICTURE_BYTES];
	uint64_t real = out->end - size;
	int rc;

	out->before = 0;
	if (out->end >= size && real == out->begin)
		return 0;
	rc = zip_file_read(file, 0, head, sizeof(head), err);
	if (rc < 0)
		return rc;
	if (out->end < size || real < out->begin ||
	    !zip_is_picture(span_of(head, sizeof(head))))
		return err_set(err, ERR_CORRUPT,
			       "its directory is not where it says: it is "
			       "damaged, or bytes were put before it");
	out->before = real - out->begin;
	out->begin = real;
	return 0;
}

int zip_directory_find(struct zip_file *file, struct zip_directory *out,
		       struct err *err)
{
	uint64_t at = 0, at64 = 0, size = 0;
	bool has_end64 = false;
	int rc;

	rc = find_end(file, out, &at, err);
	if (rc == 0)
		rc = read_end(file, at, out, &size, err);
	/* It may be there without need, and is then the end as well. */
	if (rc == 0)
		rc = find_end64(file, at, &at64, &has_end64, err);
	if (rc == 0 && has_end64)
		rc = read_end64(file, at64, out, &size, err);
	if (rc == 0)
		rc = find_before(file, out, size, err);
	if (rc < 0)
		return rc;
	out->file = file;
	out->at = out->begin;
	out->seen = 0;
	return 0;
}

/* Replace a value that did not fit by the next one of the 64-bit field. */
static bool widen(const unsigned char **at, size_t *left, uint64_t *value)
{
	if (*value != ALL32)
		return true;
	if (*left < 8)
		return false;
	*value = zip_number(*at, 8);
	*at += 8;
	*left -= 8;
	return true;
}

static bool add_field64(const unsigned char *extra, size_t len,
			struct zip_entry *out)
{
	while (len >= 4) {
		size_t field_len = (size_t)zip_number(extra + 2, 2);
		bool is_it = zip_number(extra, 2) == FIELD64;

		extra += 4;
		len -= 4;
		if (field_len > len)
			return false;
		if (is_it)
			return widen(&extra, &field_len, &out->size) &&
			       widen(&extra, &field_len, &out->packed) &&
			       widen(&extra, &field_len, &out->begin);
		extra += field_len;
		len -= field_len;
	}
	return true;
}

/* What the fixed part of an entry says. */
static bool take_entry(const unsigned char head[ENTRY_BYTES],
		       struct zip_entry *out)
{
	uint64_t disk = zip_number(head + 34, 2);

	out->flags = (unsigned)zip_number(head + 8, 2);
	out->method = (unsigned)zip_number(head + 10, 2);
	out->crc = (uint32_t)zip_number(head + 16, 4);
	out->packed = zip_number(head + 20, 4);
	out->size = zip_number(head + 24, 4);
	out->attributes = (uint32_t)zip_number(head + 38, 4);
	out->begin = zip_number(head + 42, 4);
	return zip_number(head, 4) == ENTRY_MAGIC &&
	       (!disk || disk == ALL16);
}

static int finish(const struct zip_directory *directory, struct err *err)
{
	if ((directory->seen ^ directory->count) & directory->count_mask)
		return err_set(err, ERR_CORRUPT, "its directory has another "
			       "number of entries than it says");
	return 0;
}

int zip_directory_next(struct zip_directory *directory, struct zip_entry *out,
		       bool *out_is_there, struct err *err)
{
	unsigned char head[ENTRY_BYTES];
	uint64_t left = directory->end - directory->at;
	size_t name_len, extra_len;
	uint64_t len;
	int rc;

	*out_is_there = left > 0;
	if (!left)
		return finish(directory, err);
	if (left < ENTRY_BYTES)
		goto damaged;
	rc = zip_file_read(directory->file, directory->at, head, sizeof(head),
			   err);
	if (rc < 0)
		return rc;
	name_len = (size_t)zip_number(head + 28, 2);
	extra_len = (size_t)zip_number(head + 30, 2);
	len = ENTRY_BYTES + name_len + extra_len + zip_number(head + 32, 2);
	if (!take_entry(head, out) || len > left)
		goto damaged;
	rc = zip_file_read(directory->file, directory->at + ENTRY_BYTES,
			   directory->name, name_len, err);
	if (rc == 0)
		rc = zip_file_read(directory->file, directory->at +
				   ENTRY_BYTES + name_len, directory->extra,
				   extra_len, err);
	if (rc < 0)
		return rc;
	if (!add_field64(directory->extra, extra_len, out))
		goto damaged;
	out->name = span_of(directory->name, name_len);
	out->begin += directory->before;
	directory->at += len;
	directory->seen++;
	return 0;
damaged:
	return err_set(err, ERR_CORRUPT, "entry %llu of its directory is "
		       "damaged", (unsigned long long)directory->seen + 1);
}
