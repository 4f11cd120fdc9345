#include "lib/base/edits.h"

#include <stdint.h>
#include <string.h>

#include "lib/base/utf8.h"

#define CHARACTERS_MAX 64

/* Returns how many, or more than CHARACTERS_MAX. */
static size_t read_points(struct span text, uint32_t out[CHARACTERS_MAX])
{
	size_t n = 0;
	size_t at = 0;

	while (at < text.len && n < CHARACTERS_MAX) {
		size_t len = utf8_decode(span_of(text.at + at, text.len - at),
					 &out[n]);

		if (!len)
			out[n] = (unsigned char)text.at[at];
		at += len ? len : 1;
		n++;
	}
	return at < text.len ? CHARACTERS_MAX + 1 : n;
}

size_t edits_length(struct span text)
{
	size_t n = 0;
	size_t i;

	for (i = 0; i < text.len; i++)
		n += ((unsigned char)text.at[i] & 0xc0) != 0x80;
	return n;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned edits_between(struct span a, struct span b, unsigned max)
{
	uint32_t x[CHARACTERS_MAX];
	uint32_t y[CHARACTERS_MAX];
	/* Of the rows of the table, the last three. */
	unsigned rows[3][CHARACTERS_MAX + 1];
	size_t x_n = read_points(a, x);
	size_t y_n = read_points(b, y);
	size_t i;
	size_t j;

	if (x_n > CHARACTERS_MAX || y_n > CHARACTERS_MAX ||
	    x_n > y_n + max || y_n > x_n + max)
		return max + 1;
	for (j = 0; j <= y_n; j++)
		rows[0][j] = (unsigned)j;
	for (i = 1; i <= x_n; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *before = rows[(i + 2) % 3];
		unsigned best = row[0] = (unsigned)i;

		for (j = 1; j <= y_n; j++) {
			row[j] = least(least(before[j], row[j - 1]) + 1,
				       before[j - 1] +
				       (x[i - 1] != y[j - 1]));
			if (i > 1 && j > 1 && x[i - 1] == y[j - 2] &&
			    x[i - 2] == y[j - 1])
				row[j] = least(row[j], rows[(i + 1) % 3][j - 2]
					       + 1);
			best = least(best, row[j]);
		}
		if (best > max)
			return max + 1;
	}
	return least(rows[x_n % 3][y_n], max + 1);
}

bool edits_holds(struct span text, struct span part)
{
	size_t i;

	for (i = 0; i + part.len <= text.len; i++) {
		if (!memcmp(text.at + i, part.at, part.len))
			return true;
	}
	return false;
}
