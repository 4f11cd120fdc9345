#include "lib/base/xxh.h"

#include "tests/unit/fixture.h"

static void is_hex(const unsigned char *got, size_t len, const char *want,
		   const char *name)
{
	unsigned char bytes[64];
	size_t want_len = from_hex(want, bytes, sizeof(bytes));

	is_bytes(got, len, bytes, want_len, name);
}

static void test_xxh(void)
{
	ok(xxh64_of("", 0) == UINT64_C(0x2d06800538d394c2), "xxh3 of nothing");
	ok(xxh64_of("abc", 3) != xxh64_of("abd", 3), "xxh3 differs");
}

/* Vectors by xxhsum -H2. */
static void test_xxh128(void)
{
	static unsigned char bytes[100000];
	unsigned char out[HASH128_BYTES];
	struct xxh128 hash;
	size_t at;

	xxh128_init(&hash);
	xxh128_add(&hash, NULL, 0);
	xxh128_finish(&hash, out);
	is_hex(out, sizeof(out), "99aa06d3014798d86001c324468d497f",
	       "xxh3-128 of nothing");
	xxh128_init(&hash);
	xxh128_add(&hash, "abc", 3);
	xxh128_finish(&hash, out);
	is_hex(out, sizeof(out), "06b05ab6733a618578af5f94892f3950",
	       "xxh3-128 of abc");
	for (at = 0; at < sizeof(bytes); at++)
		bytes[at] = (unsigned char)(at % 251);
	xxh128_init(&hash);
	for (at = 0; at < sizeof(bytes); at += 625)
		xxh128_add(&hash, bytes + at, 625);
	xxh128_finish(&hash, out);
	is_hex(out, sizeof(out), "54182c58bbb1337c42c23aeead96750d",
	       "xxh3-128 of many bytes in pieces");
}

/* Vectors by md5sum. */
int main(void)
{
	test_xxh();
	test_xxh128();
	return done_testing();
}
