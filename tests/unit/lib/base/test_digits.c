#include "lib/base/digits.h"
#include "tests/tap.h"

static void test_digits(void)
{
	char text[DIGITS_MAX];

	digits_grouped(0, text);
	is_str(text, "0", "nothing");
	digits_grouped(999, text);
	is_str(text, "999", "three");
	digits_grouped(1234567, text);
	is_str(text, "1,234,567", "in groups");
	digits_grouped(UINT64_MAX, text);
	is_str(text, "18,446,744,073,709,551,615", "the largest");
	digits_short(999, text);
	is_str(text, "999", "short as it is");
	digits_short(9999, text);
	is_str(text, "9.9k", "cut, not rounded");
	digits_short(12345678, text);
	is_str(text, "12M", "millions");
	digits_short(UINT64_MAX, text);
	is_str(text, "18E", "the largest");
	digits_bytes(920, text);
	is_str(text, "920 B", "bytes");
	digits_bytes(7526, text);
	is_str(text, "7.5 kB", "more of them");
}

int main(void)
{
	test_digits();
	return done_testing();
}
