#include "cmd/export/html/text.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/base/text.h"

/* U+200E and U+200F, which right-to-left text is full of. */
#define MARK_BYTES 3

static bool is_mark(struct span text)
{
	return span_begins(text, "\xe2\x80\x8e") ||
	       span_begins(text, "\xe2\x80\x8f");
}

/* What stands for the character in HTML; NULL: itself. */
static const char *entity_of(struct span text)
{
	switch (text.at[0]) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\r':
		/* Of the end of a line the other half is enough. */
		return text.len > 1 && text.at[1] == '\n' ? "" : NULL;
	default:
		return NULL;
	}
}

/* How much of it needs no look of ours. */
static size_t easy_run(struct span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		struct span rest = span_of(text.at + i, text.len - i);

		if (entity_of(rest) || is_mark(rest))
			break;
	}
	return i;
}

void html_put_text(struct buf *out, struct span text)
{
	while (text.len && !out->failed) {
		size_t len = easy_run(text);

		if (len) {
			buf_fail(out, text_escape(out, span_of(text.at, len),
						  TEXT_KEEP_LINES, NULL));
		} else if (is_mark(text)) {
			len = MARK_BYTES;
			buf_put(out, text.at, len);
		} else {
			buf_put_str(out, entity_of(text));
			len = 1;
		}
		text = span_of(text.at + len, text.len - len);
	}
}

void html_put_plain(struct buf *out, struct span text)
{
	buf_put_str(out, "<div class=\"plain\" dir=\"auto\">");
	html_put_text(out, text);
	buf_put_str(out, "</div>\n");
}

void html_put_output(struct buf *out, struct span text)
{
	buf_put_str(out, "<figure class=\"code\"><pre tabindex=\"0\"><code>");
	html_put_text(out, text);
	buf_put_str(out, "</code></pre></figure>\n");
}

void html_put_count(struct buf *out, uint64_t n, const char *one,
		    const char *many)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRIu64, n);
	size_t i;

	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_put_char(out, ',');
		buf_put_char(out, digits[i]);
	}
	buf_putf(out, " %s", n == 1 ? one : many);
}

void html_put_size(struct buf *out, uint64_t bytes)
{
	static const char *const units[] = { "KB", "MB", "GB", "TB" };
	double value = (double)bytes / 1000;
	size_t unit = 0;

	if (bytes < 1000) {
		html_put_count(out, bytes, "byte", "bytes");
		return;
	}
	for (; value >= 999.5 && unit < 3; unit++)
		value /= 1000;
	buf_putf(out, value < 9.95 ? "%.1f %s" : "%.0f %s", value,
		 units[unit]);
}

void html_put_words(struct buf *out, struct span text, size_t max)
{
	struct span shown;
	size_t i;

	while (text.len && (unsigned char)text.at[0] <= ' ')
		text = span_of(text.at + 1, text.len - 1);
	shown = text_cut(text, max);
	for (i = 0; i < shown.len; i++) {
		if (shown.at[i] == '\n' || shown.at[i] == '\r')
			shown.len = i;
	}
	html_put_text(out, shown);
	if (shown.len < text.len)
		buf_put_str(out, "…");
}
