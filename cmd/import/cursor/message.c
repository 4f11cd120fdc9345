#include "cmd/import/cursor/cursor_internal.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

/*
 * Messages as the agent for the terminal and the transcripts have them:
 * {"role","content"}. What a person typed stands in <user_query> there, and
 * all around it is the program's.
 */
#define QUERY "<user_query>"
#define QUERY_END "</user_query>"

static void put_around(struct blocks *blocks, struct span text)
{
	if (!span_trim(text, " \n").len)
		return;
	blocks->has_injected = true;
	part_said(blocks->parts, "injected", text, NULL);
}

/* Up to the last end: what is typed may speak of the tag itself. */
static bool put_query(struct blocks *blocks, struct span text)
{
	size_t from = text.at ? span_find(text, QUERY, 0) : SPAN_NOWHERE;
	size_t end = SPAN_NOWHERE;
	size_t at = from;

	if (from == SPAN_NOWHERE)
		return false;
	while ((at = span_find(text, QUERY_END, at)) != SPAN_NOWHERE)
		end = at++;
	if (end == SPAN_NOWHERE)
		return false;
	put_around(blocks, span_of(text.at, from));
	from += strlen(QUERY);
	/* Tags in what was typed are the person's own. */
	blocks->is_prompt = false;
	blocks_text(blocks, span_trim(span_of(text.at + from, end - from), " \n"));
	blocks->is_prompt = true;
	end += strlen(QUERY_END);
	put_around(blocks, span_of(text.at + end, text.len - end));
	return true;
}

static bool has_query(struct span text)
{
	return text.at && span_has(text, QUERY) && span_has(text, QUERY_END);
}

/* Is it the text of one block, and nothing else? */
static bool is_plain(const struct jval *block)
{
	bool is_typed = jval_is_text(jval_get(block, "type"), "text");

	return jval_get_text(block, "text").at &&
	       jval_count(block) == 1u + is_typed;
}

/* Where one of the blocks has what was typed, the other texts have not. */
static void put_prompt(struct blocks *blocks, const struct jval *list)
{
	const struct jval *block = jval_first(list);
	bool is_asked = false;

	for (; block; block = block->next)
		is_asked |= is_plain(block) &&
			    has_query(jval_get_text(block, "text"));
	for (block = jval_first(list); block; block = block->next) {
		struct span text = jval_get_text(block, "text");

		if (!is_asked || !is_plain(block))
			blocks_put_one(blocks, block);
		else if (!put_query(blocks, text))
			put_around(blocks, text);
	}
}

void cursor_put_content(struct blocks *blocks, const struct jval *content)
{
	if (blocks->is_prompt && jval_is(content, JVAL_ARRAY))
		put_prompt(blocks, content);
	else if (!blocks->is_prompt ||
		 !put_query(blocks, jval_text(content)))
		blocks_put(blocks, content);
}

static const struct take_role roles[] = {
	{ "user", "user" }, { "assistant", "assistant" },
	{ "system", "system" }, { "tool", "tool" },
	{ "developer", "developer" }, { NULL, "system" }
};

int cursor_put_message(struct cursor_run *run, struct take *take,
		       const struct jval *content, struct err *err)
{
	struct blocks blocks = { .parts = &run->parts, .chat = &run->chat };
	struct chat_message message = {
		.role = take_role(take, "role", roles),
		.created = take_time_as(take, "createdAt", cursor_time),
	};

	blocks.is_prompt = !strcmp(message.role, "user");
	parts_reset(&run->parts);
	if (content)
		cursor_put_content(&blocks, content);
	else
		prose_put(take->object, &run->parts.content);
	message.role = blocks_role(&blocks, message.role);
	message.visibility = !strcmp(message.role, "system") ?
		(content ? "hidden" : "meta") : blocks_visibility(&blocks);
	jcs_fields_reset(&run->fields);
	take_rest(take, &run->fields);
	buf_reset(&run->native);
	fields_put(&run->fields, &run->native);
	return cursor_put(run, &message, err);
}
