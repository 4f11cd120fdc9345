#include "cmd/mcp/tool/quote.h"

#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"

/* No character becomes longer than its escape: "\u{10ffff}". */
#define ESCAPE_MAX 10

/* A character at a time, so that it is known what was taken of the text. */
static size_t put_escaped(struct span text, size_t from, size_t max,
			  struct buf *out)
{
	struct buf one = BUF_INIT(BUF_NO_LIMIT);
	size_t begin = out->len;
	size_t at = from;

	while (at < text.len) {
		struct span rest = span_of(text.at + at, text.len - at);
		size_t len = text_utf8_next(rest, NULL);

		len = len ? len : 1;
		buf_reset(&one);
		buf_fail(out, text_escape(&one, span_of(rest.at, len),
					  TEXT_KEEP_LINES, NULL));
		if (buf_end(out, NULL) < 0 ||
		    out->len - begin + one.len > max)
			break;
		buf_put_span(out, buf_span(&one));
		at += len;
	}
	buf_release(&one);
	return at;
}

size_t quote_put(const struct fence *fence, struct span text, size_t from,
		 size_t max, struct buf *out)
{
	size_t end;

	fence_open(out, fence, false);
	end = put_escaped(text, from, max < ESCAPE_MAX ? ESCAPE_MAX : max,
			  out);
	buf_put_char(out, '\n');
	fence_close(out, fence, false);
	return end;
}

void quote_field(const struct fence *fence, const char *name,
		 struct span value, size_t max, struct jcs_fields *fields)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf out = BUF_INIT(BUF_NO_LIMIT);

	if (jcs_type_of(value) != JCS_STRING ||
	    jcs_string_decode(value, &text, NULL) < 0) {
		fields_null(fields, name);
		goto out;
	}
	quote_put(fence, buf_span(&text), 0, max, &out);
	fields_fail(fields, buf_end(&out, NULL), NULL);
	fields_text(fields, name, buf_span(&out));
out:
	buf_release(&text);
	buf_release(&out);
}
