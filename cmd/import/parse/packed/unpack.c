#include "cmd/import/parse/packed/unpack.h"

#include <stdlib.h>

#include "cmd/import/parse/packed/gzip_feed.h"
#include "cmd/import/parse/zstd_feed.h"

struct unpack {
	struct gzip_feed *gzip;
	struct zstd_feed *zstd;
};

bool unpack_is_magic(struct span head)
{
	return gzip_feed_is_magic(head) || zstd_feed_is_magic(head);
}

int unpack_new(struct span head, struct feed from, struct unpack **out,
	       struct err *err)
{
	struct unpack *unpack = calloc(1, sizeof(*unpack));
	int rc;

	if (!unpack)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = gzip_feed_is_magic(head) ?
		gzip_feed_new(from, &unpack->gzip, err) :
		zstd_feed_new(from, &unpack->zstd, err);
	if (rc < 0)
		unpack_free(unpack);
	else
		*out = unpack;
	return rc;
}

void unpack_free(struct unpack *unpack)
{
	if (!unpack)
		return;
	gzip_feed_free(unpack->gzip);
	zstd_feed_free(unpack->zstd);
	free(unpack);
}

struct feed unpack_feed(struct unpack *unpack)
{
	return unpack->gzip ? gzip_feed_of(unpack->gzip) :
	       zstd_feed_of(unpack->zstd);
}
