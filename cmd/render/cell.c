#include "cmd/cli/screen.h"
#include "cmd/render/render.h"
#include "lib/base/text.h"

#define DOTS "..."
#define DOTS_COLUMNS 3u

/* How many bytes fit into the columns; *used: how many they take. */
static size_t fit(struct span text, unsigned columns, unsigned *used)
{
	size_t at = 0;

	*used = 0;
	while (at < text.len) {
		unsigned long point = 0;
		size_t len = text_utf8_next(span_of(text.at + at,
						    text.len - at), &point);
		unsigned wide = len ? screen_columns((uint32_t)point) : 1;

		if (*used + wide > columns)
			break;
		*used += wide;
		at += len ? len : 1;
	}
	return at;
}

void render_cell(enum say_color color, struct span text, unsigned columns)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);
	unsigned used = 0;
	size_t len;

	/* What is escaped takes more columns than what it stands for. */
	if (text_escape(&safe, text, 0, NULL) < 0)
		buf_reset(&safe);
	len = fit(buf_span(&safe), columns, &used);
	if (len < safe.len && columns > DOTS_COLUMNS) {
		len = fit(buf_span(&safe), columns - DOTS_COLUMNS, &used);
		used += DOTS_COLUMNS;
		buf_cut(&safe, len);
		buf_put_str(&safe, DOTS);
	}
	say_colored(color, buf_span(&safe));
	say_printf("%*s", (int)(columns - used), "");
	buf_release(&safe);
}
