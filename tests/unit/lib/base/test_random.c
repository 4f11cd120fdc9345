#include "lib/base/random.h"

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

int main(void)
{
	test_bytes();
	return done_testing();
}
