#include "cmd/mcp/stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_BYTES ((size_t)1 << 16)

void stream_release(struct stream *stream)
{
	buf_release(&stream->text);
}

/* Forget what was taken. */
static void make_room(struct stream *stream)
{
	struct buf *text = &stream->text;

	if (!stream->at)
		return;
	memmove(text->data, text->data + stream->at, text->len - stream->at);
	stream->seen -= stream->at;
	buf_cut(text, text->len - stream->at);
	stream->at = 0;
}

static int read_more(struct stream *stream, bool *is_end, struct err *err)
{
	struct buf *text = &stream->text;
	ssize_t got;
	int rc;

	make_room(stream);
	rc = buf_reserve(text, CHUNK_BYTES, err);
	if (rc < 0)
		return rc;
	do {
		got = read(stream->fd, text->data + text->len, CHUNK_BYTES);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_errno(err, "cannot read the requests");
	text->len += (size_t)got;
	*is_end = got == 0;
	return 0;
}

static bool take_stream_line(struct stream *stream, struct span *line)
{
	const char *from = buf_text(&stream->text) + stream->seen;
	size_t left = stream->text.len - stream->seen;
	const char *end = memchr(from, '\n', left);
	const char *begin = buf_text(&stream->text) + stream->at;

	stream->seen = stream->text.len;
	if (!end)
		return false;
	*line = span_of(begin, (size_t)(end - begin));
	stream->at += line->len + 1;
	stream->seen = stream->at;
	return true;
}

static void skip_what_is_long(struct stream *stream)
{
	if (stream->text.len - stream->at <= STREAM_LINE_MAX &&
	    !stream->is_skipping)
		return;
	stream->is_skipping = true;
	stream->at = stream->text.len;
	stream->seen = stream->at;
}

int stream_next(struct stream *stream, struct span *line,
		enum stream_found *out, struct err *err)
{
	bool is_end = false;
	bool is_line;
	int rc = 0;

	while (!(is_line = take_stream_line(stream,
					    line)) && rc == 0 && !is_end) {
		skip_what_is_long(stream);
		rc = read_more(stream, &is_end, err);
	}
	if (!is_line) {
		*line = span_of(buf_text(&stream->text) + stream->at,
				stream->text.len - stream->at);
		stream->at = stream->text.len;
		stream->seen = stream->at;
	}
	*out = is_line || line->len ? STREAM_LINE : STREAM_END;
	if (stream->is_skipping || line->len > STREAM_LINE_MAX)
		*out = STREAM_TOO_LONG;
	stream->is_skipping = false;
	return rc;
}
