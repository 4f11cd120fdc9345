#include "cmd/import/input/archive.h"

#include <stdlib.h>

struct archive {
	size_t holders;
	char *path;
	struct archive **slot;
	struct bundle *bundle;		/* NULL: closed */
	const void *reader;		/* NULL: nobody reads */
	struct feed feed;		/* what the reader reads */
};

int archive_new(const char *path, struct archive **slot, struct archive **out,
		struct err *err)
{
	struct archive *archive = calloc(1, sizeof(*archive));

	if (archive)
		archive->path = strdup(path);
	if (!archive || !archive->path) {
		free(archive);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	archive->slot = slot;
	archive->holders = 1;
	*out = archive;
	return 0;
}

struct archive *archive_hold(struct archive *archive)
{
	archive->holders++;
	return archive;
}

static void shut(struct archive *archive)
{
	bundle_free(archive->bundle);
	archive->bundle = NULL;
	archive->reader = NULL;
	if (*archive->slot == archive)
		*archive->slot = NULL;
}

void archive_drop(struct archive *archive)
{
	if (!archive || --archive->holders)
		return;
	shut(archive);
	free(archive->path);
	free(archive);
}

int archive_open(struct archive *archive, struct bundle **out, struct err *err)
{
	int rc;

	if (!archive->bundle) {
		if (*archive->slot)
			shut(*archive->slot);
		rc = bundle_open(archive->path, &archive->bundle, err);
		if (rc < 0)
			return rc;
		*archive->slot = archive;
	}
	*out = archive->bundle;
	return 0;
}

bool archive_has(struct archive *archive, const char *member)
{
	struct bundle *bundle;

	return archive_open(archive, &bundle, NULL) == 0 &&
	       bundle_find(bundle, member);
}

/* Nobody reads any more. */
static int find_member(struct archive *archive, const char *member,
		       struct bundle **out, const struct bundle_file **out_file,
		       struct err *err)
{
	int rc = archive_open(archive, out, err);

	if (rc < 0)
		return rc;
	archive->reader = NULL;
	*out_file = bundle_find(*out, member);
	return *out_file ? 0 : err_set(err, ERR_NOT_FOUND, "'%s' has lost "
				       "'%s'", archive->path, member);
}

int archive_load(struct archive *archive, const char *member, size_t max,
		 struct buf *out, struct err *err)
{
	const struct bundle_file *file;
	struct bundle *bundle;
	int rc = find_member(archive, member, &bundle, &file, err);

	return rc < 0 ? rc : bundle_load(bundle, file, max, out, err);
}

int archive_begin(struct archive *archive, const char *member,
		  const void *reader, uint64_t *out_size, struct err *err)
{
	const struct bundle_file *file;
	struct bundle *bundle;
	int rc = find_member(archive, member, &bundle, &file, err);

	if (rc == 0)
		rc = bundle_feed(bundle, file, &archive->feed, err);
	if (rc < 0)
		return rc;
	archive->reader = reader;
	*out_size = file->size;
	return 0;
}

const struct feed *archive_feed(const struct archive *archive,
				const void *reader)
{
	return archive->reader == reader ? &archive->feed : NULL;
}
