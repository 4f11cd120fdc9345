#include "lib/id/encode.h"

#include "tests/tap.h"

static void test_hex(void)
{
	struct buf buf = BUF_INIT(100);
	unsigned char out[3] = { 9, 9, 9 };

	is_int(hex_add(&buf, "\x00\xff\x1a", 3, NULL), 0, "hex is added");
	is_str(buf_text(&buf), "00ff1a", "lower case");
	ok(hex_decode(span_str("00ff1a"), out, 3), "and read");
	is_bytes(out, 3, "\x00\xff\x1a", 3, "the same bytes");
	ok(!hex_decode(span_str("00FF1A"), out, 3), "upper case is refused");
	ok(!hex_decode(span_str("00ff1"), out, 3), "odd length is refused");
	ok(!hex_decode(span_str("00ff1a00"), out, 3), "longer is refused");
	ok(!hex_decode(span_str("00ff1g"), out, 3), "g is refused");
	is_bytes(out, 3, "\x00\xff\x1a", 3, "a refusal leaves the output");
	buf_release(&buf);
}

/* RFC 4648 section 10, in lower case and without padding. */
static void test_base32(void)
{
	static const char *const texts[] = { "", "my", "mzxq", "mzxw6",
					     "mzxw6yq", "mzxw6ytb",
					     "mzxw6ytboi" };
	unsigned char out[8];
	char text[20];
	size_t len;

	for (len = 0; len <= 6; len++) {
		base32_text("foobar", len, text);
		is_str(text, texts[len], "base32 text");
		is_int(strlen(text), BASE32_TEXT(len), "of the stated length");
		ok(base32_decode(span_str(text), out, len) &&
		   !memcmp(out, "foobar", len), "and back");
	}
	ok(!base32_decode(span_str("mz"), out, 1), "trailing bits are refused");
	ok(!base32_decode(span_str("MY"), out, 1), "upper case is refused");
	ok(!base32_decode(span_str("my======"), out, 1), "padding is refused");
	ok(!base32_decode(span_str("m1"), out, 1), "1 is refused");
	ok(!base32_decode(span_str("m8"), out, 1), "8 is refused");
	ok(!base32_decode(span_str("mya"), out, 1), "a lone end is refused");
	ok(!base32_decode(span_str("m"), out, 1), "a cut text is refused");
	ok(base32_is_key26(span_str("aaaaaaaaaaaaaaaaaaaaaaaaaa")), "a key");
	ok(!base32_is_key26(span_str("aaaaaaaaaaaaaaaaaaaaaaaaab")),
	   "a key with bits behind the end");
	ok(!base32_is_key26(span_str("aaaaaaaaaaaaaaaaaaaaaaaaa")),
	   "a short key");
}

static bool is_base58(struct span text)
{
	unsigned char bytes[BASE58_MAX_BYTES];
	size_t len;

	return base58_bytes(text, bytes, &len);
}

static void test_base58(void)
{
	unsigned char full[BASE58_MAX_BYTES], back[BASE58_MAX_BYTES];
	char text[BASE58_TEXT_MAX + 4];
	char ones[900];
	size_t len, back_len;

	len = base58_text("\0\0hello world", 13, text);
	is_str(text, "11StV1DL6CwTryKyV", "leading zeros are ones");
	ok(base58_bytes(span_of(text, len), back, &back_len), "is read");
	is_bytes(back, back_len, "\0\0hello world", 13, "back");
	ok(!is_base58(span_str("0")) && !is_base58(span_str("Il")), "0, I");
	ok(!is_base58(span_of("2\0", 2)), "a NUL is no digit");
	memset(full, 0xff, sizeof(full));
	len = base58_text(full, sizeof(full), text);
	ok(len < BASE58_TEXT_MAX, "the most bytes fit the stated length");
	ok(base58_bytes(span_of(text, len), back, &back_len), "and are read");
	is_bytes(back, back_len, full, sizeof(full), "back");
	memcpy(text + len, "zzzz", 4);
	ok(!is_base58(span_of(text, len + 4)), "a longer text is too long");
	memset(ones, '1', sizeof(ones));
	ok(!is_base58(span_of(ones, sizeof(ones))), "900 zeros are too long");
}

static int try64(const char *text, struct buf *out)
{
	buf_reset(out);
	return base64_decode(span_str(text), out, NULL);
}

static void test_base64(void)
{
	static const char *const texts[] = { "", "Zg==", "Zm8=", "Zm9v",
					     "Zm9vYg==", "Zm9vYmE=",
					     "Zm9vYmFy" };
	static const char *const bad[] = {
		"Zg=", "Zg", "Zg===", "Zh==", "Zm9=", "====", "Z===", "=m9v",
		"Zg==Zg==", "Zm9v\n", " Zm9v", "Zm-v", "Zm_v", "Z", "Zm9vZ",
		"Zm=v", "Zg=v",
	};
	struct buf buf = BUF_INIT(100);
	struct buf tight = BUF_INIT(1);
	size_t i;

	for (i = 0; i <= 6; i++) {
		buf_reset(&buf);
		is_int(base64_add(&buf, "foobar", i, NULL), 0, "base64");
		is_str(buf_text(&buf), texts[i], "text");
		is_int(try64(texts[i], &buf), 0, "is read");
		is_bytes(buf.data, buf.len, "foobar", i, "back");
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		is_int(try64(bad[i], &buf), ERR_INVALID, "refused");
		is_int(buf.len, 0, "and nothing appended");
	}
	is_int(base64_decode(span_str("Zg=="), &tight, NULL), 0,
	       "a maximum of one byte is enough for one byte");
	buf_release(&tight);
	buf_release(&buf);
}

static void test_wrapped(void)
{
	struct buf buf = BUF_INIT(100);

	is_int(base64_add_wrapped(&buf, "foobarfoobar", 12, 6, NULL), 0,
	       "wrapped");
	is_str(buf_text(&buf), "Zm9vYm\nFyZm9v\nYmFy", "at six columns");
	buf_reset(&buf);
	is_int(base64_add_wrapped(&buf, "foobar", 6, 4, NULL), 0, "exact");
	is_str(buf_text(&buf), "Zm9v\nYmFy", "no newline at the end");
	buf_reset(&buf);
	is_int(base64_decode_wrapped(span_str("Zm9\nvYm\r\nFy\n"), &buf, NULL),
	       0, "line breaks are skipped");
	is_str(buf_text(&buf), "foobar", "wherever they stand");
	is_int(base64_decode_wrapped(span_str("Zm9v\rYmFy"), &buf, NULL),
	       ERR_INVALID, "a lone carriage return is refused");
	is_int(base64_decode_wrapped(span_str("Zm9v YmFy"), &buf, NULL),
	       ERR_INVALID, "a space is refused");
	is_str(buf_text(&buf), "foobar", "and nothing appended");
	buf_release(&buf);
}

static void test_key(void)
{
	char one[RANDOM_KEY26_MAX], two[RANDOM_KEY26_MAX];

	random_key26(one);
	random_key26(two);
	is_int(strlen(one), 26, "26 characters");
	ok(base32_is_key26(span_str(one)), "that stand for 128 bits");
	ok(strcmp(one, two) != 0, "and differ");
}

int main(void)
{
	test_hex();
	test_base32();
	test_base58();
	test_key();
	test_base64();
	test_wrapped();
	return done_testing();
}
