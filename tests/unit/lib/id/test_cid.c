#include "lib/id/cid.h"

#include <jansson.h>

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
	int ours = 0, wrong = 0;

	if (!path) {
		skip(3, "../shared is not here");
		return;
	}
	all = json_load_file(path, 0, NULL);
	is_int(json_array_size(all), 256, "the oracle has 256 entries");
	json_array_foreach(all, i, entry)
		if (!json_object_get(entry, "git_sha1"))
			wrong += !check_ours(entry, &ours);
	ok(ours >= 100, "%d entries have our codecs", ours);
	is_int(wrong, 0, "and our names for their data");
	json_decref(all);
}

int main(void)
{
	test_known();
	test_spellings(raw_of_nothing);
	test_spellings(json_of_nothing);
	test_oracle();
	return done_testing();
}
