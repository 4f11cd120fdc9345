#include "lib/base/utf8.h"

#include "tests/unit/json_fixture.h"

static bool is_surrogate(uint32_t point)
{
	return point >= 0xd800 && point < 0xe000;
}

static void test_all_points(void)
{
	uint32_t point;
	int wrong = 0;

	for (point = 0; point <= 0x10ffff; point++) {
		char bytes[UTF8_MAX];
		size_t len = utf8_encode(point, bytes);
		struct span text = span_of(bytes, len);
		uint32_t strict = 0;
		uint32_t wtf = 0;

		wrong += utf8_decode_wtf(text, &wtf) != len || wtf != point;
		if (is_surrogate(point)) {
			wrong += utf8_decode(text, &strict) != 0;
			wrong += utf8_is_valid(text);
			continue;
		}
		wrong += utf8_decode(text, &strict) != len || strict != point;
		wrong += !utf8_is_valid(text);
		wrong += utf8_decode(span_of(bytes, len - 1), &strict) != 0;
	}
	is_int(wrong, 0, "every code point there and back, torn ones refused");
}

static void test_refused(void)
{
	static const char *const texts[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80",
		"\xe0\x9f\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xff", "\xfe", "\xc3", "\xe2\x82",
		"\xf0\x9f\x98", "\xc3\x28", "\xe2\x28\xa1", "\xe2\x82\x28",
		"\xf0\x28\x8c\xbc", "abcdefgh\xff", "abcdefghijk\xc3",
		"\xed\xa0\xbd\xed\xb8\x80",
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		ok(!utf8_is_valid(span_str(texts[i])), "refused text %zu", i);
	is_int(utf8_valid_prefix(span_str("abcdefghi\xff!")), 9,
	       "the prefix ends where the error begins");
	is_int(utf8_valid_prefix(span_str("\xc3\xa4\xe2\x82")), 2,
	       "a torn sequence is not part of it");
	ok(utf8_is_valid(span_of("a\0b", 3)), "NUL is a character");
	ok(utf8_is_valid(span_of(NULL, 0)), "so is nothing");
}

/* UTF-16 units in full, to compare with. */
static size_t to_units(struct span text, uint16_t *out)
{
	size_t count = 0;
	uint32_t point = 0;

	while (text.len) {
		size_t len = utf8_decode(text, &point);

		text = span_of(text.at + len, text.len - len);
		if (point >= 0x10000) {
			point -= 0x10000;
			out[count++] = (uint16_t)(0xd800 + (point >> 10));
			point = 0xdc00 + (point & 0x3ff);
		}
		out[count++] = (uint16_t)point;
	}
	return count;
}

static int slow_compare(struct span a, struct span b)
{
	uint16_t left[64];
	uint16_t right[64];
	size_t left_len = to_units(a, left);
	size_t right_len = to_units(b, right);
	size_t i;

	for (i = 0; i < left_len && i < right_len; i++) {
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	}
	return (left_len > right_len) - (left_len < right_len);
}

static size_t random_text(uint64_t *state, char *out)
{
	static const uint32_t points[] = {
		0, 'a', 'b', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfb33,
		0xffff, 0x10000, 0x1f602, 0x10ffff,
	};
	size_t count = next_random(state) % 5;
	size_t len = 0;

	while (count--)
		len += utf8_encode(points[next_random(state) %
			(sizeof(points) / sizeof(points[0]))], out + len);
	return len;
}

static void test_compare(void)
{
	uint64_t state = 42;
	int wrong = 0;
	int i;

	ok(utf8_compare_utf16(span_str("\xf0\x9f\x98\x82"),
			      span_str("\xef\xac\xb3")) < 0,
	   "an astral character sorts before U+FB33");
	ok(utf8_compare_utf16(span_str("a"), span_str("ab")) < 0,
	   "a prefix sorts first");
	for (i = 0; i < 200000; i++) {
		char left[32];
		char right[32];
		struct span a = span_of(left, random_text(&state, left));
		struct span b = span_of(right, random_text(&state, right));
		int got = utf8_compare_utf16(a, b);
		int want = slow_compare(a, b);

		wrong += (got > 0) - (got < 0) != want;
	}
	is_int(wrong, 0, "random pairs sort like their UTF-16 units");
}

int main(void)
{
	test_all_points();
	test_refused();
	test_compare();
	return done_testing();
}
