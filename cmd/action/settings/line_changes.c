#include "cmd/action/settings/line_changes.h"

#include "lib/base/text.h"

#define LINE_MAX_BYTES 240
#define AROUND 40

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

/* Where two texts differ, from both ends. */
struct differing {
	const char *begin;
	const char *end;
};

static void find_differing(struct span a, struct span b,
			   struct differing *in_a, struct differing *in_b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	size_t head = 0;
	size_t tail = 0;

	while (head < shorter && a.at[head] == b.at[head])
		head++;
	while (tail < shorter - head &&
	       a.at[a.len - 1 - tail] == b.at[b.len - 1 - tail])
		tail++;
	*in_a = (struct differing){ a.at + head, a.at + a.len - tail };
	*in_b = (struct differing){ b.at + head, b.at + b.len - tail };
}

/* Of a long line what differs, with a few bytes around it: some programs
 * write all their settings on one, keys and tokens too. */
static struct span cut_line(struct span line,
			    const struct differing *differing)
{
	const char *end = line.at + line.len;
	const char *from = line.at;
	const char *to = end;

	if (line.len <= LINE_MAX_BYTES)
		return line;
	if (differing->begin - from > AROUND && differing->begin < end)
		from = differing->begin - AROUND;
	if (to - differing->end > AROUND && differing->end > from)
		to = differing->end + AROUND;
	if (to - from > LINE_MAX_BYTES)
		to = from + LINE_MAX_BYTES;
	return span_of(from, (size_t)(to - from));
}

static void put_change(struct buf *out, char sign, struct span line,
		       const struct differing *differing)
{
	struct span shown;

	while (line.len && (line.at[line.len - 1] == '\n' ||
			    line.at[line.len - 1] == '\r'))
		line.len--;
	shown = cut_line(line, differing);
	buf_putf(out, "%c %s", sign, shown.at > line.at ? "... " : "");
	buf_fail(out, text_escape(out, shown, 0, NULL));
	buf_put_str(out, shown.at + shown.len < line.at + line.len ?
		    " ...\n" : "\n");
}

/* Where the two differ, the nearer end of that is taken. */
void line_changes_put(struct span before, struct span after, struct buf *out)
{
	struct differing in_before;
	struct differing in_after;

	find_differing(before, after, &in_before, &in_after);
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
			put_change(out, '-', gone, &in_before);
			before = before_rest;
		} else {
			put_change(out, '+', come, &in_after);
			after = after_rest;
		}
	}
}
