#include "cmd/render/read/words.h"

#include <stdio.h>

#include "lib/base/text.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"

#define WORDS_BYTES 320	/* of a text, more than a line has */

void words_of_size(unsigned long long bytes, char out[32])
{
	static const char *const units[] = { "bytes", "kB", "MB", "GB" };
	double size = (double)bytes;
	size_t unit = 0;

	while (size >= 1000 && unit < 3) {
		size /= 1000;
		unit++;
	}
	snprintf(out, 32, unit ? "%.1f %s" : "%.0f %s", size,
		 bytes == 1 ? "byte" : units[unit]);
}

/* What people know it by, best first; else any text that it has. */
static bool find_words(struct span state, struct span *out)
{
	static const char *const names[] = {
		"content", "title", "name", "text", "type", "format"
	};
	struct jcs_iter iter = jcs_iter_object(state);
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (jcs_find(state, names[i], out) &&
		    (jcs_type_of(*out) == JCS_OBJECT ||
		     (jcs_type_of(*out) == JCS_STRING && out->len > 2)))
			return true;
	}
	while (jcs_next(&iter, NULL, out)) {
		if (jcs_type_of(*out) == JCS_STRING)
			return true;
	}
	return false;
}

/* The begin of a string, as it stands in JSON: no escape is cut. */
static struct span begin_of(struct span value)
{
	struct span inner = jcs_string_inner(value);
	struct span begin = text_cut(inner, WORDS_BYTES);
	size_t i;

	for (i = begin.len; begin.len < inner.len && i-- > 0 &&
	     begin.len - i <= 6;) {
		if (begin.at[i] == '\\')
			begin.len = i;
	}
	return begin;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Blanks and line ends in a row are one blank. */
static void put_line(struct span text, struct flow_cells *out, unsigned style)
{
	char line[WORDS_BYTES];
	size_t n = 0;
	size_t i;

	for (i = 0; i < text.len && n < sizeof(line); i++) {
		if (!is_blank(text.at[i]))
			line[n++] = text.at[i];
		else if (n && line[n - 1] != ' ')
			line[n++] = ' ';
	}
	while (n && line[n - 1] == ' ')
		n--;
	flow_cells_put(out, style, 0, span_of(line, n));
}

void words_of_state(struct span state, struct flow_cells *out, unsigned style)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	struct span size;
	int64_t bytes;
	char words[32];

	if (!find_words(state, &value))
		return;
	if (jcs_type_of(value) == JCS_STRING) {
		struct span begin = begin_of(value);

		if (jcs_inner_decode(begin, &text, NULL) == 0)
			put_line(buf_span(&text), out, style);
		if (begin.len + 2 < value.len)
			flow_cells_put(out, SAY_AND_DIM, 0, span_str("…"));
	} else if (jcs_find(value, "size", &size) &&
		   jcs_integer(size, &bytes) && bytes >= 0) {
		words_of_size((unsigned long long)bytes, words);
		put_line(span_str(words), out, style);
	} else if (jcs_words(value, &text, NULL) == 0) {
		put_line(text_cut(buf_span(&text), WORDS_BYTES), out, style);
		if (text.len > WORDS_BYTES)
			flow_cells_put(out, SAY_AND_DIM, 0, span_str("…"));
	}
	buf_release(&text);
}
