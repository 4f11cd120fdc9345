/*
 * Files that came together: a folder or an archive, zip or tar.
 */
#ifndef VV_CMD_IMPORT_INPUT_BUNDLE_H
#define VV_CMD_IMPORT_INPUT_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cmd/import/parse/feed.h"
#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"

#define BUNDLE_FILES_MAX 1000000
#define BUNDLE_FOLDERS_DEEP 64

struct bundle;

/*
 * Open a folder (all regular files below it, no symbolic links followed) or
 * an archive (with all refusals of zip.h or tar.h). ERR_NOT_FOUND, ERR_INVALID,
 * ERR_CORRUPT, ERR_LIMIT, ERR_IO.
 */
MUST_USE int bundle_open(const char *path, struct bundle **out,
			 struct err *err);

/*
 * What lies below one folder of a bundle, as a bundle: names are relative to
 * it. folder ends with '/', or is "". Looks at no disk; good as long as the
 * bundle is, and shares its one feed.
 */
MUST_USE int bundle_below(struct bundle *bundle, const char *folder,
			  struct bundle **out, struct err *err);
void bundle_free(struct bundle *bundle);	/* accepts NULL */
bool bundle_is_archive(const struct bundle *bundle);

/* How many symbolic links, pipes and the like are in it, which are no files of
 * the bundle. */
size_t bundle_strays(const struct bundle *bundle);

/* From now on add to *count the bytes that are read from it. */
void bundle_count_into(struct bundle *bundle, uint64_t *count);

/* What a regular file begins as; another one is not opened, for that would be
 * seen by whoever writes to a pipe. */
enum bundle_archive { BUNDLE_NO_ARCHIVE, BUNDLE_ZIP, BUNDLE_TAR };
enum bundle_archive bundle_archive_of(const char *path);

struct bundle_file {
	const char *name;	/* relative to the top, '/' between; UTF-8
				   in a zip archive */
	uint64_t size;		/* bytes, unpacked */
};

/* Sorted by name as bytes; borrowed until bundle_free(). */
size_t bundle_count(const struct bundle *bundle);
const struct bundle_file *bundle_at(const struct bundle *bundle, size_t at);

/* The file of exactly this name, or NULL. */
const struct bundle_file *bundle_find(const struct bundle *bundle,
				      const char *name);

/* Is there a file whose name begins so, as that of a folder and '/' does? */
bool bundle_has_below(const struct bundle *bundle, const char *folder);

/*
 * The first file (by its last part, then by name) whose last part, without
 * its folders, begins with prefix; or NULL. Fast: binary search.
 */
const struct bundle_file *bundle_find_base(const struct bundle *bundle,
					   struct span prefix);

/* Replace out with all its bytes; ERR_LIMIT above max. */
MUST_USE int bundle_load(struct bundle *bundle, const struct bundle_file *file,
			 size_t max, struct buf *out, struct err *err);

/* Replace out with the first len bytes, or all: for sniffing. */
MUST_USE int bundle_head(struct bundle *bundle, const struct bundle_file *file,
			 size_t len, struct buf *out, struct err *err);

/*
 * Read it as it comes. One feed at a time: opening another file of the bundle
 * by any of these calls ends the one before.
 */
MUST_USE int bundle_feed(struct bundle *bundle,
			 const struct bundle_file *file, struct feed *out,
			 struct err *err);

#endif
