#include "cmd/action/recall/lines.h"

int lines_pattern(const struct action_call *call, struct pattern **out,
		  struct err *err)
{
	const char *text = action_text(call, "pattern");
	unsigned flags = 0;

	if (action_flag(call, "-E") && action_flag(call, "-F"))
		return err_set(err, ERR_INVALID, "either -E or -F");
	if (!action_flag(call, "-E"))
		flags |= PATTERN_LITERAL;
	if (action_flag(call, "-i"))
		flags |= PATTERN_NO_CASE;
	if (action_flag(call, "-w"))
		flags |= PATTERN_WORDS;
	return pattern_new(span_str(text), flags, out, err);
}

/* The lines of a text, one after the other. */
struct lines {
	struct span text;
	struct span rest;
	struct span line;
	uint64_t number;
};

static bool next_line(struct lines *lines)
{
	if (lines->number && !lines->rest.len)
		return false;
	lines->line = span_take_line(&lines->rest);
	if (span_ends(lines->line, "\r"))
		lines->line.len--;
	lines->number++;
	return true;
}

static int is_hit(struct pattern *pattern, struct span line, bool *out,
		  struct err *err)
{
	struct pattern_match match;
	size_t from = 0;
	int rc = pattern_find(pattern, line, &from, &match, err);

	*out = rc == 0 && match.is_found;
	return rc;
}

int lines_hold(struct pattern *pattern, struct span text, bool *out,
	       struct err *err)
{
	struct lines lines = { .text = text, .rest = text };
	int rc = 0;

	*out = false;
	while (rc == 0 && !*out && next_line(&lines))
		rc = is_hit(pattern, lines.line, out, err);
	return rc;
}

int lines_count(struct pattern *pattern, struct span text, uint64_t *out,
		struct err *err)
{
	struct lines lines = { .text = text, .rest = text };
	bool is_one;
	int rc = 0;

	while (rc == 0 && next_line(&lines)) {
		rc = is_hit(pattern, lines.line, &is_one, err);
		*out += rc == 0 && is_one;
	}
	return rc;
}

/* What is told of the lines that are found. */
struct excerpt {
	struct buf snippet;
	struct buf marks;
	struct buf matches;
	struct buf numbers;
};

static void put_pair(struct buf *out, size_t at,
		     const struct pattern_match *match)
{
	buf_putf(out, "%s[%zu,%zu]", out->len > 1 ? "," : "",
		 at + match->start, at + match->end);
}

static int put_line(struct excerpt *excerpt, struct pattern *pattern,
		    const struct lines *lines, struct err *err)
{
	size_t in_text = (size_t)(lines->line.at - lines->text.at);
	size_t in_snippet = excerpt->snippet.len + (excerpt->numbers.len > 1);
	struct pattern_match match = { .is_found = true };
	bool is_any = false;
	size_t from = 0;
	int rc = 0;

	while (rc == 0 && match.is_found) {
		rc = pattern_find(pattern, lines->line, &from, &match, err);
		if (rc < 0 || !match.is_found)
			break;
		is_any = true;
		if (match.start == match.end)
			continue;
		put_pair(&excerpt->marks, in_snippet, &match);
		put_pair(&excerpt->matches, in_text, &match);
	}
	if (!is_any)
		return rc;
	buf_put_str(&excerpt->snippet, excerpt->numbers.len > 1 ? "\n" : "");
	buf_put_span(&excerpt->snippet, lines->line);
	buf_putf(&excerpt->numbers, "%s%llu", excerpt->numbers.len > 1 ?
		 "," : "", (unsigned long long)lines->number);
	return rc;
}

int lines_put(struct pattern *pattern, struct span text,
	      struct jcs_fields *fields, struct err *err)
{
	struct lines lines = { .text = text, .rest = text };
	struct excerpt excerpt = {
		BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT),
		BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT)
	};
	struct buf *const lists[] = { &excerpt.marks, &excerpt.matches,
				      &excerpt.numbers };
	static const char *const names[] = { "marks", "matches", "lines" };
	size_t i;
	int rc = 0;

	for (i = 0; i < 3; i++)
		buf_put_char(lists[i], '[');
	while (rc == 0 && next_line(&lines))
		rc = put_line(&excerpt, pattern, &lines, err);
	fields_text(fields, "snippet", buf_span(&excerpt.snippet));
	for (i = 0; i < 3; i++) {
		buf_put_char(lists[i], ']');
		fields_buf(fields, names[i], lists[i]);
		buf_release(lists[i]);
	}
	if (rc == 0)
		rc = buf_end(&excerpt.snippet, err);
	buf_release(&excerpt.snippet);
	return rc;
}
