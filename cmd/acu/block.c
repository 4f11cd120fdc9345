#include "cmd/acu/block.h"

#include "cmd/acu/text.h"

#define LANGUAGE_MAX_BYTES 32	/* longer is no language's name */

struct line {
	struct span text;	/* without white space at its ends */
	size_t next;		/* where the next one begins */
};

static void line_at(struct span text, size_t at, struct line *out)
{
	const char *end = memchr(text.at + at, '\n', text.len - at);
	size_t len = end ? (size_t)(end - text.at) - at : text.len - at;

	out->text = acu_trim(span_of(text.at + at, len));
	out->next = at + len + (end ? 1 : 0);
}

static size_t run_of(struct span text, char c)
{
	size_t n = 0;

	while (n < text.len && text.at[n] == c)
		n++;
	return n;
}

/* Length of the fence that the line opens, 0 for another line. */
static size_t opens_fence(struct span line)
{
	char c = line.len ? line.at[0] : '\0';
	size_t n;

	if (c != '`' && c != '~')
		return 0;
	n = run_of(line, c);
	if (n < 3)
		return 0;
	/* Behind backticks another one makes it code within a line. */
	if (c == '`' && memchr(line.at + n, '`', line.len - n))
		return 0;
	return n;
}

static bool closes_fence(struct span line, char c, size_t n)
{
	return line.len >= n && run_of(line, c) == line.len;
}

/* "# ", up to six of them. */
static bool is_heading(struct span line)
{
	size_t n = run_of(line, '#');

	return n >= 1 && n <= 6 && n < line.len &&
	       (line.at[n] == ' ' || line.at[n] == '\t');
}

/* "---" and its like: at least three of one sign and nothing else. */
static bool is_rule(struct span line)
{
	return line.len >= 3 && strchr("-*_=", line.at[0]) && line.at[0] &&
	       run_of(line, line.at[0]) == line.len;
}

/* The second line of a table: dashes between bars. */
static bool is_table_rule(struct span line)
{
	bool has_dash = false;
	bool has_bar = false;
	size_t i;

	for (i = 0; i < line.len; i++) {
		has_dash |= line.at[i] == '-';
		has_bar |= line.at[i] == '|';
		if (!line.at[i] || !strchr("-|: \t", line.at[i]))
			return false;
	}
	return has_dash && has_bar;
}

static bool has_bar(struct span line)
{
	return line.len && memchr(line.at, '|', line.len);
}

static bool opens_table(const struct block_walk *walk, const struct line *line)
{
	struct line second;

	if (!has_bar(line->text) || line->next >= walk->text.len)
		return false;
	line_at(walk->text, line->next, &second);
	return is_table_rule(second.text);
}

/*
 * Where the formula that this line opens ends: behind the line that closes it,
 * which no empty line may part from it (TeX forbids that too). 0: no formula.
 * A search that failed is remembered, or many openers would cost a square.
 */
static size_t formula_end(struct block_walk *walk, const struct line *first)
{
	bool is_dollars = span_begins(first->text, "$$");
	const char *close = is_dollars ? "$$" : "\\]";
	size_t *no_close = is_dollars ? &walk->no_dollars : &walk->no_bracket;
	struct span behind = first->text;
	struct line line = *first;

	if (!is_dollars && !span_begins(first->text, "\\["))
		return 0;
	behind.at += 2;
	behind.len -= 2;
	if (span_ends(behind, close))
		return first->next;
	/* A line that says more behind its formula is prose. */
	if (span_has(behind, close) || first->next <= *no_close)
		return 0;
	while (line.next < walk->text.len) {
		line_at(walk->text, line.next, &line);
		if (!line.text.len)
			break;
		if (span_ends(line.text, close))
			return line.next;
	}
	*no_close = line.next;
	return 0;
}

static size_t offset_of(const struct block_walk *walk, struct span text)
{
	return (size_t)(text.at - walk->text.at);
}

/* Set the block's end behind its last character before at. */
static void block_end(struct block_walk *walk, struct block *out, size_t at)
{
	struct span text = acu_trim(span_of(walk->text.at + out->start,
					    at - out->start));

	out->end = out->start + text.len;
	walk->at = at;
}

static void take_code(struct block_walk *walk, const struct line *first,
		      size_t fence, struct block *out)
{
	char c = first->text.at[0];
	struct span info = acu_trim(span_of(first->text.at + fence,
					    first->text.len - fence));
	struct line line = *first;
	size_t len = 0;

	while (len < info.len && !acu_skip_space(info, len))
		len++;
	out->kind = BLOCK_CODE;
	if (len && len <= LANGUAGE_MAX_BYTES)
		out->language = span_of(info.at, len);
	out->is_open = true;
	while (out->is_open && line.next < walk->text.len) {
		line_at(walk->text, line.next, &line);
		out->is_open = !closes_fence(line.text, c, fence);
	}
	block_end(walk, out, line.next);
}

static void take_table(struct block_walk *walk, const struct line *first,
		       struct block *out)
{
	struct line line = *first;
	size_t end = first->next;

	out->kind = BLOCK_TABLE;
	while (end < walk->text.len) {
		line_at(walk->text, end, &line);
		if (!has_bar(line.text))
			break;
		end = line.next;
	}
	block_end(walk, out, end);
}

/* Code, formulas and tables begin here, whatever stood before. */
static bool take_structure(struct block_walk *walk, const struct line *first,
			   struct block *out)
{
	size_t fence = opens_fence(first->text);
	size_t end;

	out->start = offset_of(walk, first->text);
	if (fence) {
		take_code(walk, first, fence, out);
		return true;
	}
	if (opens_table(walk, first)) {
		take_table(walk, first, out);
		return true;
	}
	end = formula_end(walk, first);
	if (!end)
		return false;
	out->kind = BLOCK_FORMULA;
	block_end(walk, out, end);
	return true;
}

static bool is_structure(struct block_walk *walk, const struct line *line)
{
	return opens_fence(line->text) || opens_table(walk, line) ||
	       formula_end(walk, line);
}

/*
 * Lines up to an empty one, a rule, a heading or a structure. As long as there
 * is nothing but a heading, an empty line ends nothing.
 */
static void take_prose(struct block_walk *walk, const struct line *first,
		       struct block *out)
{
	bool is_only_heading = is_heading(first->text);
	struct line line = *first;
	size_t end = first->next;

	out->kind = BLOCK_PROSE;
	while (line.next < walk->text.len) {
		line_at(walk->text, line.next, &line);
		if (!line.text.len && is_only_heading)
			continue;
		if (!line.text.len || is_rule(line.text) ||
		    is_heading(line.text) || is_structure(walk, &line))
			break;
		is_only_heading = false;
		end = line.next;
	}
	block_end(walk, out, end);
}

bool block_next(struct block_walk *walk, struct block *out)
{
	struct line line;

	while (walk->at < walk->text.len) {
		line_at(walk->text, walk->at, &line);
		if (!line.text.len || is_rule(line.text)) {
			walk->at = line.next;
			continue;
		}
		memset(out, 0, sizeof(*out));
		if (!take_structure(walk, &line, out))
			take_prose(walk, &line, out);
		return true;
	}
	return false;
}
