#include "refs/index/lists/lists_internal.h"

/* So long, each line is one of fewer than LISTS_UNNAMED. */
#define LINES_BYTES 500

/* Where the name stands among sorted lines, or where it would; and which line
 * that is. */
static bool find_line(struct span lines, struct span name, size_t *out_at,
		      unsigned *out_nth)
{
	struct span rest = lines;
	int order = 1;

	*out_at = 0;
	for (*out_nth = 0; rest.len; ++*out_nth) {
		order = span_compare(name, span_take_line(&rest));
		if (order <= 0)
			break;
		*out_at = lines.len - rest.len;
	}
	return !order;
}

static int insert_line(struct buf *lines, size_t at, struct span name,
		       struct err *err)
{
	struct buf all = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	buf_put(&all, lines->data, at);
	buf_put_span(&all, name);
	buf_put_char(&all, '\n');
	buf_put(&all, lines->data ? lines->data + at : "", lines->len - at);
	rc = buf_end(&all, err);
	buf_release(lines);
	*lines = all;
	return rc;
}

int lists_add_line(struct buf *lines, struct span name, uint8_t *out,
		   bool *is_new, struct err *err)
{
	unsigned nth;
	size_t at;

	*out = LISTS_UNNAMED;
	*is_new = false;
	if (!name.len)
		return 0;
	*is_new = !find_line(buf_span(lines), name, &at, &nth);
	if (*is_new && lines->len + name.len >= LINES_BYTES)
		*is_new = false;
	else
		*out = (uint8_t)nth;
	return *is_new ? insert_line(lines, at, name, err) : 0;
}
