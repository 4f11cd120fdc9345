#include "lib/id/random.h"

#include "lib/id/encode.h"
#include "tests/tap.h"

static void test_bytes(void)
{
	unsigned char all_or[64] = { 0 };
	unsigned char all_and[64];
	int ends = 0;
	int i;
	size_t j;

	memset(all_and, 0xff, sizeof(all_and));
	for (i = 0; i < 64; i++) {
		unsigned char bytes[64];

		random_bytes(bytes, sizeof(bytes));
		for (j = 0; j < sizeof(bytes); j++) {
			all_or[j] |= bytes[j];
			all_and[j] &= bytes[j];
		}
	}
	for (j = 0; j < sizeof(all_or); j++)
		ends += all_or[j] == 0xff && !all_and[j];
	is_int(ends, 64, "every bit is 0 at times and 1 at times");
	ok(random_u64() != random_u64(), "numbers differ");
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
	test_bytes();
	test_key();
	return done_testing();
}
