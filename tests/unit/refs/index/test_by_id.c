/*
 * The begins of record ids: which there are, and what begins so.
 */
#include "lib/id/cid.h"
#include "refs/index/by_id.h"
#include "tests/tap.h"

static const unsigned char id[RECORD_ID_BYTES] = {
	0x84, 0x0e, 0xbd, 0x3f, 0x80, 0xcf, 0x22, 0x0b, 0xaf, 0xdd, 1, 2, 3,
	4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 255
};

static bool begins(const char *text, size_t len)
{
	struct id_begin begin;

	return id_begin_read(span_of(text, len), &begin) &&
	       id_begins(id, &begin);
}

static bool is_read(const char *text)
{
	struct id_begin begin;

	return id_begin_read(span_str(text), &begin);
}

int main(void)
{
	char text[CID_TEXT_MAX];
	size_t common = strlen(ID_COMMON);
	size_t bad = 0;
	size_t len;

	cid_text(CID_JSON, id, text);
	ok(span_begins(span_str(text), ID_COMMON), "what all have in common");
	for (len = 7; len <= CID_JSON_TEXT - common; len++) {
		bad += !begins(text, common + len);
		bad += !begins(text + common, len);
		text[common + len - 1] ^= 1;
		bad += begins(text + common, len);
		text[common + len - 1] ^= 1;
	}
	is_int(bad, 0, "each begin is one, with and without that");
	ok(!is_read("abcdef") && !is_read("bagaaieraabcdef") &&
	   !is_read("bagaaiera") && !is_read(""), "shorter ones are none");
	ok(!is_read("abcdef0") && !is_read("abcdeF2") && !is_read("abcd-ef"),
	   "nor other characters");
	ok(is_read("abcdef2"), "seven are enough");
	text[CID_JSON_TEXT - 1] = '7';
	ok(!is_read(text), "bits that an id has not");
	text[CID_JSON_TEXT - 1] = 'a';
	text[CID_JSON_TEXT] = 'a';
	ok(!begins(text, CID_JSON_TEXT + 1), "more than an id");
	return done_testing();
}
