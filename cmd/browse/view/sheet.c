#include "cmd/browse/view/sheet.h"

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"

#define TAB_COLUMNS 4

void sheet_reset(struct sheet *sheet, size_t width, bool is_ascii)
{
	buf_reset(&sheet->text);
	sheet->n = 0;
	sheet->start = 0;
	sheet->width = width ? width : 1;
	sheet->is_ascii = is_ascii;
	sheet->rc = 0;
}

void sheet_release(struct sheet *sheet)
{
	buf_release(&sheet->text);
	free(sheet->at);
	sheet->at = NULL;
	sheet->n = sheet->cap = 0;
}

static void put_expanded(struct sheet *sheet, struct span text)
{
	size_t tab;

	while ((tab = span_find(text, "\t", 0)) != SPAN_NOWHERE) {
		buf_fail(&sheet->text, text_escape(&sheet->text,
			 span_of(text.at, tab), 0, NULL));
		buf_putf(&sheet->text, "%*s", TAB_COLUMNS, "");
		text = span_of(text.at + tab + 1, text.len - tab - 1);
	}
	buf_fail(&sheet->text, text_escape(&sheet->text, text, 0, NULL));
}

void sheet_put(struct sheet *sheet, unsigned style, struct span text)
{
	buf_put_char(&sheet->text, SHEET_SWITCH);
	buf_put_char(&sheet->text, (char)style);
	put_expanded(sheet, text);
}

void sheet_str(struct sheet *sheet, unsigned style, const char *text)
{
	sheet_put(sheet, style, span_str(text));
}

static void add_line(struct sheet *sheet, const struct sheet_line *line)
{
	if (sheet->rc == 0)
		sheet->rc = array_room(sheet, NULL);
	if (sheet->rc == 0)
		sheet->at[sheet->n++] = *line;
}

/* One step in text of a page: a switch of style has no columns. */
static size_t sheet_step(const struct sheet *sheet, size_t at, uint32_t *point,
			size_t *columns)
{
	struct span rest = span_of(sheet->text.data + at, sheet->text.len - at);
	size_t len;

	*columns = 0;
	*point = 0;
	if (rest.len >= 2 && rest.at[0] == SHEET_SWITCH)
		return 2;
	len = utf8_decode(rest, point);
	*columns = point_columns(*point, sheet->is_ascii);
	return len ? len : 1;
}

/* Where the line that begins there ends, and the next one begins. */
static size_t break_line(struct sheet *sheet, struct sheet_line *line,
			 size_t width, uint8_t *style)
{
	size_t at = line->start;
	size_t used = 0;
	size_t blank = 0;	/* behind the last one */
	uint8_t blank_style = *style;
	uint32_t point;
	size_t columns;
	size_t len;

	for (; at < sheet->text.len; at += len) {
		len = sheet_step(sheet, at, &point, &columns);
		if (used + columns > width && point != ' ')
			break;
		used += columns;
		if (!point)
			*style = (uint8_t)sheet->text.data[at + 1];
		if (point == ' ') {
			blank = at + 1;
			blank_style = *style;
		}
	}
	if (at < sheet->text.len && blank > line->start) {
		at = blank;
		*style = blank_style;
	}
	/* A character wider than the page still moves it on. */
	if (at == line->start && at < sheet->text.len)
		at += sheet_step(sheet, at, &point, &columns);
	line->len = at - line->start;
	return at;
}

void sheet_end(struct sheet *sheet, size_t indent)
{
	size_t most = sheet->width > 8 ? sheet->width - 8 : 0;
	struct sheet_line line = { .start = sheet->start,
				  .indent = indent < most ? indent : most };
	uint8_t style = STYLE_PLAIN;

	if (sheet->text.failed)
		return;
	do {
		line.style = style;
		sheet->start = break_line(sheet, &line, sheet->width -
					 line.indent, &style);
		add_line(sheet, &line);
		line.start = sheet->start;
	} while (sheet->rc == 0 && sheet->start < sheet->text.len);
	sheet->start = sheet->text.len;
}

void sheet_lines(struct sheet *sheet, unsigned style, size_t indent,
		struct span text)
{
	do {
		sheet_put(sheet, style, span_take_line(&text));
		sheet_end(sheet, indent);
	} while (text.len);
}

/* The style behind one number of an SGR sequence. */
static unsigned sgr_style(unsigned style, unsigned code)
{
	static const unsigned char styles[] = {
		[1] = STYLE_BOLD, [2] = STYLE_DIM, [3] = STYLE_ITALIC,
		[4] = STYLE_UNDERLINE, [7] = STYLE_REVERSE, [9] = STYLE_DIM,
	};

	if (!code)
		return STYLE_PLAIN;
	if (code < sizeof(styles))
		return style | styles[code];
	if (code >= 31 && code <= 36)
		return (style & ~STYLE_COLORS) | (code - 30);
	return code == 39 ? style & ~STYLE_COLORS : style;
}

/* The sequence at the begin of text: its bytes, and the style behind it. */
static size_t read_sequence(struct span text, unsigned *style)
{
	unsigned now = *style;
	unsigned code = 0;
	size_t i;

	if (text.len < 2 || text.at[1] != '[')
		return 1;
	for (i = 2; i < text.len; i++) {
		char c = text.at[i];

		if (c >= '0' && c <= '9') {
			code = (code * 10 + (unsigned)(c - '0')) % 1000;
			continue;
		}
		now = sgr_style(now, code);
		code = 0;
		if (c != ';')
			break;
	}
	if (i < text.len && text.at[i] == 'm')
		*style = now;
	return i < text.len ? i + 1 : i;
}

void sheet_ansi(struct sheet *sheet, struct span text)
{
	unsigned style = STYLE_PLAIN;

	while (text.len) {
		struct span line = span_take_line(&text);

		while (line.len) {
			const char *next = memchr(line.at, '\033', line.len);
			size_t len = next ? (size_t)(next - line.at) :
				     line.len;

			sheet_put(sheet, style, span_of(line.at, len));
			line = span_of(line.at + len, line.len - len);
			len = line.len ? read_sequence(line, &style) : 0;
			line = span_of(line.at + len, line.len - len);
		}
		sheet_end(sheet, 0);
	}
}

int sheet_close(const struct sheet *sheet, struct err *err)
{
	int rc = buf_end(&sheet->text, err);

	return rc == 0 && sheet->rc < 0 ?
	       err_set(err, sheet->rc, "no memory for a page") : rc;
}

static char low(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

void wanted_add(struct wanted *wanted, struct span text)
{
	size_t i;

	for (i = 0; i < wanted->n; i++) {
		if (span_equals(wanted->at[i], text))
			return;
	}
	if (text.len && wanted->n < WANTED_MAX)
		wanted->at[wanted->n++] = text;
}

/* Does the text there begin so? Switches of style are stepped over; returns
 * the bytes that it takes, 0 for no. */
static size_t match_one(struct span text, size_t at, struct span find)
{
	size_t from = at;
	size_t i = 0;

	while (i < find.len && at < text.len) {
		if (text.at[at] == SHEET_SWITCH) {
			at += 2;
			continue;
		}
		if (low(text.at[at]) != low(find.at[i]))
			return 0;
		at++;
		i++;
	}
	return i == find.len ? at - from : 0;
}

static size_t match_at(struct span text, size_t at,
		       const struct wanted *wanted)
{
	size_t best = 0;
	size_t len;
	size_t i;

	for (i = 0; i < wanted->n; i++) {
		len = match_one(text, at, wanted->at[i]);
		best = len > best ? len : best;
	}
	return best;
}

static struct span line_text(const struct sheet *sheet, size_t line)
{
	return span_of(buf_text(&sheet->text) + sheet->at[line].start,
		       sheet->at[line].len);
}

void sheet_draw(const struct sheet *sheet, size_t line, struct pen *pen,
		const struct wanted *wanted)
{
	struct span text = line_text(sheet, line);
	unsigned style = sheet->at[line].style;
	size_t until = 0;	/* where a match ends */
	size_t at = 0;
	size_t len;

	pen_fill(pen, STYLE_PLAIN, pen->col + sheet->at[line].indent);
	while (at < text.len) {
		if (text.at[at] == SHEET_SWITCH && at + 1 < text.len) {
			style = (unsigned char)text.at[at + 1];
			at += 2;
			continue;
		}
		if (at >= until)
			until = at + match_at(text, at, wanted);
		len = text_utf8_next(span_of(text.at + at, text.len - at),
				     NULL);
		len = len ? len : 1;
		pen_safe(pen, at < until ? STYLE_MARK : style,
			 span_of(text.at + at, len));
		at += len;
	}
}

void sheet_text(const struct sheet *sheet, struct buf *out)
{
	size_t start;
	size_t line;
	size_t i;

	for (line = 0; line < sheet->n; line++) {
		struct span text = line_text(sheet, line);

		start = out->len;
		buf_putf(out, "%*s", (int)sheet->at[line].indent, "");
		for (i = 0; i < text.len; i++) {
			if (text.at[i] == SHEET_SWITCH)
				i++;
			else
				buf_put_char(out, text.at[i]);
		}
		while (out->len > start && out->data[out->len - 1] == ' ')
			buf_cut(out, out->len - 1);
		buf_put_char(out, '\n');
	}
}

static bool line_has(const struct sheet *sheet, size_t line,
		     const struct wanted *wanted)
{
	struct span text = line_text(sheet, line);
	size_t at;

	for (at = 0; at < text.len; at++) {
		if (match_at(text, at, wanted))
			return true;
	}
	return false;
}

size_t sheet_find(const struct sheet *sheet, size_t from, bool is_back,
		  const struct wanted *wanted)
{
	size_t i;

	for (i = 0; wanted->n && i < sheet->n; i++) {
		size_t line = is_back ? from + sheet->n - i : from + i;

		if (line_has(sheet, line % sheet->n, wanted))
			return line % sheet->n;
	}
	return SIZE_MAX;
}
