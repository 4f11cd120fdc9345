#include "lib/id/hash.h"

#include "tests/unit/fixture.h"

#define BLAKE2B_KEYED_ABC "1a64be47e4729d951c302ee543f97cf3"

static void is_hex(const unsigned char *got, size_t len, const char *want,
		   const char *name)
{
	unsigned char bytes[64];
	size_t want_len = from_hex(want, bytes, sizeof(bytes));

	is_bytes(got, len, bytes, want_len, name);
}

/* Expected values: FIPS 180-4 examples, and sha256sum for the long one. */
static void test_sha256(void)
{
	unsigned char out[SHA256_BYTES];
	struct sha256 hash;
	char block[1000];
	int i;

	sha256_of(NULL, 0, out);
	is_hex(out, sizeof(out), "e3b0c44298fc1c149afbf4c8996fb924"
	       "27ae41e4649b934ca495991b7852b855", "sha256 of nothing");
	sha256_of("abc", 3, out);
	is_hex(out, sizeof(out), "ba7816bf8f01cfea414140de5dae2223"
	       "b00361a396177a9cb410ff61f20015ad", "sha256 of abc");
	memset(block, 'a', sizeof(block));
	sha256_init(&hash);
	for (i = 0; i < 1000; i++)
		sha256_add(&hash, block, sizeof(block));
	sha256_finish(&hash, out);
	is_hex(out, sizeof(out), "cdc76e5c9914fb9281a1c7e284d73e67"
	       "f1809a48a497200e046d39ccc7112cd0", "sha256 of a million a");
}

static void test_sha1(void)
{
	unsigned char out[SHA1_BYTES];
	struct sha1 hash;

	sha1_init(&hash);
	sha1_finish(&hash, out);
	is_hex(out, sizeof(out), "da39a3ee5e6b4b0d3255bfef95601890afd80709",
	       "sha1 of nothing");
	sha1_init(&hash);
	sha1_add(&hash, "a", 1);
	sha1_add(&hash, NULL, 0);
	sha1_add(&hash, "bc", 2);
	sha1_finish(&hash, out);
	is_hex(out, sizeof(out), "a9993e364706816aba3e25717850c26c9cd0d89d",
	       "sha1 of abc in pieces");
}

/* RFC 7693 appendix A, and values of Python's hashlib. */
static void test_blake2b(void)
{
	unsigned char out[64];
	unsigned char key[32];
	struct blake2b hash;
	int i;

	blake2b_of("abc", 3, NULL, 0, out, 64);
	is_hex(out, 64, "ba80a53f981c4d0d6a2797b69f12f6e9"
	       "4c212f14685ac4b74b12bb6fdbffa2d1"
	       "7d87c5392aab792dc252d5de4533cc95"
	       "18d38aa8dbf1925ab92386edd4009923", "blake2b-512 of abc");
	for (i = 0; i < 32; i++)
		key[i] = (unsigned char)i;
	blake2b_of("abc", 3, key, sizeof(key), out, 16);
	is_hex(out, 16, BLAKE2B_KEYED_ABC, "keyed blake2b-128 of abc");
	blake2b_init(&hash, key, sizeof(key), 16);
	blake2b_add(&hash, "a", 1);
	blake2b_add(&hash, NULL, 0);
	blake2b_add(&hash, "bc", 2);
	blake2b_finish(&hash, out);
	is_hex(out, 16, BLAKE2B_KEYED_ABC, "the same in pieces");
	blake2b_of(NULL, 0, NULL, 0, out, 32);
	is_hex(out, 32, "0e5751c026e543b2e8ab2eb06099daa1"
	       "d1e5df47778f7787faab45cdf12fe3a8", "blake2b-256 of nothing");
}

static void test_md5(void)
{
	unsigned char out[MD5_BYTES];

	md5_of(NULL, 0, out);
	is_hex(out, sizeof(out), "d41d8cd98f00b204e9800998ecf8427e",
	       "md5 of nothing");
	md5_of("Software Engineer", 17, out);
	is_hex(out, sizeof(out), "4b7281a983a4574eb887d29f7fbebd88", "md5 of a text");
}

static void test_list(void)
{
	const struct span texts[3] = {
		span_str("a"), span_of(NULL, 0), span_str("bc")
	};
	unsigned char out[SHA256_BYTES];

	sha256_of_list(texts, 3, out);
	is_hex(out, sizeof(out), "fb9abcb07180be92066c09ce253c0a06"
	       "0e4634fe3accf064b556d89a691c8e5f", "sha-256 of a list");
}

int main(void)
{
	test_sha256();
	test_list();
	test_sha1();
	test_blake2b();
	test_md5();
	return done_testing();
}
