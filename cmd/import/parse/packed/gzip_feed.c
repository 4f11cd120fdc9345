#include "cmd/import/parse/packed/gzip_feed.h"

#include <stdlib.h>

#include "lib/base/deflate.h"

#define BLOCK_BYTES ((size_t)64 << 10)

struct gzip_feed {
	struct feed from;
	struct inflate_stream *stream;
	struct span in;
	uint64_t read;		/* bytes that went in, and came out */
	uint64_t written;
	bool is_inside;		/* a member */
	bool is_at_end;		/* of all of them */
	struct err failed;	/* told when what came before it is out */
	char block[BLOCK_BYTES];
};

bool gzip_feed_is_magic(struct span head)
{
	return span_begins(head, "\x1f\x8b\x08");
}

int gzip_feed_new(struct feed from, struct gzip_feed **out, struct err *err)
{
	struct gzip_feed *feed = calloc(1, sizeof(*feed));
	int rc;

	if (!feed)
		return err_set(err, ERR_NOMEM, "out of memory");
	feed->from = from;
	rc = inflate_stream_new(INFLATE_GZIP, &feed->stream, err);
	if (rc < 0)
		gzip_feed_free(feed);
	else
		*out = feed;
	return rc;
}

void gzip_feed_free(struct gzip_feed *feed)
{
	if (!feed)
		return;
	inflate_stream_free(feed->stream);
	free(feed);
}

/* Bytes to inflate; at the end there are none. */
static int refill_gzip(struct gzip_feed *feed, struct err *err)
{
	size_t got = 0;
	int rc;

	rc = feed->from.read(feed->from.arg, feed->block, BLOCK_BYTES, &got,
			     err);
	if (rc < 0)
		return rc;
	feed->in = span_of(feed->block, got);
	feed->read += got;
	return 0;
}

/* Another member may follow; what is no such one is no part of the data. */
static int between(struct gzip_feed *feed, struct err *err)
{
	while (feed->in.len && !*feed->in.at)
		feed->in = span_of(feed->in.at + 1, feed->in.len - 1);
	if (!feed->in.len)
		return 0;
	if (*feed->in.at != '\x1f')
		return err_set(err, ERR_CORRUPT, "what stands behind the gzip "
			       "data is none");
	inflate_stream_reset(feed->stream);
	feed->is_inside = true;
	return 0;
}

static int inflate_gzip(struct gzip_feed *feed, struct inflate_room *room,
			struct err *err)
{
	struct err why = ERR_INIT;
	size_t before = room->len;
	bool is_end = false;
	int rc = inflate_stream_step(feed->stream, &feed->in, room, &is_end,
				     &why);

	feed->is_inside = !is_end;
	if (rc == ERR_CORRUPT)
		(void)err_set(&feed->failed, rc, "the gzip data is damaged");
	else if (rc < 0)
		(void)err_copy(&feed->failed, rc, &why);
	return rc < 0 && room->len == before ?
	       err_copy(err, rc, &feed->failed) : 0;
}

static int read_gzip(void *arg, void *bytes, size_t len, size_t *out_len,
		     struct err *err)
{
	struct gzip_feed *feed = arg;
	struct inflate_room room = { bytes, len };
	int rc = 0;

	if (feed->failed.code)
		return err_copy(err, feed->failed.code, &feed->failed);
	/* What is inside already comes out before more is read. */
	while (rc == 0 && room.len == len && len && !feed->is_at_end) {
		if (feed->is_inside)
			rc = inflate_gzip(feed, &room, err);
		if (rc == 0 && room.len == len && !feed->in.len)
			rc = refill_gzip(feed, err);
		if (rc < 0 || room.len < len)
			break;
		if (!feed->in.len && feed->is_inside)
			return err_set(err, ERR_CORRUPT,
				       "the gzip data is cut short");
		feed->is_at_end = !feed->in.len;
		if (!feed->is_inside)
			rc = between(feed, err);
	}
	if (rc < 0)
		return rc;
	feed->written += len - room.len;
	if (feed->written > GZIP_FEED_FREE &&
	    feed->written / GZIP_FEED_RATIO > feed->read)
		return err_set(err, ERR_LIMIT, "the gzip data becomes more "
			       "than %d times as large", GZIP_FEED_RATIO);
	*out_len = len - room.len;
	return 0;
}

struct feed gzip_feed_of(struct gzip_feed *feed)
{
	const struct feed out = { read_gzip, feed };

	return out;
}
