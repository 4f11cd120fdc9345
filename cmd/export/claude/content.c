#include "cmd/export/claude/claude.h"

/* What an attachment has of the content, or blocks of other types have;
 * absent where they have none. */
static struct span attached_text(const struct jval *part,
				 struct span content)
{
	const struct jval *type = jval_get(part, "type");
	long long start;
	long long end;

	if ((!jval_is_text(type, "attachment") &&
	     !jval_is_text(type, "words")) ||
	    !jval_integer(jval_get(part, "start"), &start) ||
	    !jval_integer(jval_get(part, "end"), &end) || start < 0 ||
	    end < start || (size_t)end > content.len)
		return span_of(NULL, 0);
	return span_of(content.at + start, (size_t)(end - start));
}

struct span export_claude_said(const struct jval *state)
{
	const struct jval *part = jval_first(jval_get(state, "parts"));
	struct span content = jval_get_text(state, "content");
	struct span attached;

	for (; part; part = part->next) {
		attached = attached_text(part, content);
		if (!attached.at)
			continue;
		content.len = (size_t)(attached.at - content.at);
		/* With an empty line before it, where it is not alone. */
		if (span_ends(content, "\n\n"))
			content.len -= 2;
		return content;
	}
	return content;
}

static void add_block(struct buf *out, const struct jval *layout,
		      struct span text)
{
	static const char *const none[] = { "type", "text", NULL };
	struct export_members block = { .out = out };

	export_member_text(&block, "type", span_str("text"));
	export_member_text(&block, "text", text);
	export_member_rest(&block, jval_get(layout, "rest"), none);
	export_members_end(&block);
}

/* A block that was wrapped to tell it from parts of our own. */
static const struct jval *block_of(const struct jval *part)
{
	const struct jval *type = jval_get(part, "type");

	if (jval_is_text(type, "attachment") || jval_is_text(type, "file") ||
	    jval_is_text(type, "words"))
		return NULL;
	if (jval_is_text(type, "block"))
		return jval_get(part, "block");
	return part;
}

/* Blocks of text at their places, the others between them in their order. */
static void add_content(struct buf *out, const struct jval *state)
{
	const struct jval *layout = jval_first(jval_at(state, "native.blocks"));
	const struct jval *part = jval_first(jval_get(state, "parts"));
	struct span left = export_claude_said(state);
	long long at = -1;
	long long bytes = 0;
	size_t skip;
	long long n;

	for (n = 0;; n++) {
		while (part && !block_of(part))
			part = part->next;
		if (layout && !jval_integer(jval_get(layout, "at"), &at))
			at = n;
		if (!part && !layout)
			break;
		buf_put_str(out, n ? "," : "");
		if (part && !(layout && at <= n)) {
			buf_put_span(out, block_of(part)->raw);
			part = part->next;
			continue;
		}
		if (!jval_integer(jval_get(layout, "bytes"), &bytes) ||
		    bytes < 0 || (size_t)bytes > left.len)
			bytes = (long long)left.len;
		add_block(out, layout, span_of(left.at, (size_t)bytes));
		/* Blocks stand in the text with an empty line between. */
		skip = (size_t)bytes + 2 < left.len ? (size_t)bytes + 2 :
		       left.len;
		left = span_of(left.at + skip, left.len - skip);
		layout = layout->next;
	}
}

static void add_attachment(struct buf *out, const struct jval *item,
			   struct span text)
{
	static const char *const none[] = { NULL };
	struct export_members members = { .out = out };

	export_member_rest(&members, item, none);
	if (text.at)
		export_member_text(&members, "extracted_content", text);
	export_members_end(&members);
}

/* Attachments or files: the parts of that type. */
static void add_items(struct buf *out, const struct jval *state,
		      const char *type)
{
	bool has_rest = !strcmp(type, "attachment");
	const struct jval *part = jval_first(jval_get(state, "parts"));
	const struct jval *item;
	const char *between = "";

	for (; part; part = part->next) {
		if (!jval_is_text(jval_get(part, "type"), type))
			continue;
		buf_put_str(out, between);
		between = ",";
		item = jval_get(part, type);
		if (has_rest && jval_is(item, JVAL_OBJECT))
			add_attachment(out, item, attached_text(part,
				jval_get_text(state, "content")));
		else if (item)
			buf_put_span(out, item->raw);
	}
}

/* type: of the parts that the list is; NULL: content. */
static void add_list(struct export_members *members, const struct jval *state,
		     const struct jval *native, const char *name,
		     const char *type)
{
	const struct jval *own = jval_get(native, name);

	if (export_is_absent(jval_get(native, "absent"), name))
		return;
	if (own) {
		export_member_raw(members, name, own);
		return;
	}
	export_member(members, name);
	buf_put_char(members->out, '[');
	if (type)
		add_items(members->out, state, type);
	else
		add_content(members->out, state);
	buf_put_char(members->out, ']');
}

void export_claude_lists(struct export_members *members,
			 const struct jval *state, const struct jval *native)
{
	add_list(members, state, native, "content", NULL);
	add_list(members, state, native, "attachments", "attachment");
	add_list(members, state, native, "files", "file");
}
