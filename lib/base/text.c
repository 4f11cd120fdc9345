#include "lib/base/text.h"

#include <stdint.h>
#include <string.h>

/* Bytes that follow a lead byte, and the least value of such a length. */
struct lead {
	size_t more;
	uint32_t bits;
	uint32_t least;
};

static bool read_lead(unsigned char byte, struct lead *out)
{
	if (byte < 0x80)
		*out = (struct lead){ 0, byte, 0 };
	else if (byte >= 0xc2 && byte < 0xe0)
		*out = (struct lead){ 1, byte & 0x1fu, 0x80 };
	else if (byte >= 0xe0 && byte < 0xf0)
		*out = (struct lead){ 2, byte & 0x0fu, 0x800 };
	else if (byte >= 0xf0 && byte < 0xf5)
		*out = (struct lead){ 3, byte & 0x07u, 0x10000 };
	else
		return false;
	return true;
}

size_t text_utf8_next(struct span text, unsigned long *out)
{
	struct lead lead;
	uint32_t value;
	size_t i;

	if (!text.len || !read_lead((unsigned char)text.at[0], &lead) ||
	    text.len <= lead.more)
		return 0;
	value = lead.bits;
	for (i = 1; i <= lead.more; i++) {
		unsigned char byte = (unsigned char)text.at[i];

		if ((byte & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (byte & 0x3fu);
	}
	if (value < lead.least || value > 0x10ffff ||
	    (value >= 0xd800 && value <= 0xdfff))
		return 0;
	if (out)
		*out = value;
	return lead.more + 1;
}

bool text_is_utf8(struct span text)
{
	while (text.len) {
		size_t len = text_utf8_next(text, NULL);

		if (!len)
			return false;
		text = span_of(text.at + len, text.len - len);
	}
	return true;
}

struct span text_cut(struct span text, size_t max_len)
{
	size_t len = max_len;

	if (text.len <= max_len)
		return text;
	while (len && ((unsigned char)text.at[len] & 0xc0) == 0x80)
		len--;
	return span_of(text.at, len);
}

/* Ranges of characters that act on others instead of showing themselves. */
static bool is_unsafe(unsigned long c)
{
	static const struct { unsigned long first, last; } ranges[] = {
		{ 0x0000, 0x001f },	/* C0 */
		{ 0x007f, 0x009f },	/* DEL, C1 */
		{ 0x061c, 0x061c },	/* Arabic letter mark */
		{ 0x180e, 0x180e },	/* Mongolian separator, invisible */
		{ 0x200b, 0x200b },	/* zero-width space */
		{ 0x200e, 0x200f },	/* marks of direction */
		{ 0x2028, 0x2029 },	/* line and paragraph separator */
		{ 0x202a, 0x202e },	/* embeddings and overrides */
		{ 0x2060, 0x206f },	/* isolates, invisible joiners */
		{ 0xfeff, 0xfeff },	/* byte order mark, invisible */
		{ 0xfff9, 0xfffb },	/* interlinear annotation */
		{ 0xe0000, 0xe007f },	/* tags, invisible */
	};
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

static void put_escaped(struct buf *buf, unsigned long c)
{
	switch (c) {
	case '\n':
		buf_put_str(buf, "\\n");
		break;
	case '\r':
		buf_put_str(buf, "\\r");
		break;
	case '\t':
		buf_put_str(buf, "\\t");
		break;
	case 0x1b:
		buf_put_str(buf, "\\e");
		break;
	default:
		buf_putf(buf, "\\u{%lx}", c);
	}
}

/* Most text is printable ASCII: how much of it is, from the beginning. */
static size_t plain_run(struct span text)
{
	size_t len = 0;

	while (len < text.len && text.at[len] >= 0x20 && text.at[len] < 0x7f)
		len++;
	return len;
}

int text_escape(struct buf *buf, struct span text, unsigned flags,
		struct err *err)
{
	size_t start = buf->len;

	while (text.len) {
		unsigned long c = 0;
		size_t run = plain_run(text);
		size_t len = run ? run : text_utf8_next(text, &c);
		bool is_kept = (flags & TEXT_KEEP_LINES) &&
			       (c == '\n' || c == '\t');

		if (!len)
			buf_putf(buf, "\\x%02x",
				 (unsigned)(unsigned char)text.at[0]);
		else if (!run && is_unsafe(c) && !is_kept)
			put_escaped(buf, c);
		else
			buf_put(buf, text.at, len);
		len = len ? len : 1;
		text = span_of(text.at + len, text.len - len);
	}
	return buf_settle(buf, start, err);
}

void text_one_line(struct buf *text, size_t max)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < text->len; i++) {
		bool is_blank = strchr(" \t\r\n", text->data[i]) != NULL;

		if (!is_blank)
			text->data[kept++] = text->data[i];
		else if (kept && text->data[kept - 1] != ' ')
			text->data[kept++] = ' ';
	}
	if (kept && text->data[kept - 1] == ' ')
		kept--;
	buf_cut(text, text_cut(span_of(buf_text(text), kept), max).len);
}
