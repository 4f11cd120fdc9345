#include "cmd/import/parse/markdown/links.h"

#include "cmd/import/parse/markdown/fence.h"

#define TARGET_MAX 1024		/* a longer one is no name */
#define LINK_LOOK 4096		/* so far is looked for the end of a link */

static struct span trim_link(struct span text)
{
	while (text.len && (*text.at == ' ' || *text.at == '\t'))
		text = span_of(text.at + 1, text.len - 1);
	while (text.len && (text.at[text.len - 1] == ' ' ||
			    text.at[text.len - 1] == '\t'))
		text.len--;
	return text;
}

/* The part before any of these characters. */
static struct span before_any(struct span text, const char *ends)
{
	size_t i;

	for (i = 0; i < text.len && !(text.at[i] && strchr(ends, text.at[i]));
	     i++)
		;
	return span_of(text.at, i);
}

/* "https:", "mailto:", "obsidian:", and "//host". */
static bool has_scheme(struct span target)
{
	size_t i;

	if (span_begins(target, "//") || span_begins(target, "\\\\"))
		return true;
	for (i = 0; i < target.len; i++) {
		if (target.at[i] == ':')
			return i > 0;
		if (!((target.at[i] | 32) >= 'a' && (target.at[i] | 32) <= 'z') &&
		    !(i && strchr("+-.0123456789", target.at[i])))
			return false;
	}
	return false;
}

static int give_link(const struct markdown_link_visitor *visitor,
		     struct span target, bool is_wiki, bool is_embedded)
{
	const struct markdown_link link = {
		.target = trim_link(target), .is_wiki = is_wiki,
		.is_embedded = is_embedded,
	};

	if (!link.target.len || link.target.len > TARGET_MAX ||
	    (!is_wiki && has_scheme(link.target)))
		return 0;
	return visitor->link(visitor->arg, &link);
}

/* [[name#heading|shown]]: how long it is; 0: it is none. */
static size_t take_wiki(struct span text, bool is_embedded,
			const struct markdown_link_visitor *visitor, int *rc)
{
	size_t end = span_find(text, "]]", 2);
	struct span inner;

	if (!span_begins(text, "[[") || end == SPAN_NOWHERE)
		return 0;
	inner = span_of(text.at + 2, end - 2);
	if (before_any(inner, "[").len < inner.len)
		return 0;
	/* In a table the mark before the shown text is escaped. */
	inner = before_any(inner, "|#^");
	if (span_ends(inner, "\\"))
		inner.len--;
	*rc = give_link(visitor, inner, true, is_embedded);
	return end + 2;
}

/* "](target "title")", where "]" stands. */
static size_t take_path(struct span text, bool is_embedded,
			const struct markdown_link_visitor *visitor, int *rc)
{
	struct span target;
	size_t depth = 0;
	size_t i;

	if (!span_begins(text, "]("))
		return 0;
	for (i = 2; i < text.len; i++) {
		if (text.at[i] == '(')
			depth++;
		else if (text.at[i] == ')' && !depth--)
			break;
	}
	if (i == text.len)
		return 0;
	target = trim_link(span_of(text.at + 2, i - 2));
	if (span_begins(target, "<"))
		target = before_any(span_of(target.at + 1, target.len - 1),
				    ">");
	else
		target = before_any(target, " \t");
	*rc = give_link(visitor, before_any(target, "#?"), false,
			is_embedded);
	return i + 1;
}

/* `code`: how long it is, with its backticks; 0: none. */
static size_t code_len(struct span text)
{
	size_t ticks = 0;
	size_t run = 0;
	size_t i;

	while (ticks < text.len && text.at[ticks] == '`')
		ticks++;
	for (i = ticks; ticks && i <= text.len; i++) {
		if (i < text.len && text.at[i] == '`') {
			run++;
			continue;
		}
		if (run == ticks)
			return i;
		run = 0;
	}
	return ticks;
}

/* In a line each bracket is looked at once. */
static int each_in_line(struct span line,
			const struct markdown_link_visitor *visitor)
{
	bool is_embedded = false;	/* of the bracket that is open */
	struct span rest;
	size_t len;
	size_t i = 0;
	int rc = 0;

	while (rc == 0 && i < line.len) {
		rest = span_of(line.at + i, line.len - i);
		len = 0;
		if (*rest.at == '`')
			len = code_len(rest);
		if (rest.len > LINK_LOOK)
			rest.len = LINK_LOOK;
		if (*rest.at == '\\')
			len = 2;
		else if (*rest.at == '[') {
			is_embedded = i && line.at[i - 1] == '!';
			len = take_wiki(rest, is_embedded, visitor, &rc);
		} else if (*rest.at == ']') {
			len = take_path(rest, is_embedded, visitor, &rc);
			is_embedded = false;
		}
		i += len ? len : 1;
	}
	return rc;
}

int markdown_links_each(struct span text,
			const struct markdown_link_visitor *visitor)
{
	struct fence open = { 0, 0, false };
	struct fence fence;
	struct span line;
	int rc = 0;

	while (rc == 0 && text.len) {
		line = span_take_line(&text);
		fence = fence_of(line);
		if (open.mark) {
			if (fence_closes(&fence, &open))
				open.mark = 0;
		} else if (fence.mark) {
			open = fence;
		} else {
			rc = each_in_line(line, visitor);
		}
	}
	return rc;
}
