#include "cmd/import/parse/png.h"

#include <stdint.h>

#include <zlib.h>

#include "lib/os/file.h"
#include "tests/tap.h"

static void put32(struct buf *buf, uint32_t value)
{
	char bytes[4] = { (char)(value >> 24), (char)(value >> 16),
			  (char)(value >> 8), (char)value };

	if (buf_add(buf, bytes, 4, NULL) < 0)
		bail_out("out of memory");
}

/* The checksum here is zlib's, the reader's another one. */
static void add_chunk(struct buf *buf, const char *type, const void *data,
		      size_t len)
{
	size_t begin = buf->len + 4;

	put32(buf, (uint32_t)len);
	if (buf_add(buf, type, 4, NULL) < 0 ||
	    buf_add(buf, data, len, NULL) < 0)
		bail_out("out of memory");
	put32(buf, (uint32_t)crc32(0, (const Bytef *)buf->data + begin,
				   (uInt)(len + 4)));
}

static void begin(struct buf *png)
{
	buf_reset(png);
	if (buf_add(png, "\x89PNG\r\n\x1a\n", 8, NULL) < 0)
		bail_out("out of memory");
	add_chunk(png, "IHDR", "\0\0\0\1\0\0\0\1\10\2\0\0\0", 13);
}

static void end(struct buf *png)
{
	add_chunk(png, "IEND", "", 0);
}

static void card_is(const struct buf *png, const char *want,
		    const char *want_keyword)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	const char *keyword = NULL;

	if (!is_int(png_card(buf_span(png), &out, &keyword, &err), 0,
		    "a card"))
		diag("%s", err.text);
	is_str(buf_text(&out), want, "with its JSON");
	is_str(keyword, want_keyword, "and its keyword");
	buf_release(&out);
}

static void refuses(struct span png, int code, const char *text)
{
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;

	is_int(png_card(png, &out, NULL, &err), code, text);
	ok(strstr(err.text, text) != NULL, "is said: %s", err.text);
	is_int(out.len, 0, "and nothing is given");
	buf_release(&out);
}

static void test_cards(void)
{
	struct buf png = BUF_INIT(BUF_NO_LIMIT);

	begin(&png);
	add_chunk(&png, "tEXt", "chara\0e30=", 10);
	end(&png);
	card_is(&png, "{}", "chara");
	begin(&png);
	add_chunk(&png, "tEXt", "CHARA\0WzFd", 10);
	add_chunk(&png, "tEXt", "Chara\0WzJd", 10);
	add_chunk(&png, "tEXt", "Comment\0WzNd", 12);
	add_chunk(&png, "zTXt", "chara\0WzRd", 10);
	add_chunk(&png, "tEXt", "charas\0WzRd", 11);
	end(&png);
	card_is(&png, "[2]", "chara");
	begin(&png);
	add_chunk(&png, "tEXt", "ccv3\0WzNd", 9);
	add_chunk(&png, "tEXt", "chara\0WzJd", 10);
	end(&png);
	card_is(&png, "[3]", "ccv3");
	if (buf_add_str(&png, "what follows", NULL) < 0)
		bail_out("out of memory");
	card_is(&png, "[3]", "ccv3");
	begin(&png);
	add_chunk(&png, "tEXt", "chara\0Wz\nJd\r\n", 13);
	end(&png);
	card_is(&png, "[2]", "chara");
	buf_release(&png);
}

static void test_broken(void)
{
	struct buf png = BUF_INIT(BUF_NO_LIMIT);
	size_t good = 0;
	size_t len;

	begin(&png);
	end(&png);
	refuses(buf_span(&png), ERR_NOT_FOUND, "no character");
	begin(&png);
	add_chunk(&png, "tEXt", "chara\0e30", 9);
	end(&png);
	refuses(buf_span(&png), ERR_INVALID, "no base64");
	begin(&png);
	add_chunk(&png, "tEXt", "chara\0e30=", 10);
	for (len = 0; len <= png.len; len++) {
		struct buf out = BUF_INIT(BUF_NO_LIMIT);

		good += png_card(span_of(png.data, len), &out, NULL, NULL) ==
			(len < 8 ? ERR_INVALID : ERR_CORRUPT);
		buf_release(&out);
	}
	is_int(good, png.len + 1, "each truncated picture is refused");
	refuses(buf_span(&png), ERR_CORRUPT, "cut off at byte 55");
	end(&png);
	png.data[45] ^= 1;
	refuses(buf_span(&png), ERR_CORRUPT, "checksum of the chunk at byte 33");
	png.data[45] ^= 1;
	png.data[33] = '\x7f';
	refuses(buf_span(&png), ERR_CORRUPT, "cut off: 2130706442 bytes");
	png.data[33] = 0;
	png.data[37] = '\0';
	refuses(buf_span(&png), ERR_CORRUPT, "no chunk");
	refuses(span_str("GIF89a..."), ERR_INVALID, "signature");
	refuses(span_of(NULL, 0), ERR_INVALID, "signature");
	buf_release(&png);
}

static bool has_next(struct png_reader *reader, struct png_chunk *chunk)
{
	bool is_there;

	if (png_next(reader, chunk, &is_there, NULL) < 0)
		bail_out("a bad chunk");
	return is_there;
}

static void test_walk(void)
{
	struct buf png = BUF_INIT(BUF_NO_LIMIT);
	struct png_reader reader;
	struct png_chunk chunk;
	struct span keyword, text;

	begin(&png);
	add_chunk(&png, "tEXt", "\0x", 2);
	end(&png);
	reader = (struct png_reader)PNG_READER_INIT(buf_span(&png));
	ok(has_next(&reader, &chunk), "a chunk");
	is_str(chunk.type, "IHDR", "the header");
	is_int(chunk.at, 8, "behind the signature");
	ok(!png_text(&chunk, &keyword, &text), "no text");
	ok(has_next(&reader, &chunk), "another");
	ok(!png_text(&chunk, &keyword, &text), "one without keyword");
	ok(has_next(&reader, &chunk), "the end chunk");
	ok(!has_next(&reader, &chunk), "then none");
	ok(!has_next(&reader, &chunk), "and none");
	ok(png_is_magic(buf_span(&png)), "the magic");
	ok(!png_is_magic(span_str("\x89PNG")), "not half of it");
	buf_release(&png);
}

static void shared(const char *folder, const char *name, int code,
		   const char *want)
{
	struct buf png = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);
	struct err err = ERR_INIT;
	char path[4096];

	snprintf(path, sizeof(path), "%s/data/sillytavern/%s", folder, name);
	if (file_read(path, 1 << 20, &png, &err) < 0)
		bail_out("%s", err.text);
	is_int(png_card(buf_span(&png), &out, NULL, &err), code, name);
	ok(strstr(code ? err.text : buf_text(&out), want) != NULL,
	   "with '%s'", want);
	buf_release(&png);
	buf_release(&out);
}

static void test_shared(void)
{
	const char *folder = getenv("VV_SHARED");

	if (!folder || !*folder) {
		skip(12, "../shared is not here");
		return;
	}
	shared(folder, "card_v2.png", 0, "chara_card_v2");
	shared(folder, "card_v3.png", 0, "chara_card_v3");
	shared(folder, "card_upper_keyword.png", 0, "chara_card_v2");
	shared(folder, "card_badcrc.png", ERR_CORRUPT, "checksum");
	shared(folder, "card_truncated.png", ERR_CORRUPT, "cut off");
	shared(folder, "card_none.png", ERR_NOT_FOUND, "no character");
}

int main(void)
{
	test_cards();
	test_broken();
	test_walk();
	test_shared();
	return done_testing();
}
