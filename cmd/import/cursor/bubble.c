#include "cmd/import/cursor/cursor_internal.h"

#include "cmd/import/cursor/prompts.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

#define SAME_CODE_MAX ((size_t)64 << 10)	/* bytes that are looked for */

enum speaker { SPEAKER_UNKNOWN, SPEAKER_USER, SPEAKER_MODEL };

/* 1 and 2; the first panel said "user" and "ai". */
static enum speaker speaker_of(const struct jval *type)
{
	long long number = 0;

	if (jval_is_text(type, "user"))
		return SPEAKER_USER;
	if (jval_is_text(type, "ai") || jval_is_text(type, "assistant"))
		return SPEAKER_MODEL;
	if (!jval_integer(type, &number))
		return SPEAKER_UNKNOWN;
	return number == 1 ? SPEAKER_USER : number == 2 ? SPEAKER_MODEL :
		SPEAKER_UNKNOWN;
}

/* The list of the chat knows it too; what nobody says is no person. */
static enum speaker take_speaker(struct take *take, const struct jval *entry)
{
	const struct jval *type = take_see(take, "type");
	enum speaker speaker = speaker_of(type);

	if (speaker == SPEAKER_UNKNOWN)
		return speaker_of(jval_get(entry, "type"));
	take_done(take, type);
	return speaker;
}

/*
 * Before October 2025 a bubble had no time, but that of its request, where it
 * is one of the clock: some versions counted from the start of the program.
 */
static struct chat_time take_created(struct take *take)
{
	struct chat_time time = take_time_as(take, "createdAt", cursor_time);
	struct chat_time sent;

	if (time.micros != CHAT_TIME_UNKNOWN || time.flags)
		return time;
	sent = chat_time_of_ms(jval_at(take->object,
				       "timingInfo.clientRpcSendTime"));
	return sent.micros != CHAT_TIME_UNKNOWN ? sent : time;
}

/* --- words ----------------------------------------------------------------- */

/* What was typed: as plain text, else as the document of the input. */
static void put_words(struct blocks *blocks, struct take *take)
{
	struct span text = take_text(take, "text");
	struct buf words = BUF_INIT(BUF_NO_LIMIT);

	if (!text.len)
		text = take_text(take, "rawText");
	if (!text.len) {
		cursor_rich_text(take_see(take, "richText"), &words);
		if (!words.len)
			cursor_rich_text(take_see(take, "initText"), &words);
		text = buf_span(&words);
	}
	blocks_text(blocks, text);
	fields_fail(&blocks->parts->fields, words.failed, NULL);
	buf_release(&words);
}

static bool stands_in(const struct buf *content, struct span code)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	bool is_there;

	if (!code.len || code.len > SAME_CODE_MAX)
		return true;
	buf_put_span(&text, code);
	is_there = text.failed || !text.data[0] ||
		   span_has(buf_span(content), buf_text(&text));
	buf_release(&text);
	return is_there;
}

/* Code that the words do not hold already; it stays where it was, too. */
static void put_code(struct blocks *blocks, const struct jval *list)
{
	const struct jval *block = jval_is(list, JVAL_ARRAY) ?
		jval_first(list) : NULL;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span code;

	for (; block; block = block->next) {
		code = jval_get_text(block, "content");
		if (stands_in(&blocks->parts->content, code))
			continue;
		buf_reset(&text);
		buf_put_str(&text, "```");
		buf_put_span(&text, jval_get_text(block, "languageId"));
		buf_put_char(&text, '\n');
		buf_put_span(&text, code);
		buf_put_str(&text, "\n```");
		blocks_text(blocks, buf_span(&text));
		fields_fail(&blocks->parts->fields, text.failed, NULL);
	}
	buf_release(&text);
}

static void put_thought(struct blocks *blocks, struct take *take)
{
	struct take thought = take_inner(take, "thinking");
	struct span text = thought.object ? take_text(&thought, "text") :
		take_text(take, "thinking");
	const struct jval *block;

	if (thought.object) {
		(void)take_word(&thought, "signature", "");
		if (text.len || take_left(&thought, NULL))
			blocks_thought(blocks, text, &thought);
		return;
	}
	if (text.len)
		blocks_thought(blocks, text, NULL);
	block = jval_first(text.len ? NULL :
			   take_value(take, "allThinkingBlocks", JVAL_ARRAY));
	for (; block; block = block->next) {
		thought = take_begin(block);
		text = take_text(&thought, "text");
		if (!text.len)
			text = take_text(&thought, "thinking");
		blocks_thought(blocks, text, &thought);
	}
}

/* Why there is no answer: shown, and kept as it is. */
static void put_error(struct blocks *blocks, const struct jval *error)
{
	struct parts *parts = blocks->parts;
	struct buf words = BUF_INIT(BUF_NO_LIMIT);

	prose_put(error, &words);
	if (words.len) {
		blocks->has_text = true;
		part_begin(parts, "error");
		part_place(&parts->content, buf_span(&words),
			   &parts->fields);
		part_end(parts);
	}
	fields_fail(&blocks->parts->fields, words.failed, NULL);
	buf_release(&words);
}

/* --- a bubble -------------------------------------------------------------- */

static bool is_empty(const struct blocks *blocks)
{
	return !blocks->parts->count && !blocks->parts->content.len;
}

static void put_pieces(struct blocks *blocks, struct take *take,
		       enum speaker speaker)
{
	if (speaker == SPEAKER_USER)
		cursor_attached(blocks->parts, take);
	put_thought(blocks, take);
	put_words(blocks, take);
	put_code(blocks, take_see(take, "codeBlocks"));
	cursor_call(blocks, take_see(take, "toolFormerData"));
	if (jval_is(take_see(take, "toolFormerData"), JVAL_OBJECT))
		(void)take_any(take, "toolFormerData");
	put_error(blocks, take_see(take, "errorDetails"));
}

/* What the list says beside the key and who speaks. */
static void put_entry(const struct cursor_bubble *bubble,
		      struct jcs_fields *fields)
{
	struct take entry = take_begin(bubble->entry);

	if (bubble->entry == bubble->value)
		return;
	(void)take_same(&entry, "bubbleId", bubble->key);
	if (speaker_of(take_see(&entry, "type")) ==
	    speaker_of(jval_get(bubble->value, "type")))
		(void)take_any(&entry, "type");
	take_rest_under(&entry, "header", fields);
}

int cursor_put_bubble(struct cursor_run *run,
		      const struct cursor_bubble *bubble, struct err *err)
{
	struct take take = take_begin(bubble->value);
	struct blocks blocks = { .parts = &run->parts, .chat = &run->chat };
	enum speaker speaker = take_speaker(&take, bubble->entry);
	const struct jval *call = take_see(&take, "toolFormerData");
	struct chat_message message = {
		.role = speaker == SPEAKER_USER ? "user" : "assistant",
		.created = take_created(&take),
		.model = jval_text(jval_at(bubble->value,
					   "modelInfo.modelName")),
	};
	int rc;

	parts_reset(&run->parts);
	(void)take_same(&take, "bubbleId", bubble->key);
	put_pieces(&blocks, &take, speaker);
	message.visibility = is_empty(&blocks) ? "meta" :
		blocks_visibility(&blocks);
	cursor_take_hollow(&take);
	jcs_fields_reset(&run->fields);
	take_rest(&take, &run->fields);
	put_entry(bubble, &run->fields);
	buf_reset(&run->native);
	fields_put(&run->fields, &run->native);
	buf_reset(&run->key);
	buf_put_span(&run->key, bubble->key);
	rc = cursor_put(run, &message, err);
	if (rc == 0 && speaker == SPEAKER_USER)
		rc = cursor_said(run, buf_span(&run->parts.content), err);
	return rc < 0 ? rc : cursor_put_result(run, bubble, call,
					       &message.created, err);
}
