/*
 * Text of any length, broken into lines that fit: what is read and previewed.
 */
#ifndef VV_CMD_BROWSE_VIEW_SHEET_H
#define VV_CMD_BROWSE_VIEW_SHEET_H

#include "cmd/browse/view/grid.h"
#include "lib/base/buf.h"

struct sheet_line {
	size_t start;		/* in text */
	size_t len;
	size_t indent;		/* columns before it */
	uint8_t style;		/* that it begins with */
};

/* Text stands escaped, with SHEET_SWITCH and a style where that changes. */
#define SHEET_SWITCH '\1'

struct sheet {
	struct buf text;
	struct sheet_line *at;
	size_t n;
	size_t cap;
	size_t width;		/* columns, at least 1 */
	bool is_ascii;
	size_t start;		/* of the line that is being put together */
	int rc;			/* the first failure; then nothing is added */
};

#define SHEET_INIT(width, is_ascii) \
	{ BUF_INIT(BUF_NO_LIMIT), NULL, 0, 0, (width), (is_ascii), 0, 0 }
void sheet_reset(struct sheet *sheet, size_t width, bool is_ascii);
void sheet_release(struct sheet *sheet);

/* Add to the line, escaped; a line end in the text is one on the sheet. All
 * lines of it stand that many columns in. */
void sheet_put(struct sheet *sheet, unsigned style, struct span text);
void sheet_str(struct sheet *sheet, unsigned style, const char *text);
/* End the line: it is broken where it is too long, between words. */
void sheet_end(struct sheet *sheet, size_t indent);
/* Both, for text of many lines. */
void sheet_lines(struct sheet *sheet, unsigned style, size_t indent,
		struct span text);
/* Lines of text as our own renderings print it: styled by SGR sequences; any
 * other sequence is left out. */
void sheet_ansi(struct sheet *sheet, struct span text);
MUST_USE int sheet_close(const struct sheet *sheet, struct err *err);

/* All of it as text, without styles. */
void sheet_text(const struct sheet *sheet, struct buf *out);

/* What is looked for on a sheet: any of these (ASCII letters are the same in
 * both cases). */
#define WANTED_MAX 8
struct wanted {
	struct span at[WANTED_MAX];	/* borrowed; none is empty */
	size_t n;
};
/* Unless it is empty, or wanted already, or one too many. */
void wanted_add(struct wanted *wanted, struct span text);

/* Draw a line, with what is wanted marked. */
void sheet_draw(const struct sheet *sheet, size_t line, struct pen *pen,
		const struct wanted *wanted);
/* The first line that holds it, from there on (wrapping around) or back.
 * SIZE_MAX: none. */
size_t sheet_find(const struct sheet *sheet, size_t from, bool is_back,
		  const struct wanted *wanted);

#endif
