#include "cmd/action/capture/line_changes.h"

#include "lib/base/text.h"

static struct span next_line(struct span *rest)
{
	const char *end = memchr(rest->at, '\n', rest->len);
	size_t len = end ? (size_t)(end - rest->at) + 1 : rest->len;
	struct span line = span_of(rest->at, len);

	*rest = span_of(rest->at + len, rest->len - len);
	return line;
}

/* After how many lines of the text this one stands; SIZE_MAX: nowhere. */
static size_t lines_until(struct span text, struct span line)
{
	size_t n = 0;

	while (text.len) {
		if (span_equals(next_line(&text), line))
			return n;
		n++;
	}
	return SIZE_MAX;
}

static void put_change(struct buf *out, char sign, struct span line)
{
	while (line.len && (line.at[line.len - 1] == '\n' ||
			    line.at[line.len - 1] == '\r'))
		line.len--;
	buf_putf(out, "%c ", sign);
	buf_fail(out, text_escape(out, line, 0, NULL));
	buf_put_char(out, '\n');
}

/* Where the two differ, the nearer end of that is taken. */
void line_changes_put(struct span before, struct span after, struct buf *out)
{
	while (before.len || after.len) {
		struct span before_rest = before;
		struct span after_rest = after;
		struct span gone = before.len ? next_line(&before_rest) :
				   span_of(NULL, 0);
		struct span come = after.len ? next_line(&after_rest) :
				   span_of(NULL, 0);
		size_t come_n = lines_until(after, gone);
		size_t gone_n = lines_until(before, come);

		if (gone.len && come.len && span_equals(gone, come)) {
			before = before_rest;
			after = after_rest;
		} else if (gone.len && (!come.len || gone_n <= come_n)) {
			put_change(out, '-', gone);
			before = before_rest;
		} else {
			put_change(out, '+', come);
			after = after_rest;
		}
	}
}
