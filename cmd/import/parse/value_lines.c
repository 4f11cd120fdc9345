#include "cmd/import/parse/value_lines.h"

#include <stdlib.h>

#include "cmd/import/parse/window.h"
#include "lib/json/lex.h"
#include "lib/json/splice.h"

struct value_lines {
	struct window window;
	bool has_begun;
	bool is_inside;		/* a line: the reader stands in it */
	bool has_newline;	/* the line does */
	size_t left;		/* bytes of the line before its newline */
	uint64_t passed;	/* of one that is too long */
	uint64_t line_at;	/* where it begins in the feed */
	uint64_t line;
	struct jdoc *doc;
};

int value_lines_new(struct feed feed, struct value_lines **out, struct err *err)
{
	static const struct window empty = WINDOW_INIT;
	struct value_lines *lines = calloc(1, sizeof(*lines));

	if (!lines)
		return err_set(err, ERR_NOMEM, "out of memory");
	lines->window = empty;
	lines->window.feed = feed;
	*out = lines;
	return 0;
}

void value_lines_free(struct value_lines *lines)
{
	if (!lines)
		return;
	jdoc_free(lines->doc);
	window_release(&lines->window);
	free(lines);
}

/* Of lines without anything there may be millions. */
static void pass_empty(struct value_lines *lines)
{
	struct window *window = &lines->window;

	while (window_left(window) && *window_text(window) == '\n') {
		window->at++;
		lines->line++;
	}
}

/* Have the next line in one piece, if there is one. One that is too long is
 * passed over. */
static int open_line(struct value_lines *lines, bool *out_is_long,
		     struct err *err)
{
	struct window *window = &lines->window;
	const char *found = NULL;
	bool is_long = false;
	size_t seen = 0;
	int rc = 0;

	pass_empty(lines);
	window->keep = window->at;
	lines->line_at = window_offset(window);
	lines->passed = 0;
	for (;;) {
		if (window_left(window) > seen)
			found = memchr(window_text(window) + seen, '\n',
				       window_left(window) - seen);
		seen = found ? (size_t)(found - window_text(window)) :
			       window_left(window);
		if (is_long || seen > VALUE_LINE_MAX) {
			is_long = true;
			lines->passed += seen;
			window->at += seen;
			window->keep = window->at;
			seen = 0;
		}
		if (found || window->is_end)
			break;
		rc = window_more(window, err);
		if (rc < 0)
			return rc;
	}
	lines->left = seen;
	lines->has_newline = found != NULL;
	lines->is_inside = found || seen || is_long;
	lines->line += lines->is_inside;
	*out_is_long = is_long;
	return 0;
}

static void pass(struct value_lines *lines, size_t len)
{
	lines->window.at += len;
	lines->left -= len;
}

static void close_line(struct value_lines *lines)
{
	pass(lines, lines->left);
	if (lines->has_newline)
		lines->window.at++;
	lines->is_inside = false;
}

static struct span rest_of(const struct value_lines *lines)
{
	return span_of(window_text(&lines->window), lines->left);
}

/* The next len bytes of the line are no value. */
static void give_bad(struct value_lines *lines, size_t len,
		     struct value_line *out)
{
	out->found = FOUND_BAD;
	out->text = span_of(window_text(&lines->window), len);
	pass(lines, len);
	out->is_torn = !lines->left && !lines->has_newline;
}

static void say_why(const struct value_lines *lines, int code,
		    const char *what, uint64_t offset, struct value_line *out)
{
	err_set(&out->why, (enum err_code)code,
		"%s at line %llu, column %llu (byte %llu)", what,
		(unsigned long long)lines->line,
		(unsigned long long)(offset - lines->line_at) + 1,
		(unsigned long long)offset);
}

/* The reader of one value knows neither its line nor what came before. */
static void say_why_not(const struct value_lines *lines, const struct err *why,
			struct value_line *out)
{
	static const char before[] = " at line ";
	char *found = NULL;
	char *next;
	char *byte;
	struct err text = *why;

	for (next = text.text; (next = strstr(next, before)); next++)
		found = next;
	byte = found ? strstr(found, "(byte ") : NULL;
	if (!byte) {
		say_why(lines, why->code, why->text, out->offset, out);
		return;
	}
	*found = '\0';
	say_why(lines, why->code, text.text, out->offset +
		strtoull(byte + strlen("(byte "), NULL, 10), out);
}

/* A crash of a whole machine leaves zeros in a log that was growing; what
 * was written after it stands behind them. */
static size_t count_zeros(struct span text)
{
	size_t i = 0;

	while (i < text.len && !text.at[i])
		i++;
	return i;
}

/* No value stands here; but one may that is whole, behind it. */
static int take_bad(struct value_lines *lines,
		    const struct jdoc_options *options, const struct err *why,
		    struct value_line *out, struct err *err)
{
	size_t len = lines->left;
	int rc = why->code != ERR_INVALID ? 0 :
		splice_find(rest_of(lines), options, &len, err);

	if (rc < 0)
		return rc;
	if (len < lines->left)
		say_why(lines, ERR_INVALID, "a record is cut short by the one "
			"that begins", out->offset + len, out);
	else
		say_why_not(lines, why, out);
	give_bad(lines, len, out);
	return 0;
}

/* FOUND_END: none is left in the line. */
static int take_value(struct value_lines *lines, struct value_line *out,
		      struct err *err)
{
	static const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP, .max_values = VALUE_LINE_VALUES
	};
	struct span rest = rest_of(lines);
	size_t zeros = count_zeros(rest);
	struct err why = ERR_INIT;
	size_t used;
	int rc;

	out->line = lines->line;
	out->offset = window_offset(&lines->window);
	if (zeros) {
		say_why(lines, ERR_INVALID, "zeros instead of a value",
			out->offset, out);
		give_bad(lines, zeros, out);
		return 0;
	}
	if (lex_skip_space(rest.at, rest.at + rest.len) == rest.at + rest.len)
		return 0;
	rc = jdoc_parse_prefix(rest, &options, &lines->doc, &used, &why);
	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "%s", why.text);
	if (rc < 0)
		return take_bad(lines, &options, &why, out, err);
	out->value = jdoc_root(lines->doc);
	out->text = out->value->raw;
	out->offset += jdoc_offset(lines->doc, out->value);
	out->duplicates = jdoc_duplicates(lines->doc);
	pass(lines, used);
	out->found = FOUND_ONE;
	return 0;
}

static void give_long(struct value_lines *lines, struct value_line *out)
{
	out->found = FOUND_BAD;
	out->line = lines->line;
	out->offset = lines->line_at;
	out->long_len = lines->passed;
	out->is_torn = !lines->has_newline;
	err_set(&out->why, ERR_LIMIT, "line %llu is longer than %zu MiB "
		"(byte %llu)", (unsigned long long)lines->line,
		VALUE_LINE_MAX >> 20, (unsigned long long)lines->line_at);
}

static void reset(struct value_line *out)
{
	out->found = FOUND_END;
	out->value = NULL;
	out->text = span_of(NULL, 0);
	out->offset = 0;
	out->line = 0;
	out->duplicates = 0;
	out->is_torn = false;
	out->long_len = 0;
	err_clear(&out->why);
}

int value_lines_next(struct value_lines *lines, struct value_line *out,
		    struct err *err)
{
	int rc = 0;

	reset(out);
	jdoc_free(lines->doc);
	lines->doc = NULL;
	if (!lines->has_begun)
		rc = window_skip_bom(&lines->window, err);
	if (rc < 0)
		return rc;
	lines->has_begun = true;
	while (rc == 0 && out->found == FOUND_END) {
		bool is_long = false;

		if (!lines->is_inside)
			rc = open_line(lines, &is_long, err);
		if (rc < 0 || !lines->is_inside)
			break;
		if (is_long)
			give_long(lines, out);
		else
			rc = take_value(lines, out, err);
		if (rc == 0 && out->found == FOUND_END)
			close_line(lines);
	}
	return rc;
}
