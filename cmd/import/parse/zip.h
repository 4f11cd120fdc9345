/*
 * Reading zip archives that came from outside and may be hostile.
 *
 * An archive is refused as a whole when its directory shows what no honest
 * exporter makes: names that leave the folder (absolute, "..", a drive, a
 * backslash), control characters, symbolic links and other special files,
 * encryption, two members of one name or on the same bytes, members that
 * unpack to far more than they take, a directory that contradicts itself.
 * A member's own faults (its checksum, a method that nobody here knows, a
 * torn stream) cost only that member. Nothing is ever written to disk.
 */
#ifndef VV_CMD_IMPORT_PARSE_ZIP_H
#define VV_CMD_IMPORT_PARSE_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define ZIP_MEMBERS_MAX 1000000
/* An honest text shrinks to a tenth; this many times smaller is a bomb... */
#define ZIP_RATIO_MAX 200
/* ... unless it stays small all the same. For a member and for the sum. */
#define ZIP_RATIO_FREE_BYTES ((uint64_t)64 << 20)

struct zip;

struct zip_member {
	const char *name;	/* UTF-8, '/' between, no '/' at the end */
	uint64_t size;		/* bytes unpacked, as declared */
	uint64_t packed;
	unsigned method;	/* 0 stored, 8 deflated; others do not open */
	bool is_dir;
	uint32_t crc;
	/* Where it stands in the archive: of the reader alone. */
	uint64_t begin;
	uint64_t end;		/* at least; its own header may be longer */
	uint64_t limit;		/* the next one or the directory begins */
};

/* Does it begin like an archive, an empty one too? */
bool zip_is_magic(struct span head);

/* Does it begin like a picture (JPEG), behind which an archive may stand? Its
 * places need not count the bytes of the picture. */
#define ZIP_PICTURE_BYTES 3
bool zip_is_picture(struct span head);

/*
 * Open an archive and read its directory: the central one, at its end. It
 * must be a regular file (a pipe: ERR_INVALID). zip_open_fd borrows fd, which
 * must stay open; its position is neither used nor changed; name is for
 * messages.
 *
 * ERR_CORRUPT for a truncated or damaged archive, ERR_INVALID for hostile
 * names and the like, ERR_LIMIT for bombs and more than ZIP_MEMBERS_MAX
 * members, ERR_UNSUPPORTED for encryption; ERR_NOT_FOUND, ERR_IO, ERR_NOMEM.
 */
MUST_USE int zip_open(const char *path, struct zip **out, struct err *err);
MUST_USE int zip_open_fd(int fd, const char *name, struct zip **out,
			 struct err *err);
void zip_free(struct zip *zip);		/* accepts NULL */

/*
 * The members, folders too where the archive lists them, sorted by name as
 * bytes. Names without the UTF-8 mark are taken as UTF-8 where they are
 * that, else as code page 437. Leading "./" is left out. All borrowed until
 * zip_free().
 */
size_t zip_count(const struct zip *zip);
const struct zip_member *zip_at(const struct zip *zip, size_t at);

/* The member of exactly this name, or NULL. */
const struct zip_member *zip_find(const struct zip *zip, const char *name);

/*
 * Begin to read a member of this archive, which ends the one before.
 * ERR_UNSUPPORTED for its method, ERR_INVALID for a folder, ERR_CORRUPT when
 * its own header says other things than the directory.
 */
MUST_USE int zip_member_open(struct zip *zip, const struct zip_member *member,
			     struct err *err);

/*
 * The next bytes of the open member, at most len (> 0); *out_len 0 at its
 * end, where size and checksum were found right. Never more bytes than the
 * member's size in all. ERR_CORRUPT, also at the very end: what was read
 * before is then not to be trusted.
 */
MUST_USE int zip_member_read(struct zip *zip, void *bytes, size_t len,
			     size_t *out_len, struct err *err);

/* Replace out with the whole member; ERR_LIMIT when it is larger than max. */
MUST_USE int zip_member_load(struct zip *zip, const struct zip_member *member,
			     size_t max, struct buf *out, struct err *err);

#endif
