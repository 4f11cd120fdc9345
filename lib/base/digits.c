#include "lib/base/digits.h"

#include <stdio.h>

void digits_grouped(uint64_t n, char out[DIGITS_MAX])
{
	char digits[DIGITS_MAX];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%llu",
				      (unsigned long long)n);
	size_t at = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
}

static void put_short(uint64_t n, const char *gap, const char *last,
		      char out[DIGITS_MAX])
{
	static const char units[] = "kMGTPE";
	uint64_t unit = 1;
	int which = -1;

	while (n / unit >= 1000) {
		unit *= 1000;
		which++;
	}
	if (which < 0)
		snprintf(out, DIGITS_MAX, "%d%s%s", (int)n, gap, last);
	else if (n / unit < 10)
		snprintf(out, DIGITS_MAX, "%d.%d%s%c%s", (int)(n / unit),
			 (int)(n % unit / (unit / 10)), gap, units[which],
			 last);
	else
		snprintf(out, DIGITS_MAX, "%d%s%c%s", (int)(n / unit), gap,
			 units[which], last);
}

void digits_short(uint64_t n, char out[DIGITS_MAX])
{
	put_short(n, "", "", out);
}

void digits_bytes(uint64_t n, char out[DIGITS_MAX])
{
	put_short(n, " ", "B", out);
}
