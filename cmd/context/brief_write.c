#include "cmd/context/brief_internal.h"

#include "cmd/context/tokens.h"

struct span brief_shown(const struct brief_item *item)
{
	return span_of(item->text.at +
		       (item->keeps_end ? item->text.len - item->shown : 0),
		       item->shown);
}

void brief_put_item(struct buf *out, const struct brief_item *item)
{
	struct span text = brief_shown(item);
	size_t more = item->text.len - item->shown;
	bool is_line = !text.len || !memchr(text.at, '\n', text.len);

	buf_put_str(out, "-");
	if (item->ref.len) {
		buf_put_str(out, " [");
		fence_put_line(out, item->ref);
		buf_put_char(out, ']');
	}
	if (item->head.len) {
		buf_put_char(out, ' ');
		fence_put_line(out, item->head);
		buf_put_str(out, item->text.len ? ":" : "");
	}
	if (more && item->keeps_end)
		buf_putf(out, " [%zu bytes before ...]", more);
	if (is_line) {
		buf_put_str(out, text.len ? " " : "");
		fence_put_line(out, text);
	} else {
		buf_put_char(out, '\n');
		fence_put(out, text, "  > ");
	}
	if (more && !item->keeps_end)
		buf_putf(out, "%s[... %zu bytes more]", is_line ? " " : "  ",
			 more);
	if (is_line || (more && !item->keeps_end))
		buf_put_char(out, '\n');
}

static void put_section(const struct brief *brief,
			const struct brief_section *section, struct buf *out)
{
	bool is_tag = brief->style == BRIEF_TAGS;
	size_t i;

	if (is_tag)
		buf_putf(out, "<%s>\n", section->name);
	else
		buf_putf(out, "\n## %s\n\n", section->title);
	for (i = 0; i < section->items.n; i++) {
		if (section->items.at[i].is_in)
			brief_put_item(out, &section->items.at[i]);
	}
	if (is_tag)
		buf_putf(out, "</%s>\n", section->name);
}

/* Names of sessions stand in it, which are anybody's. */
static void put_command(struct span command, const char *behind,
			struct buf *out)
{
	buf_put_char(out, '`');
	fence_put_line(out, command);
	buf_putf(out, "`%s", behind);
}

static void put_way(const struct brief *brief, struct buf *out)
{
	buf_put_str(out, ". A larger --budget takes more in; ");
	if (brief->more.len)
		put_command(brief->more, " tells all.\n", out);
	else
		buf_put_str(out, "the commands tell all.\n");
}

/* What is not here, and how to have it. */
static void put_left_out(const struct brief *brief, bool is_frame,
			 struct buf *out)
{
	const struct brief_section *section;
	size_t begin = out->len;
	size_t n;
	size_t i;

	for (i = 0; i < brief->n; i++) {
		section = &brief->sections[i];
		n = brief_left_out(section);
		if (!n && !section->same && !(is_frame && section->items.n))
			continue;
		buf_putf(out, "%s%s", out->len > begin ? "; " : "Left out: ",
			 section->things);
		if (n || is_frame)
			buf_putf(out, " %zu of %zu", n,
				 section->items.n + section->beyond);
		if (section->same)
			buf_putf(out, "%s %zu repeat%s",
				 n || is_frame ? " and" : "", section->same,
				 section->same == 1 ? "" : "s");
		buf_put_str(out, section->more.len ? " (" : "");
		if (section->more.len)
			put_command(section->more, ")", out);
	}
	if (out->len > begin)
		put_way(brief, out);
}

static void put_head(const struct brief *brief, struct buf *out)
{
	if (brief->style == BRIEF_TAGS) {
		buf_put_str(out, "<vault-context>\n");
		fence_put_line(out, brief->title);
		buf_put_char(out, '\n');
		buf_put_span(out, buf_span(&brief->about));
		return;
	}
	if (brief->style == BRIEF_RULE) {
		buf_put_str(out, "---\ndescription: ");
		jcs_put_string(out, brief->title);
		buf_put_str(out, "\nalwaysApply: true\n---\n");
	}
	buf_put_str(out, "# ");
	fence_put_line(out, brief->title);
	buf_put_str(out, "\n\n");
	buf_put_span(out, buf_span(&brief->about));
	buf_put_char(out, '\n');
}

/* No word is more tokens. */
#define FENCE_LONGEST (struct fence){ "a1a1a1a1a1" }

/* is_frame: all that is ours, as long as it can be. */
static void put_page(const struct brief *brief, bool is_frame, struct buf *out)
{
	bool is_tag = brief->style == BRIEF_TAGS;
	struct buf inside = BUF_INIT(BUF_NO_LIMIT);
	struct fence fence;
	size_t i;

	for (i = 0; i < brief->n; i++) {
		if (brief->sections[i].in ||
		    (is_frame && brief->sections[i].items.n))
			put_section(brief, &brief->sections[i], &inside);
	}
	buf_fail(out, inside.failed);
	put_head(brief, out);
	if (inside.len) {
		/* The version stands in the head: who wrote a text cannot have
		 * known what would stand around it. */
		buf_put_span(&inside, buf_span(&brief->about));
		if (is_frame)
			fence = FENCE_LONGEST;
		else
			fence_follow(&fence, buf_span(&inside));
		buf_cut(&inside, inside.len - brief->about.len);
		fence_open(out, &fence, is_tag);
		buf_put_span(out, buf_span(&inside));
		fence_close(out, &fence, is_tag);
		buf_put_str(out, is_tag ? "" : "\n");
		buf_put_str(out, FENCE_SAYS "\n");
	}
	buf_release(&inside);
	put_left_out(brief, is_frame, out);
	buf_put_str(out, is_tag ? "</vault-context>\n" : "");
}

int brief_frame(struct brief *brief, size_t *out_tokens, struct err *err)
{
	struct buf frame = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	put_page(brief, true, &frame);
	rc = buf_end(&frame, err);
	if (rc == 0)
		*out_tokens = tokens_of(buf_span(&frame));
	buf_release(&frame);
	return rc;
}

int brief_write(struct brief *brief, struct buf *out, struct err *err)
{
	size_t begin = out->len;
	int rc;

	put_page(brief, false, out);
	rc = buf_end(out, err);
	if (rc == 0)
		brief->tokens = tokens_of(span_of(out->data + begin,
						 out->len - begin));
	return rc;
}
