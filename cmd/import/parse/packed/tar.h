/*
 * Reading tar archives that came from outside and may be hostile, compressed
 * by gzip or zstd or not.
 *
 * Names are judged as those of zip archives are (zip_name.h): one that leaves
 * the folder refuses the archive. Links, devices and pipes are no members, and
 * are counted. Of two members of one name the later one counts, as tar has it.
 * Compressed data are unpacked into a file that has no name and is gone when
 * the archive is closed; they may unpack to as much as gzip_feed.h tells.
 */
#ifndef VV_CMD_IMPORT_PARSE_PACKED_TAR_H
#define VV_CMD_IMPORT_PARSE_PACKED_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/span.h"

#define TAR_MEMBERS_MAX 1000000

struct tar;

struct tar_member {
	const char *name;	/* UTF-8, '/' between */
	uint64_t size;		/* bytes, as declared */
	uint64_t begin;		/* of them, in the archive */
};

/* Does it begin like one: as it is, or compressed? Some hundred bytes are
 * enough of the former, of the latter what unpacks to them. */
bool tar_is_magic(struct span head);
bool tar_is_packed(struct span head);
bool tar_is_any(struct span head);

/*
 * Open an archive, which is a regular file, and find its members. One whose
 * end is missing has those that are whole, and the last one in part: reading
 * that fails. ERR_CORRUPT for a damaged header, ERR_INVALID for names that
 * leave the folder, ERR_LIMIT; ERR_NOT_FOUND, ERR_IO, ERR_NOMEM.
 */
MUST_USE int tar_open(const char *path, struct tar **out, struct err *err);
void tar_free(struct tar *tar);		/* accepts NULL */

/* The members that are files, sorted by name as bytes; borrowed. */
size_t tar_count(const struct tar *tar);
const struct tar_member *tar_at(const struct tar *tar, size_t at);
const struct tar_member *tar_find(const struct tar *tar, const char *name);

/* How many links, devices and the like it has. */
size_t tar_strays(const struct tar *tar);

/* Begin to read a member, which ends the one before; then its next bytes, at
 * most len: *out_len 0 at its end. ERR_CORRUPT where the archive ends before. */
void tar_member_open(struct tar *tar, const struct tar_member *member);
MUST_USE int tar_member_read(struct tar *tar, void *bytes, size_t len,
			     size_t *out_len, struct err *err);

#endif
