#include "cmd/import/kimi/kimi_internal.h"

static void put_members(const struct jval *content, const char *type,
			const char *member, struct buf *out)
{
	const struct jval *part = jval_first(content);

	for (; jval_is(content, JVAL_ARRAY) && part; part = part->next) {
		if (jval_is_text(jval_get(part, "type"), type))
			buf_put_span(out, jval_get_text(part, member));
	}
}

void kimi_put_texts(const struct jval *content, struct buf *out)
{
	if (jval_is(content, JVAL_STRING))
		buf_put_span(out, jval_text(content));
	put_members(content, "text", "text", out);
}

void kimi_put_thoughts(const struct jval *content, struct buf *out)
{
	put_members(content, "think", "think", out);
}

bool kimi_is_injected(struct span text)
{
	return (span_begins(text, "<system>") &&
		span_ends(text, "</system>")) ||
	       span_begins(text, "<notification");
}

static void say_text(struct blocks *blocks, struct span text)
{
	if (!kimi_is_injected(text)) {
		blocks_text(blocks, text);
		return;
	}
	blocks->has_injected = true;
	part_said(blocks->parts, "injected", text, NULL);
}

void kimi_say_prompt(struct blocks *blocks, const struct jval *content)
{
	const struct jval *part = jval_first(content);

	if (jval_is(content, JVAL_STRING)) {
		say_text(blocks, jval_text(content));
		return;
	}
	if (!jval_is(content, JVAL_ARRAY)) {
		blocks_put(blocks, content);
		return;
	}
	for (; part; part = part->next) {
		if (kimi_is_injected(jval_get_text(part, "text")) &&
		    jval_is_text(jval_get(part, "type"), "text") &&
		    jval_count(part) == 2)
			say_text(blocks, jval_get_text(part, "text"));
		else
			blocks_put_one(blocks, part);
	}
}
