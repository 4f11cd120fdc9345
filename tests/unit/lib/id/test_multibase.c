#include "lib/id/multibase.h"

#include "tests/unit/fixture.h"

static void test_own(void)
{
	struct buf out = BUF_INIT(100);
	struct buf text = BUF_INIT(100);
	const char *base;

	for (base = "fbzmMuU"; *base; base++) {
		buf_reset(&text);
		buf_reset(&out);
		ok(multibase_add(&text, *base, span_of("\xff\xef\0x", 4),
				 NULL) == 0 && text.data[0] == *base,
		   "written in base %c", *base);
		ok(multibase_decode(buf_span(&text), &out, NULL) == 0 &&
		   out.len == 4 && !memcmp(out.data, "\xff\xef\0x", 4),
		   "and read back");
	}
	buf_reset(&out);
	is_int(multibase_decode(span_str(""), &out, NULL), ERR_INVALID,
	       "empty text");
	is_int(multibase_decode(span_str("9123"), &out, NULL), ERR_UNSUPPORTED,
	       "base10 is not known");
	is_int(multibase_add(&text, 'F', span_str("x"), NULL), ERR_UNSUPPORTED,
	       "upper case is not written");
	is_int(multibase_decode(span_str("f123"), &out, NULL), ERR_INVALID,
	       "odd hex");
	is_int(multibase_decode(span_str("bmz"), &out, NULL), ERR_INVALID,
	       "base32 with trailing bits");
	is_int(multibase_decode(span_str("baaa"), &out, NULL), ERR_INVALID,
	       "base32 of an impossible length");
	is_int(multibase_decode(span_str("mZg=="), &out, NULL), ERR_INVALID,
	       "padding where there is none");
	is_int(multibase_decode(span_str("MZg"), &out, NULL), ERR_INVALID,
	       "no padding where there is some");
	is_int(multibase_decode(span_str("u+/8"), &out, NULL), ERR_INVALID,
	       "the other base64 alphabet");
	is_int(multibase_decode(span_str("m-_8"), &out, NULL), ERR_INVALID,
	       "and the other way round");
	is_int(out.len, 0, "nothing was appended");
	buf_release(&out);
	buf_release(&text);
}

static const char known[] = "fFbBzmMuU";

/* Lines `name, "text"`; the first one holds what they stand for. */
static void test_file(const char *name, const char *want, size_t want_len)
{
	const char *path = vector_path(name);
	FILE *file = path ? fopen(path, "r") : NULL;
	char line[512];
	int seen = 0;
	int bad = 0;

	if (!file) {
		skip(2, "../shared is not here");
		return;
	}
	if (!fgets(line, sizeof(line), file))
		bail_out("%s is empty", name);
	while (fgets(line, sizeof(line), file)) {
		struct buf out = BUF_INIT(100);
		char *text = strchr(line, '"');
		char *end = strrchr(line, '"');

		if (!text || end <= text || !strchr(known, text[1]))
			continue;
		seen++;
		if (multibase_decode(span_of(text + 1,
					     (size_t)(end - text - 1)),
				     &out, NULL) < 0 ||
		    out.len != want_len || memcmp(out.data, want, want_len)) {
			diag("%s", line);
			bad++;
		}
		buf_release(&out);
	}
	fclose(file);
	ok(seen >= 4, "%s has %d texts in our bases", name, seen);
	is_int(bad, 0, "all are read");
}

int main(void)
{
	test_own();
	test_file("multibase/tests/basic.csv", "yes mani !", 10);
	test_file("multibase/tests/leading_zero.csv", "\0yes mani !", 11);
	test_file("multibase/tests/two_leading_zeros.csv", "\0\0yes mani !",
		  12);
	test_file("multibase/tests/case_insensitivity.csv", "hello world", 11);
	return done_testing();
}
