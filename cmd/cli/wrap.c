#include "cmd/cli/wrap.h"

#include <ctype.h>

#include "cmd/cli/screen.h"
#include "lib/base/utf8.h"

#define TAB 8
#define INDENT_MIN 2
#define ESC '\033'

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The bytes of what ESC begins: up to a letter, or, of an address, up to its
 * end. */
static size_t sequence_length(struct span text)
{
	size_t i = 2;

	if (text.len < 2)
		return text.len;
	if (text.at[1] == ']') {
		while (i < text.len && text.at[i - 1] != '\a' &&
		       !(text.at[i - 2] == ESC && text.at[i - 1] == '\\'))
			i++;
		return i;
	}
	while (text.at[1] == '[' && i < text.len &&
	       !isalpha((unsigned char)text.at[i]))
		i++;
	return i < text.len ? i + 1 : i;
}

/* The bytes of the first character, and the column behind it. */
static size_t step(struct span text, size_t *column)
{
	uint32_t point;
	size_t len;

	if (text.at[0] == ESC)
		return sequence_length(text);
	if (text.at[0] == '\t') {
		*column += TAB - *column % TAB;
		return 1;
	}
	len = utf8_decode(text, &point);
	*column += len ? screen_columns(point) : 1;
	return len ? len : 1;
}

static size_t column_behind(struct span text, size_t column)
{
	while (text.len) {
		size_t len = step(text, &column);

		text = span_of(text.at + len, text.len - len);
	}
	return column;
}

/* Where a line goes on: the last column that a wide gap leads to in its first
 * third, or in a line of prose a little further in than it begins. */
static size_t find_indent(struct span line, unsigned width)
{
	struct span rest = line;
	size_t indent = 0;
	size_t column = 0;
	size_t gap = 0;
	bool is_first = true;

	while (rest.len && column <= width / 3) {
		size_t before = column;
		size_t len;

		if (!is_blank(rest.at[0])) {
			if (gap >= 2 || (is_first && gap))
				indent = column;
			gap = 0;
			is_first = false;
		}
		len = step(rest, &column);
		if (is_blank(rest.at[0]))
			gap += column - before;
		rest = span_of(rest.at + len, rest.len - len);
	}
	return indent ? indent : INDENT_MIN;
}

static size_t word_length(struct span text)
{
	size_t i = 0;
	size_t column = 0;

	while (i < text.len && !is_blank(text.at[i]))
		i += step(span_of(text.at + i, text.len - i), &column);
	return i;
}

/* A word, or all that is between quotes and what is written to it. */
static size_t piece_length(struct span text, size_t room)
{
	size_t len = word_length(text);
	size_t i = text.len && text.at[0] == '(' ? 1 : 0;

	if (i >= text.len || text.at[i] != '\'')
		return len;
	for (i++; i < text.len; i++) {
		if (text.at[i] == '\'' &&
		    (i + 1 == text.len || !isalnum((unsigned char)text.at[i + 1])))
			break;
	}
	i += word_length(span_of(text.at + i, text.len - i));
	return i > len && column_behind(span_of(text.at, i), 0) <= room ?
	       i : len;
}

static size_t blank_length(struct span text)
{
	size_t i = 0;

	while (i < text.len && is_blank(text.at[i]))
		i++;
	return i;
}

/* Begin a line for what is that wide, which is not worth it for what no line
 * is long enough for. Returns the column. */
static size_t begin_line(size_t indent, size_t wide, unsigned width,
			 struct buf *out)
{
	if (wide > width - indent)
		indent = INDENT_MIN;
	if (wide > width - indent)
		return 0;
	buf_putf(out, "\n%*s", (int)indent, "");
	return indent;
}

void wrap_line(struct span line, size_t indent, unsigned width,
	       struct buf *out)
{
	size_t column = 0;

	if (!width || column_behind(line, 0) <= width) {
		buf_put_span(out, line);
		return;
	}
	indent = indent ? indent : find_indent(line, width);
	while (line.len) {
		size_t gap = blank_length(line);
		struct span piece = span_of(line.at + gap, line.len - gap);
		size_t at = column_behind(span_of(line.at, gap), column);
		size_t begun = 0;
		size_t wide;

		piece.len = piece_length(piece, width - indent);
		wide = column_behind(piece, 0);
		if (column && at + wide > width)
			begun = begin_line(indent, wide, width, out);
		if (!begun)
			buf_put(out, line.at, gap);
		buf_put_span(out, piece);
		column = (begun ? begun : at) + wide;
		line = span_of(piece.at + piece.len,
			       line.len - gap - piece.len);
	}
}
