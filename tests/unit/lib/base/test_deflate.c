#include "lib/base/deflate.h"

#include "tests/tap.h"

#define TEXT_BYTES 100000

static struct err err = ERR_INIT;

static void test_deflate(void)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct deflater *deflater = NULL;
	static const unsigned char nothing[] = { 0x78, 0x01 };

	if (deflater_new(&deflater, &err) < 0)
		bail_out("%s", err.text);
	deflater_put(deflater, span_of("", 0), &out);
	is_int(buf_end(&out, &err), 0, "deflate nothing");
	ok(out.len >= 8 && !memcmp(out.data, nothing, 2) &&
	   out.data[out.len - 1] == 1, "a whole stream");
	is_int(deflate_crc32(0, span_str("123456789")), 0xcbf43926,
	       "the CRC-32 of the books");
	is_int(deflate_crc32(deflate_crc32(0, span_str("1234")),
			     span_str("56789")), 0xcbf43926,
	       "the same in two pieces");
	buf_reset(&out);
	out.max = 3;
	err_clear(&err);
	deflater_put(deflater, span_str("more"), &out);
	is_int(buf_end(&out, &err), ERR_LIMIT, "no room");
	is_int(out.len, 0, "nothing added");
	buf_release(&out);
	deflater_free(deflater);
}

/* Text that shrinks, as a zlib stream. */
static struct span make_stream(char *text, struct buf *out)
{
	struct deflater *deflater = NULL;
	size_t i;

	for (i = 0; i < TEXT_BYTES; i++)
		text[i] = (char)('a' + i * i % 23);
	if (deflater_new(&deflater, &err) < 0)
		bail_out("%s", err.text);
	deflater_put(deflater, span_of(text, TEXT_BYTES), out);
	if (buf_end(out, &err) < 0)
		bail_out("%s", err.text);
	deflater_free(deflater);
	return buf_span(out);
}

static void test_inflate(void)
{
	static char text[TEXT_BYTES];
	struct buf stream = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(4 * TEXT_BYTES);
	struct inflater *inflater = NULL;
	struct span whole = make_stream(text, &stream);

	if (inflater_new(&inflater, &err) < 0)
		bail_out("%s", err.text);
	is_int(inflater_run(inflater, whole, &out, &err), 0, "inflate");
	is_bytes(out.data, out.len, text, TEXT_BYTES, "the same again");
	is_int(inflater_run(inflater, span_of(whole.at, whole.len - 1), &out,
			    NULL), ERR_CORRUPT, "cut off");
	buf_put_char(&stream, 'x');
	is_int(inflater_run(inflater, buf_span(&stream), &out, NULL),
	       ERR_CORRUPT, "more behind it");
	out.max = TEXT_BYTES - 1;
	is_int(inflater_run(inflater, whole, &out, NULL), ERR_LIMIT,
	       "no room");
	inflater_free(inflater);
	buf_release(&stream);
	buf_release(&out);
}

/* All of it, so many bytes in and so many out at a time. */
static int step_through(struct inflate_stream *stream, struct span in,
			size_t give, size_t take, struct buf *out)
{
	unsigned char bytes[1000];
	bool is_end = false;
	int rc = 0;

	inflate_stream_reset(stream);
	buf_reset(out);
	while (rc == 0 && !is_end) {
		struct span piece = span_of(in.at,
					    in.len < give ? in.len : give);
		struct inflate_room room = { bytes, take };
		size_t before = piece.len;

		rc = inflate_stream_step(stream, &piece, &room, &is_end, NULL);
		in = span_of(in.at + (before - piece.len),
			     in.len - (before - piece.len));
		buf_put(out, bytes, take - room.len);
		if (!in.len && room.len == take && !is_end)
			return ERR_NOT_FOUND;
	}
	return rc;
}

static void test_stream(void)
{
	static char text[TEXT_BYTES];
	struct buf packed = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct inflate_stream *stream = NULL;
	struct span whole = make_stream(text, &packed);
	struct span bare = span_of(whole.at + 2, whole.len - 6);

	if (inflate_stream_new(INFLATE_ZLIB, &stream, &err) < 0)
		bail_out("%s", err.text);
	is_int(step_through(stream, whole, 1, 7, &out), 0, "byte by byte");
	is_bytes(out.data, out.len, text, TEXT_BYTES, "the same again");
	is_int(step_through(stream, whole, 5000, 1000, &out), 0, "once more");
	is_bytes(out.data, out.len, text, TEXT_BYTES, "and again");
	is_int(step_through(stream, span_of(whole.at, whole.len - 1), 100,
			    1000, &out), ERR_NOT_FOUND, "it wants more");
	packed.data[packed.len - 1] ^= 1;
	is_int(step_through(stream, whole, 100, 1000, &out), ERR_CORRUPT,
	       "a wrong check");
	inflate_stream_free(stream);
	if (inflate_stream_new(INFLATE_BARE, &stream, &err) < 0)
		bail_out("%s", err.text);
	is_int(step_through(stream, bare, 100, 1000, &out), 0,
	       "without header and check");
	is_bytes(out.data, out.len, text, TEXT_BYTES, "the same");
	inflate_stream_free(stream);
	buf_release(&packed);
	buf_release(&out);
}

int main(void)
{
	test_deflate();
	test_inflate();
	test_stream();
	return done_testing();
}
