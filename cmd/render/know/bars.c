#include "cmd/render/know/bars.h"

#include <stdbool.h>

#include "cmd/cli/screen.h"

#define EIGHTHS 8u

/* value of most, in so many steps: 0 for nothing alone. */
static unsigned steps_of(uint64_t value, uint64_t most, unsigned steps)
{
	unsigned n;

	if (!value || !most)
		return 0;
	n = (unsigned)((double)value / (double)most * steps + 0.5);
	return n > steps ? steps : n ? n : 1;
}

void bar_put(struct buf *out, uint64_t value, uint64_t most, unsigned columns)
{
	static const char *const parts[EIGHTHS] = {
		"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"
	};
	bool ascii = !screen_is_utf8();
	unsigned n = steps_of(value, most, ascii ? columns :
			      columns * EIGHTHS);
	unsigned whole = ascii ? n : n / EIGHTHS;

	while (whole--)
		buf_put_str(out, ascii ? "#" : "█");
	if (!ascii)
		buf_put_str(out, parts[n % EIGHTHS]);
}

void spark_put(struct buf *out, uint64_t value, uint64_t most)
{
	static const char *const blocks[EIGHTHS + 1] = {
		" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"
	};
	static const char *const signs[EIGHTHS + 1] = {
		" ", "_", ".", ".", "-", "-", "=", "=", "#"
	};
	unsigned n = steps_of(value, most, EIGHTHS);

	buf_put_str(out, screen_is_utf8() ? blocks[n] : signs[n]);
}
