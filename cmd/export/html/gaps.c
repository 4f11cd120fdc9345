#include "cmd/export/html/gaps.h"

static bool is_word(char c)
{
	unsigned char byte = (unsigned char)c;

	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
}

static bool is_inside(struct span outer, struct span inner)
{
	return inner.at >= outer.at &&
	       inner.at + inner.len <= outer.at + outer.len;
}

/* How much of the text it takes to say the copy, with the backslashes that
 * md4c leaves out of one; 0: it says something else. */
static size_t copy_length(struct span text, struct span copy)
{
	size_t at = 0;
	size_t i;

	for (i = 0; i < copy.len; i++, at++) {
		if (at < text.len && text.at[at] == '\\' &&
		    copy.at[i] != '\\')
			at++;
		if (at >= text.len || text.at[at] != copy.at[i])
			return 0;
	}
	return at;
}

/* What is told otherwise and stands here. */
static bool is_excused(const struct gaps *gaps, struct span rest,
		       size_t *out_len)
{
	struct span copies = buf_span(&gaps->copies);
	size_t i;

	for (i = 0; i < gaps->excused_n; i++) {
		struct span excused = gaps->excused[i];

		*out_len = excused.at == rest.at ? excused.len : 0;
		if (!excused.at) {
			*out_len = copy_length(rest, span_of(copies.at,
							     excused.len));
			copies = span_of(copies.at + excused.len,
					 copies.len - excused.len);
		}
		if (*out_len)
			return true;
	}
	return false;
}

/* The number of an item, the mark of a task, behind a link the name of its
 * definition: how many bytes of it begin here. */
static size_t mark_length(const struct gaps *gaps, struct span rest)
{
	size_t len = 0;

	while (len < rest.len && rest.at[len] >= '0' && rest.at[len] <= '9')
		len++;
	if (len && len < rest.len && strchr(".)", rest.at[len]))
		return len;
	if (rest.len >= 3 && rest.at[0] == '[' &&
	    strchr("xX ", rest.at[1]) && rest.at[2] == ']')
		return 3;
	if (!gaps->excused_n || !span_begins(rest, "]["))
		return 0;
	len = span_find(rest, "]", 2);
	return len == SPAN_NOWHERE ? 0 : len;
}

static bool line_has_words(const struct gaps *gaps, struct span line)
{
	size_t at = 0;
	size_t len;

	while (at < line.len) {
		struct span rest = span_of(line.at + at, line.len - at);

		len = mark_length(gaps, rest);
		if (!len && !is_excused(gaps, rest, &len)) {
			if (is_word(line.at[at]))
				return true;
			len = 1;
		}
		at += len;
	}
	return false;
}

static void look_at_gap(struct gaps *gaps, struct span gap)
{
	while (gap.len) {
		struct span line = span_take_line(&gap);

		if (!line_has_words(gaps, line))
			continue;
		if (!span_has(line, "]:")) {
			gaps->has_words = true;
			continue;
		}
		buf_put_span(&gaps->links, line);
		buf_put_char(&gaps->links, '\n');
	}
	gaps->excused_n = 0;
	buf_reset(&gaps->copies);
}

void gaps_told(struct gaps *gaps, struct span piece)
{
	struct span rest = span_of(gaps->seen, gaps->text.len - (size_t)
				   (gaps->seen - gaps->text.at));

	/* An end of a line in code is not of the text. */
	if (!is_inside(rest, piece))
		return;
	look_at_gap(gaps, span_of(rest.at, (size_t)(piece.at - rest.at)));
	gaps->seen = piece.at + piece.len;
}

void gaps_excuse(struct gaps *gaps, struct span attribute)
{
	if (!attribute.len || gaps->excused_n == GAPS_EXCUSED)
		return;
	if (!is_inside(gaps->text, attribute)) {
		buf_put_span(&gaps->copies, attribute);
		if (gaps->copies.failed)
			return;
		attribute.at = NULL;
	}
	gaps->excused[gaps->excused_n++] = attribute;
}

void gaps_end(struct gaps *gaps)
{
	gaps_told(gaps, span_of(gaps->text.at + gaps->text.len, 0));
}

void gaps_release(struct gaps *gaps)
{
	buf_release(&gaps->links);
	buf_release(&gaps->copies);
}
