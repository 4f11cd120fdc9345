#include "cmd/import/agents/zed_internal.h"

#include "cmd/import/records/blocks.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

static struct blocks blocks_in(struct zed_thread *thread, bool is_prompt)
{
	struct blocks blocks = {
		.parts = &thread->flat->parts, .chat = &thread->flat->chat,
		.is_prompt = is_prompt,
	};

	return blocks;
}

/* Put what was made of a message; id: its own one, or absent. */
static int put_made(struct zed_thread *thread, struct span id, const char *role,
	       const char *visibility, struct err *err)
{
	struct chat_message message = {
		.key = id, .role = role, .visibility = visibility,
		.created = CHAT_TIME_NONE,
	};
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (id.len) {
		thread->asked = id;
		thread->behind = 0;
	} else if (thread->asked.len) {
		buf_put_span(&key, thread->asked);
		buf_putf(&key, "+%u", ++thread->behind);
		message.key = buf_span(&key);
	}
	rc = buf_end(&key, err);
	if (rc == 0)
		rc = flat_put(thread->flat, &message, err);
	buf_release(&key);
	return rc;
}

/* --- calls and results ----------------------------------------------------- */

/* Does the text hold just this value? */
static bool is_text_of(const struct jval *text, const struct jval *value)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct buf said = BUF_INIT(BUF_NO_LIMIT);
	struct buf meant = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	bool is_same;

	is_same = jval_is(text, JVAL_STRING) && value &&
		jdoc_parse(jval_text(text), &options, &doc, NULL) == 0 &&
		jdoc_to_jcs(jdoc_root(doc), &said, NULL) == 0 &&
		jdoc_to_jcs(value, &meant, NULL) == 0 &&
		span_equals(buf_span(&said), buf_span(&meant));
	jdoc_free(doc);
	buf_release(&said);
	buf_release(&meant);
	return is_same;
}

static void put_call(struct blocks *blocks, const struct jval *call)
{
	struct take take = take_begin(call);
	struct span id = take_text(&take, "id");
	struct span name = take_text(&take, "name");
	const struct jval *input = take_any(&take, "input");

	if (is_text_of(take_see(&take, "raw_input"), input))
		(void)take_any(&take, "raw_input");
	(void)take_value(&take, "is_input_complete", JVAL_TRUE);
	(void)take_value(&take, "thought_signature", JVAL_NULL);
	blocks_call(blocks, id, name, input, &take);
}

/* A list of them, or an object that has them by their ids. */
static void put_results(struct blocks *blocks, const struct jval *results)
{
	const struct jval *at = jval_first(results);

	for (; at; at = at->next) {
		struct take take = take_begin(at);
		struct span id = take_text(&take, "tool_use_id");
		const struct jval *content = take_any(&take, "content");
		bool is_error = take_flag(&take, "is_error");

		if (!take.object) {
			blocks_put(blocks, at);
			continue;
		}
		(void)take_value(&take, "output", JVAL_NULL);
		blocks_result(blocks, id.at ? id : at->key, content, is_error,
			      &take);
	}
}

static int results(struct zed_thread *thread, const struct jval *results_of,
		   struct err *err)
{
	struct blocks blocks = blocks_in(thread, false);

	if (!jval_first(results_of))
		return 0;
	put_results(&blocks, results_of);
	return put_made(thread, span_of(NULL, 0), "tool", "tool", err);
}

/* --- since version 0.3: a choice that is tagged by its name ---------------- */

static void put_image(struct blocks *blocks, const struct jval *image)
{
	struct take take = take_begin(image);

	blocks->has_file = true;
	part_begin(blocks->parts, "image");
	part_base64(blocks->parts, blocks->chat, "data", &take, "source",
		    span_str("image/png"));
	take_rest_under(&take, "native", &blocks->parts->fields);
	part_end(blocks->parts);
}

static void put_piece(struct blocks *blocks, const struct jval *piece)
{
	const struct jval *said = jval_count(piece) == 1 ? jval_first(piece) :
		NULL;
	struct take take = take_begin(said);
	struct span name = said ? said->key : span_of(NULL, 0);

	if (span_equals(name, span_str("Thinking")) && take.object)
		blocks_thought(blocks, take_text(&take, "text"), &take);
	else if (span_equals(name, span_str("RedactedThinking")))
		part_native(blocks->parts, "thinking", piece);
	else if (span_equals(name, span_str("ToolUse")) && take.object)
		put_call(blocks, said);
	else if (span_equals(name, span_str("Image")) && take.object)
		put_image(blocks, said);
	else if (span_equals(name, span_str("Mention")) && take.object)
		part_rest(blocks->parts, "mention", &take);
	else
		blocks_put_one(blocks, piece);
}

static void put_pieces(struct blocks *blocks, const struct jval *content)
{
	const struct jval *piece = jval_first(content);

	if (!jval_is(content, JVAL_ARRAY))
		blocks_put(blocks, content);
	for (; jval_is(content, JVAL_ARRAY) && piece; piece = piece->next)
		put_piece(blocks, piece);
}

static int tagged(struct zed_thread *thread, const struct jval *said,
		  bool is_person, struct err *err)
{
	struct blocks blocks = blocks_in(thread, is_person);
	struct take take = take_begin(said);
	const struct jval *results_of = take_any(&take, "tool_results");
	struct span id = is_person ? take_text(&take, "id") :
		span_of(NULL, 0);
	int rc;

	put_pieces(&blocks, take_any(&take, "content"));
	(void)take_value(&take, "reasoning_details", JVAL_NULL);
	take_rest(&take, &thread->flat->native);
	rc = put_made(thread, id, is_person ? "user" : "assistant",
		 blocks_visibility(&blocks), err);
	return rc < 0 ? rc : results(thread, results_of, err);
}

/* --- before ---------------------------------------------------------------- */

static const char *role_of(struct take *message)
{
	static const struct take_role words[] = {
		{ "user", "user" }, { "assistant", "assistant" },
		{ "system", "system" }, { NULL, "assistant" }
	};

	return take_role(message, "role", words);
}

static void put_older(struct blocks *blocks, struct take *take)
{
	const struct jval *call = jval_first(take_value(take, "tool_uses",
							JVAL_ARRAY));
	struct span context = take_text(take, "context");

	blocks_text(blocks, take_text(take, "text"));
	put_pieces(blocks, take_value(take, "segments", JVAL_ARRAY));
	for (; call; call = call->next)
		put_call(blocks, call);
	if (context.len) {
		blocks->has_injected = true;
		part_said(blocks->parts, "injected", context, NULL);
	}
	if (!jval_count(take_see(take, "creases")))
		(void)take_value(take, "creases", JVAL_ARRAY);
}

/* First the results stood in what followed, under the person's name. */
static int older(struct zed_thread *thread, const struct jval *message,
		 struct err *err)
{
	struct take take = take_begin(message);
	const char *role = role_of(&take);
	bool is_person = !strcmp(role, "user");
	struct blocks blocks = blocks_in(thread, is_person);
	const struct jval *results_of = take_value(&take, "tool_results",
						   JVAL_ARRAY);
	const struct jval *id = take_see(&take, "id");
	bool is_hidden = take_flag(&take, "is_hidden") ||
		!strcmp(role, "system");
	int rc;

	if (is_person)
		put_results(&blocks, results_of);
	put_older(&blocks, &take);
	take_rest(&take, &thread->flat->native);
	rc = put_made(thread, jval_is(id, JVAL_NUMBER) ? id->raw : jval_text(id),
		 blocks_role(&blocks, role), is_hidden ? "hidden" :
		 blocks_visibility(&blocks), err);
	return rc < 0 || is_person ? rc : results(thread, results_of, err);
}

int zed_message(struct zed_thread *thread, const struct jval *message,
		struct err *err)
{
	const struct jval *said = jval_count(message) == 1 ?
		jval_first(message) : NULL;
	bool is_person = said && span_equals(said->key, span_str("User"));

	if (is_person || (said && span_equals(said->key, span_str("Agent"))))
		return tagged(thread, said, is_person, err);
	if (jval_is(message, JVAL_OBJECT))
		return older(thread, message, err);
	/* That it was to go on, or what later releases say in a word. */
	if (jval_is_text(message, "Resume"))
		part_native(&thread->flat->parts, "resume", message);
	else
		part_other(&thread->flat->parts, message);
	return put_made(thread, span_of(NULL, 0), "user", "meta", err);
}
