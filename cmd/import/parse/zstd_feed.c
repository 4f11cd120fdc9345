#include "cmd/import/parse/zstd_feed.h"

#include <stdlib.h>

#include <zstd.h>

#define BLOCK_BYTES ((size_t)64 << 10)
#define WINDOW_LOG_MAX 27	/* 128 MiB, as the command line tool has it */

struct zstd_feed {
	struct feed from;
	ZSTD_DStream *stream;
	char block[BLOCK_BYTES];
	ZSTD_inBuffer in;
	uint64_t read;		/* bytes that went in, and came out */
	uint64_t written;
	bool is_inside;		/* a frame */
};

bool zstd_feed_is_magic(struct span head)
{
	return span_begins(head, "\x28\xb5\x2f\xfd");
}

int zstd_feed_new(struct feed from, struct zstd_feed **out, struct err *err)
{
	struct zstd_feed *feed = calloc(1, sizeof(*feed));

	if (feed)
		feed->stream = ZSTD_createDStream();
	if (!feed || !feed->stream) {
		free(feed);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	(void)ZSTD_DCtx_setParameter(feed->stream, ZSTD_d_windowLogMax,
				     WINDOW_LOG_MAX);
	feed->from = from;
	feed->in.src = feed->block;
	*out = feed;
	return 0;
}

void zstd_feed_free(struct zstd_feed *feed)
{
	if (!feed)
		return;
	ZSTD_freeDStream(feed->stream);
	free(feed);
}

/* Bytes to inflate; at the end there are none. */
static int fill(struct zstd_feed *feed, struct err *err)
{
	size_t got = 0;
	int rc;

	if (feed->in.pos < feed->in.size)
		return 0;
	rc = feed->from.read(feed->from.arg, feed->block, BLOCK_BYTES, &got,
			     err);
	if (rc < 0)
		return rc;
	feed->in.pos = 0;
	feed->in.size = got;
	feed->read += got;
	return 0;
}

static int inflate_some(struct zstd_feed *feed, ZSTD_outBuffer *out,
			struct err *err)
{
	size_t left = ZSTD_decompressStream(feed->stream, out, &feed->in);

	if (ZSTD_isError(left))
		return err_set(err, ERR_CORRUPT, "the zstd data is damaged: "
			       "%s", ZSTD_getErrorName(left));
	feed->is_inside = left != 0;
	return 0;
}

static int read_some(void *arg, void *bytes, size_t len, size_t *out_len,
		     struct err *err)
{
	struct zstd_feed *feed = arg;
	ZSTD_outBuffer out = { bytes, len, 0 };
	bool is_flushed = false;
	int rc = 0;

	/* What is inside already comes out before more is read. */
	while (!out.pos && len) {
		if (feed->is_inside && !is_flushed) {
			is_flushed = true;
		} else {
			rc = fill(feed, err);
			if (rc < 0)
				return rc;
			if (!feed->in.size)
				break;
		}
		rc = inflate_some(feed, &out, err);
		if (rc < 0)
			return rc;
	}
	feed->written += out.pos;
	if (!out.pos && feed->is_inside)
		return err_set(err, ERR_CORRUPT,
			       "the zstd data is cut short");
	if (feed->written > ZSTD_FEED_FREE &&
	    feed->written / ZSTD_FEED_RATIO > feed->read)
		return err_set(err, ERR_LIMIT, "the zstd data becomes more "
			       "than %d times as large", ZSTD_FEED_RATIO);
	*out_len = out.pos;
	return 0;
}

struct feed zstd_feed_of(struct zstd_feed *feed)
{
	const struct feed out = { read_some, feed };

	return out;
}
