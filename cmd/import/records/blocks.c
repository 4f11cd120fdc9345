#include "cmd/import/records/blocks.h"

#include "cmd/import/records/injected.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/records/thought.h"

/* --- words ----------------------------------------------------------------- */

/* A text of its own, a blank line behind what stands before it. */
static void place(struct blocks *blocks, const char *type, struct span text,
		  const struct take *rest)
{
	struct parts *parts = blocks->parts;

	part_begin(parts, type);
	part_place(&parts->content, text, &parts->fields);
	if (rest)
		take_rest_under(rest, "native", &parts->fields);
	part_end(parts);
}

static void put_words(struct blocks *blocks, struct span text,
		      const struct take *rest)
{
	struct parts *parts = blocks->parts;
	bool has_rest = rest && take_left(rest, NULL);

	if (!text.len && !has_rest)
		return;
	blocks->has_text |= text.len > 0;
	if (!parts->count && !parts->content.len && !has_rest)
		part_text(parts, text);
	else
		place(blocks, "text", text, has_rest ? rest : NULL);
}

static void put_pieces(struct blocks *blocks, const struct injected *pieces,
		       const struct take *rest)
{
	const struct injected_piece *piece;
	size_t i;

	for (i = 0; i < pieces->n; i++) {
		piece = &pieces->at[i];
		if (injected_is_said(piece)) {
			put_words(blocks, piece->inner, i ? NULL : rest);
			continue;
		}
		blocks->has_injected = true;
		part_said(blocks->parts, "injected", piece->text,
			  i ? NULL : rest);
	}
}

static void blocks_text_of(struct blocks *blocks, struct span text,
		     const struct take *rest)
{
	struct injected pieces = INJECTED_INIT;
	struct span thought;
	int rc;

	while (blocks->is_answer && thought_split(text, &thought, &text)) {
		if (thought.len)
			blocks_thought(blocks, thought, NULL);
	}
	if (!blocks->is_prompt) {
		put_words(blocks, text, rest);
		return;
	}
	rc = injected_split(text, &pieces, NULL);
	fields_fail(&blocks->parts->fields, rc, NULL);
	if (pieces.n > 1 || (pieces.n && pieces.at[0].kind != INJECTED_NOT))
		put_pieces(blocks, &pieces, rest);
	else
		put_words(blocks, text, rest);
	injected_release(&pieces);
}

void blocks_text(struct blocks *blocks, struct span text)
{
	blocks_text_of(blocks, text, NULL);
}

void blocks_thought(struct blocks *blocks, struct span text,
		    const struct take *rest)
{
	blocks->has_thought = true;
	part_said(blocks->parts, "thinking", text, rest);
}

/* --- calls and what they gave back ----------------------------------------- */

/* Arguments that stand as a text: the value in it, or the text. */
static void put_input(struct jcs_fields *fields, const struct jval *input)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct err why = ERR_INIT;
	struct jdoc *doc = NULL;
	int rc = jval_is(input, JVAL_STRING) ?
		jdoc_parse(jval_text(input), &options, &doc, &why) :
		ERR_INVALID;

	fields_value(fields, "input", rc == 0 ? jdoc_root(doc) : input);
	if (rc == ERR_NOMEM)
		fields_fail(fields, rc, &why);
	jdoc_free(doc);
}

void blocks_call(struct blocks *blocks, struct span id, struct span name,
		 const struct jval *input, const struct take *rest)
{
	struct jcs_fields *fields = &blocks->parts->fields;

	blocks->has_call = true;
	part_begin(blocks->parts, "tool_use");
	fields_said(fields, "id", id);
	fields_said(fields, "name", name);
	put_input(fields, input);
	if (rest)
		take_rest_under(rest, "native", fields);
	part_end(blocks->parts);
}

/* {"Text":..}, as programs in Rust write a choice that is tagged by its name,
 * is one as well. */
static struct span variant_text(const struct jval *block)
{
	return jval_count(block) == 1 ? jval_get_text(block, "Text") :
		span_of(NULL, 0);
}

static bool is_text_block(const struct jval *block)
{
	const struct jval *type = jval_get(block, "type");

	return variant_text(block).at ||
	       (jval_is(jval_get(block, "text"), JVAL_STRING) &&
		(!type || jval_is_text(type, "text") ||
		 jval_is_text(type, "input_text") ||
		 jval_is_text(type, "output_text")));
}

static bool is_file_block(const struct jval *block)
{
	return jval_is_text(jval_at(block, "source.type"), "base64") ||
	       (jval_is(jval_get(block, "data"), JVAL_STRING) &&
		(jval_get(block, "mimeType") || jval_get(block, "mediaType") ||
		 jval_get(block, "media_type")));
}

/* A result on its way: its words, and as a list what is more than words. */
struct result {
	struct buf words;
	struct buf others;
};

static void add_words(struct result *result, const struct jval *value)
{
	struct buf words = BUF_INIT(BUF_NO_LIMIT);

	if (is_text_block(value))
		buf_put_span(&words, variant_text(value).at ?
			     variant_text(value) :
			     jval_get_text(value, "text"));
	else if (jval_is(value, JVAL_STRING))
		buf_put_span(&words, jval_text(value));
	else
		prose_put(value, &words);
	if (words.len && result->words.len)
		buf_put_str(&result->words, "\n\n");
	buf_put_span(&result->words, buf_span(&words));
	buf_fail(&result->words, words.failed);
	buf_release(&words);
}

/* A file is put behind it. */
static void add_block(struct result *result, const struct jval *block)
{
	if (is_file_block(block))
		return;
	add_words(result, block);
	if (jval_is(block, JVAL_STRING) ||
	    (is_text_block(block) && jval_count(block) < 3))
		return;
	buf_put_char(&result->others, result->others.len ? ',' : '[');
	buf_fail(&result->others, jdoc_to_jcs(block, &result->others, NULL));
}

static void put_result(struct result *result, const struct jval *value,
		       struct jcs_fields *fields)
{
	const struct jval *block = jval_first(value);

	if (!jval_is(value, JVAL_ARRAY)) {
		add_words(result, value);
		if (value && !jval_is(value, JVAL_STRING) &&
		    !variant_text(value).at)
			fields_value(fields, "content", value);
		return;
	}
	for (; block; block = block->next)
		add_block(result, block);
	if (result->others.len) {
		buf_put_char(&result->others, ']');
		fields_buf(fields, "content", &result->others);
	}
}

/* Words of a tool stand in the content of its own message; in an answer, or
 * beside what a person said, they are nobody else's, and stay in the part. */
static void place_words(struct blocks *blocks, const struct result *made,
			const struct jval *result)
{
	struct jcs_fields *fields = &blocks->parts->fields;
	bool is_value = result && !jval_is(result, JVAL_STRING) &&
		!jval_is(result, JVAL_ARRAY) && !variant_text(result).at;

	if (made->words.len && !blocks->is_answer && !blocks->is_mixed)
		part_place(&blocks->parts->content, buf_span(&made->words),
			   fields);
	else if (made->words.len && !is_value)
		fields_said(fields, made->others.len ? "text" : "content",
			    buf_span(&made->words));
	fields_fail(fields, made->words.failed, NULL);
}

void blocks_result(struct blocks *blocks, struct span id,
		   const struct jval *result, bool is_error,
		   const struct take *rest)
{
	struct result made = { BUF_INIT(BUF_NO_LIMIT), BUF_INIT(BUF_NO_LIMIT) };
	struct jcs_fields *fields = &blocks->parts->fields;
	const struct jval *block = jval_is(result, JVAL_ARRAY) ?
		jval_first(result) : NULL;

	blocks->has_result = true;
	part_begin(blocks->parts, "tool_result");
	fields_said(fields, "tool_use_id", id);
	put_result(&made, result, fields);
	place_words(blocks, &made, result);
	if (is_error)
		fields_bool(fields, "is_error", true);
	if (rest)
		take_rest_under(rest, "native", fields);
	part_end(blocks->parts);
	for (; block; block = block->next) {
		if (is_file_block(block))
			blocks_put_one(blocks, block);
	}
	buf_release(&made.words);
	buf_release(&made.others);
}

/* --- blocks ---------------------------------------------------------------- */

/* {"source":{"type":"base64","media_type","data"}}, or {"data","mimeType"}. */
static void put_file(struct blocks *blocks, const struct jval *block,
		     const char *type)
{
	static const char *const names[] = {
		"media_type", "mimeType", "mediaType", NULL
	};
	struct take take = take_begin(block);
	struct take source = jval_is(take_see(&take, "source"), JVAL_OBJECT) ?
		take_inner(&take, "source") : take_begin(NULL);
	struct take *in = source.object ? &source : &take;
	struct span media = { NULL, 0 };
	size_t i;

	blocks->has_file = true;
	for (i = 0; names[i] && !media.at; i++)
		media = jval_text(take_see(in, names[i]));
	part_begin(blocks->parts, type);
	part_base64(blocks->parts, blocks->chat, "data", in, "data", media);
	(void)take_word(&take, "type", type);
	if (source.object)
		take_rest_under(&source, "source", &blocks->parts->fields);
	take_rest_under(&take, "native", &blocks->parts->fields);
	part_end(blocks->parts);
}

/* {"image_url":{"url":"data:.."}}, {"url":..}, {"image":..}: the text of it;
 * NULL where there is none. in: what holds it. */
static const struct jval *find_data_url(struct take *take, struct take *in)
{
	static const char *const names[] = {
		"url", "image_url", "imageUrl", "image", NULL
	};
	struct span media;
	struct span base64;
	size_t i;

	for (i = 0; names[i]; i++) {
		const struct jval *at = take_see(take, names[i]);

		if (data_url_split(jval_text(at), &media, &base64))
			return at;
		*in = take_begin(at);
		at = take_see(in, "url");
		if (data_url_split(jval_text(at), &media, &base64))
			return at;
	}
	return NULL;
}

/* An image whose bytes stand in its address, or an address alone. */
static void put_image(struct blocks *blocks, const struct jval *block)
{
	struct take take = take_begin(block);
	struct take in = take_begin(NULL);
	const struct jval *url = find_data_url(&take, &in);
	struct span media;
	struct span base64;

	blocks->has_file = true;
	part_begin(blocks->parts, "image");
	if (url && data_url_split(jval_text(url), &media, &base64) &&
	    part_bytes64(blocks->parts, blocks->chat, "data", base64,
			 media)) {
		take_done(in.object ? &in : &take, url);
		take_done(&take, in.object);
		take_done(&take, take_see(&take, "type"));
		take_rest_under(&in, "url", &blocks->parts->fields);
	}
	take_rest_under(&take, "native", &blocks->parts->fields);
	part_end(blocks->parts);
}

static bool is_one_of(const struct jval *type, const char *const *words)
{
	while (*words && !jval_is_text(type, *words))
		words++;
	return *words != NULL;
}

/* The first of these members that there is, taken. */
static const struct jval *take_either(struct take *take,
				      const char *const *names)
{
	const struct jval *value = NULL;

	while (*names && !value)
		value = take_any(take, *names++);
	return value;
}

/* The first of them that is a text; another one stays. */
static struct span text_either(struct take *take, const char *const *names)
{
	struct span text = { NULL, 0 };

	while (*names && !text.at)
		text = take_text(take, *names++);
	return text;
}

static void put_call(struct blocks *blocks, const struct jval *block)
{
	static const char *const ids[] = {
		"id", "toolCallId", "callId", "call_id", NULL
	};
	static const char *const names[] = { "name", "toolName", NULL };
	static const char *const inputs[] = {
		"input", "arguments", "args", NULL
	};
	struct take take = take_begin(block);
	struct span id = text_either(&take, ids);
	struct span name = text_either(&take, names);
	const struct jval *input = take_either(&take, inputs);

	take_done(&take, take_see(&take, "type"));
	blocks_call(blocks, id, name, input, &take);
}

static void put_result_block(struct blocks *blocks, const struct jval *block)
{
	static const char *const ids[] = {
		"tool_use_id", "toolCallId", "tool_call_id", "call_id",
		"callId", NULL
	};
	static const char *const results[] = {
		"content", "result", "output", NULL
	};
	struct take take = take_begin(block);
	struct span id = text_either(&take, ids);
	const struct jval *result = take_either(&take, results);
	bool is_error = take_flag(&take, "is_error");

	is_error |= take_flag(&take, "isError");
	take_done(&take, take_see(&take, "type"));
	blocks_result(blocks, id, result, is_error, &take);
}

static void put_thought(struct blocks *blocks, const struct jval *block)
{
	static const char *const names[] = {
		"thinking", "text", "think", "reasoning", NULL
	};
	struct take take = take_begin(block);
	struct span text = { NULL, 0 };
	size_t i;

	for (i = 0; names[i] && !text.at; i++)
		text = take_text(&take, names[i]);
	take_done(&take, take_see(&take, "type"));
	blocks_thought(blocks, text, &take);
}

static void put_typed(struct blocks *blocks, const struct jval *block)
{
	static const char *const thoughts[] = {
		"thinking", "reasoning", "think", "redacted_thinking", NULL
	};
	static const char *const calls[] = {
		"tool_use", "toolCall", "tool-call", "tool_call",
		"server_tool_use", "function_call", NULL
	};
	static const char *const results[] = {
		"tool_result", "toolResult", "tool-result",
		"function_call_output", NULL
	};
	const struct jval *type = jval_get(block, "type");

	if (is_one_of(type, thoughts)) {
		put_thought(blocks, block);
	} else if (is_one_of(type, calls)) {
		put_call(blocks, block);
	} else if (is_one_of(type, results)) {
		put_result_block(blocks, block);
	} else if (is_file_block(block)) {
		put_file(blocks, block, jval_is_text(type, "image") ? "image" :
			 "file");
	} else if (jval_is_text(type, "image") ||
		   jval_is_text(type, "image_url") ||
		   jval_is_text(type, "imageUrl")) {
		put_image(blocks, block);
	} else {
		blocks->has_text |= prose_is_in(block);
		part_other(blocks->parts, block);
	}
}

void blocks_put_one(struct blocks *blocks, const struct jval *block)
{
	struct take take = take_begin(block);

	if (jval_is(block, JVAL_STRING)) {
		blocks_text_of(blocks, jval_text(block), NULL);
	} else if (variant_text(block).at) {
		blocks_text_of(blocks, variant_text(block), NULL);
	} else if (is_text_block(block)) {
		take_done(&take, take_see(&take, "type"));
		blocks_text_of(blocks, take_text(&take, "text"), &take);
	} else {
		put_typed(blocks, block);
	}
}

/* Did the person say any of it? */
static bool is_said(struct span text)
{
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	bool is_some = injected_words(text, &words, NULL) < 0 || words.len;

	buf_release(&words);
	return is_some;
}

void blocks_foresee(struct blocks *blocks, const struct jval *list)
{
	const struct jval *block = blocks->is_prompt &&
		jval_is(list, JVAL_ARRAY) ? jval_first(list) : NULL;

	blocks->is_mixed = false;
	for (; block && !blocks->is_mixed; block = block->next)
		blocks->is_mixed = is_said(jval_is(block, JVAL_STRING) ?
			jval_text(block) : is_text_block(block) ?
			jval_get_text(block, "text") : span_of("", 0));
}

void blocks_put(struct blocks *blocks, const struct jval *content)
{
	const struct jval *block = jval_first(content);

	if (!content || jval_is(content, JVAL_NULL))
		return;
	blocks_foresee(blocks, content);
	if (!jval_is(content, JVAL_ARRAY))
		blocks_put_one(blocks, content);
	for (; jval_is(content, JVAL_ARRAY) && block; block = block->next)
		blocks_put_one(blocks, block);
}

/* --- messages of OpenAI's shape -------------------------------------------- */

/* {"id","type":"function","function":{"name","arguments":"{..}"}} */
static void put_openai_call(struct blocks *blocks, const struct jval *call)
{
	struct take take = take_begin(call);
	struct take function = take_inner(&take, "function");
	struct take *in = function.object ? &function : &take;
	struct span id = take_text(&take, "id");
	struct span name = take_text(in, "name");
	const struct jval *input = take_any(in, "arguments");

	if (!take.object && !jval_is(call, JVAL_NULL))
		input = call;
	(void)take_word(&take, "type", "function");
	if (!function.object || !take_left(&function, NULL)) {
		blocks_call(blocks, id, name, input, &take);
		return;
	}
	/* More than is known of the function: all of the call stays. */
	take = take_begin(call);
	blocks_call(blocks, id, name, input, &take);
}

void blocks_take_openai(struct blocks *blocks, struct take *message)
{
	struct span thought = take_text(message, "reasoning_content");
	const struct jval *calls;
	const struct jval *call;

	if (!thought.len)
		thought = take_text(message, "reasoning");
	if (thought.len)
		blocks_thought(blocks, thought, NULL);
	blocks_put(blocks, take_any(message, "content"));
	calls = take_value(message, "tool_calls", JVAL_ARRAY);
	for (call = jval_first(calls); call; call = call->next)
		put_openai_call(blocks, call);
	call = take_value(message, "function_call", JVAL_OBJECT);
	if (call)
		put_openai_call(blocks, call);
}

/* --- what it is ------------------------------------------------------------ */

const char *blocks_visibility(const struct blocks *blocks)
{
	if (blocks->has_text || (blocks->has_file && !blocks->has_result))
		return "visible";
	if (blocks->has_call || blocks->has_result)
		return "tool";
	if (blocks->has_thought)
		return "thinking";
	return blocks->has_injected ? "meta" : "visible";
}

const char *blocks_role(const struct blocks *blocks, const char *role)
{
	return blocks->has_result && !blocks->has_text &&
	       !strcmp(role, "user") ? "tool" : role;
}
