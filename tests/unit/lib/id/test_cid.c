#include "lib/id/cid.h"

#include <jansson.h>

#include "lib/id/encode.h"
#include "tests/unit/fixture.h"

static const char raw_of_nothing[] =
	"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
static const char json_of_nothing[] =
	"bagaaiera4oymiquy7qobjgx36tejs35zeqt24qpemsnzgtfeswmrw6csxbkq";

static void test_known(void)
{
	unsigned char digest[SHA256_BYTES], want[SHA256_BYTES];
	char text[CID_TEXT_MAX];
	enum cid_codec codec;

	sha256_of("", 0, want);
	cid_text_of(CID_RAW, span_str(""), text);
	is_str(text, raw_of_nothing, "raw of nothing");
	is_int(strlen(text), CID_RAW_TEXT, "has the stated length");
	cid_text(CID_JSON, want, text);
	is_str(text, json_of_nothing, "json of nothing");
	is_int(strlen(text), CID_JSON_TEXT, "has the stated length");
	is_int(cid_parse(span_str(raw_of_nothing), &codec, digest, NULL), 0,
	       "raw is read");
	ok(codec == CID_RAW && !memcmp(digest, want, sizeof(want)), "back");
	is_int(cid_parse(span_str(json_of_nothing), &codec, digest, NULL), 0,
	       "json is read");
	ok(codec == CID_JSON && !memcmp(digest, want, sizeof(want)), "back");
	ok(!cid_parse_json(span_str(raw_of_nothing), digest), "raw, not json");
	ok(!cid_parse_raw(span_str(json_of_nothing), digest), "json, not raw");
}

static bool is_accepted(const char *text, size_t len)
{
	unsigned char digest[SHA256_BYTES];
	enum cid_codec codec;

	return cid_parse(span_of(text, len), &codec, digest, NULL) == 0;
}

/* Any other text must be refused or stand for another digest. */
static void test_spellings(const char *good)
{
	char text[CID_TEXT_MAX + 1];
	char again[CID_TEXT_MAX];
	size_t len = strlen(good);
	size_t i;
	int c;
	int wrong = 0;

	for (i = 0; i < len; i++)
		wrong += is_accepted(good, i);
	is_int(wrong, 0, "every cut text is refused");
	for (i = 0; i < len; i++) {
		for (c = 0; c < 256; c++) {
			unsigned char digest[SHA256_BYTES];
			enum cid_codec codec;

			memcpy(text, good, len + 1);
			text[i] = (char)c;
			if (cid_parse(span_of(text, len), &codec, digest,
				      NULL) < 0)
				continue;
			cid_text(codec, digest, again);
			wrong += memcmp(again, text, len) != 0;
		}
	}
	is_int(wrong, 0, "what is accepted is spelled in the only way");
	memcpy(text, good, len);
	text[len] = 'a';
	ok(!is_accepted(text, len + 1), "one character more is refused");
	text[0] = 'B';
	ok(!is_accepted(text, len), "upper-case prefix is refused");
	ok(!is_accepted("", 0), "empty text is refused");
}

static int from_hex_bytes(const char *hex, struct cid *out)
{
	unsigned char bytes[200];
	size_t len = from_hex(hex, bytes, sizeof(bytes));

	return cid_from_bytes(span_of(bytes, len), out, NULL);
}

#define DIGEST "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void test_bytes(void)
{
	struct cid cid;

	is_int(from_hex_bytes("01551220" DIGEST, &cid), 0, "good bytes");
	ok(cid.codec == 0x55 && cid.hash == 0x12 && cid.digest_len == 32,
	   "taken apart");
	is_int(from_hex_bytes("01d5001220" DIGEST, &cid), ERR_INVALID,
	       "codec as a longer varint");
	is_int(from_hex_bytes("8100551220" DIGEST, &cid), ERR_INVALID,
	       "version as a longer varint");
	is_int(from_hex_bytes("00551220" DIGEST, &cid), ERR_INVALID,
	       "version 0");
	is_int(from_hex_bytes("02551220" DIGEST, &cid), ERR_INVALID,
	       "version 2");
	is_int(from_hex_bytes("01551220" DIGEST "00", &cid), ERR_INVALID,
	       "a byte more");
	is_int(from_hex_bytes("0155121f" DIGEST, &cid), ERR_INVALID,
	       "length too small");
	is_int(from_hex_bytes("01551200", &cid), ERR_INVALID, "no digest");
	is_int(from_hex_bytes("0155121000112233445566778899aabbccddeeff", &cid),
	       ERR_INVALID, "cut sha2-256");
	is_int(from_hex_bytes("01ffffffffffffffffff0112", &cid), ERR_INVALID,
	       "varint of ten bytes");
	is_int(from_hex_bytes("0155", &cid), ERR_INVALID, "cut off");
	is_int(from_hex_bytes("", &cid), ERR_INVALID, "nothing");
	is_int(cid_from_text(span_str("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79oj"
				      "WnPbdG"), &cid, NULL), ERR_UNSUPPORTED,
	       "version 0 has no multibase");
}

/* All texts of one entry of the oracle lead to its bytes. */
static bool check_entry(const json_t *entry)
{
	static const char *const keys[] = { "base32", "base58btc",
					    "base64url" };
	const char *hex = json_string_value(json_object_get(entry,
							    "bytes_hex"));
	struct buf bytes = BUF_INIT(100);
	struct buf text = BUF_INIT(200);
	bool is_good = true;
	struct cid cid;
	size_t i;

	for (i = 0; i < 3 && is_good; i++) {
		const char *want = json_string_value(
			json_object_get(entry, keys[i]));

		buf_reset(&bytes);
		buf_reset(&text);
		is_good = cid_from_text(span_str(want), &cid, NULL) == 0 &&
			  cid_add_bytes(&bytes, &cid, NULL) == 0 &&
			  hex_add(&text, bytes.data, bytes.len, NULL) == 0 &&
			  !strcmp(buf_text(&text), hex);
		if (!is_good)
			diag("%s", want);
	}
	buf_release(&bytes);
	buf_release(&text);
	return is_good;
}

/* The git entries: a text and the digest that it must hold. */
static bool check_git(const json_t *entry, const char *cid_key,
		      const char *digest_key, unsigned int hash)
{
	const char *text = json_string_value(json_object_get(entry, cid_key));
	const char *hex = json_string_value(json_object_get(entry,
							    digest_key));
	unsigned char digest[CID_DIGEST_MAX];
	size_t len = from_hex(hex, digest, sizeof(digest));
	struct cid cid;

	return cid_from_text(span_str(text), &cid, NULL) == 0 &&
	       cid.codec == 0x78 && cid.hash == hash &&
	       cid.digest_len == len && !memcmp(cid.digest, digest, len);
}

/* Hash the data ourselves, for our two codecs. */
static bool check_ours(const json_t *entry, int *count)
{
	const char *codec = json_string_value(json_object_get(entry, "codec"));
	const char *hex = json_string_value(json_object_get(entry,
							    "data_hex"));
	unsigned char data[4096];
	char text[CID_TEXT_MAX];
	size_t len;

	if (strcmp(codec, "raw") && strcmp(codec, "json"))
		return true;
	(*count)++;
	len = from_hex(hex, data, sizeof(data));
	cid_text_of(codec[0] == 'r' ? CID_RAW : CID_JSON, span_of(data, len),
		    text);
	return !strcmp(text, json_string_value(json_object_get(entry,
							       "base32")));
}

static void test_oracle(void)
{
	const char *path = vector_path("cid/cid-oracle.json");
	json_t *all;
	json_t *entry;
	size_t i;
	int bad = 0, ours = 0, wrong = 0, git = 0;

	if (!path) {
		skip(5, "../shared is not here");
		return;
	}
	all = json_load_file(path, 0, NULL);
	is_int(json_array_size(all), 256, "the oracle has 256 entries");
	json_array_foreach(all, i, entry) {
		if (json_object_get(entry, "git_sha1")) {
			git += check_git(entry, "cid_sha1", "git_sha1", 0x11) &&
			       check_git(entry, "cid_sha256", "git_sha256",
					 0x12);
			continue;
		}
		bad += !check_entry(entry);
		wrong += !check_ours(entry, &ours);
	}
	is_int(bad, 0, "every text leads to its bytes");
	is_int(git, 64, "the git names hold the git digests");
	ok(ours >= 100, "%d entries have our codecs", ours);
	is_int(wrong, 0, "and our names for the data");
	json_decref(all);
}

int main(void)
{
	test_known();
	test_spellings(raw_of_nothing);
	test_spellings(json_of_nothing);
	test_bytes();
	test_oracle();
	return done_testing();
}
