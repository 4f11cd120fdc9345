#include "cmd/import/claude_code/claude_code.h"

#include <stdio.h>

#include "cmd/import/claude_code/files.h"
#include "cmd/import/records/injected.h"
#include "cmd/import/records/part.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

#define NAMES_WITHIN ((size_t)2048)	/* bytes of a result's begin */

static void begin_item(struct buf *list)
{
	if (list->len && list->data[list->len - 1] != '[')
		buf_put_char(list, ',');
}

static void put_value(const struct jval *value, struct buf *list)
{
	begin_item(list);
	buf_fail(list, jdoc_to_jcs(value, list, NULL));
}

/* The part that these fields are. */
static void put_part(struct jcs_fields *fields, struct buf *list)
{
	begin_item(list);
	buf_fail(list, jcs_fields_write(fields, list, NULL));
	jcs_fields_release(fields);
}

/* A bare string among the blocks is text as well. */
static struct span block_text(const struct jval *block)
{
	return jval_is(block, JVAL_STRING) ? jval_text(block) :
		jval_get_text(block, "text");
}

static void put_text_block(struct cc_draft *draft, const struct jval *block,
			   struct buf *list)
{
	struct take take = take_begin(block);
	struct jcs_fields fields = JCS_FIELDS_INIT;

	(void)take_word(&take, "type", "text");
	fields_str(&fields, "type", "text");
	(void)take_text(&take, "text");
	part_place(&draft->content, block_text(block), &fields);
	take_rest_under(&take, "native", &fields);
	put_part(&fields, list);
}

static bool is_blank(struct span text)
{
	while (text.len && strchr(" \n\r\t", text.at[0]))
		text = span_of(text.at + 1, text.len - 1);
	return !text.len;
}

/* The text of a user's line on its way: what its program wrote there waits for
 * the next words, and is one part with what comes before these. */
struct apart {
	struct cc_draft *draft;
	struct buf injected;
	struct take *rest;	/* of the block: goes with its first part */
};

static void put_apart(struct apart *apart, struct jcs_fields *fields)
{
	if (apart->rest)
		take_rest_under(apart->rest, "native", fields);
	apart->rest = NULL;
	put_part(fields, &apart->draft->parts);
}

static void put_injected(struct apart *apart)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	if (!apart->injected.len && !apart->injected.failed)
		return;
	fields_str(&fields, "type", "injected");
	fields_fail(&fields, apart->injected.failed, NULL);
	fields_said(&fields, "text", buf_span(&apart->injected));
	put_apart(apart, &fields);
	buf_reset(&apart->injected);
}

/* Words that are content; what stands around them in the line's text is the
 * program's. */
static void put_words(struct apart *apart, const struct injected_piece *piece,
		      const char *type)
{
	struct buf *content = &apart->draft->content;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const char *inner = piece->inner.at;
	const char *behind = inner + piece->inner.len;

	buf_put(&apart->injected, piece->text.at,
		(size_t)(inner - piece->text.at));
	put_injected(apart);
	if (content->len)
		buf_put_str(content, injected_gap(piece));
	fields_str(&fields, "type", type);
	fields_integer(&fields, "start", (int64_t)content->len);
	buf_put_span(content, piece->inner);
	fields_integer(&fields, "end", (int64_t)content->len);
	put_apart(apart, &fields);
	buf_put(&apart->injected, behind,
		(size_t)(piece->text.at + piece->text.len - behind));
}

static void put_piece(struct apart *apart, const struct injected_piece *piece)
{
	if (injected_is_said(piece)) {
		apart->draft->has_text = true;
		put_words(apart, piece, "text");
	} else if (piece->kind == INJECTED_OUTPUT && piece->inner.len &&
		   apart->draft->told == CC_TOLD_OUTPUT) {
		put_words(apart, piece, "tool_result");
	} else {
		buf_put_span(&apart->injected, piece->text);
	}
}

/*
 * Text under the person's name: their words are content, what the program put
 * there is a part. False where it is all theirs, as nearly always: then
 * nothing is put.
 */
static bool take_apart(struct cc_draft *draft, struct span text,
		       struct take *rest)
{
	struct apart apart = { draft, BUF_INIT(BUF_NO_LIMIT), rest };
	struct injected pieces = INJECTED_INIT;
	bool is_mixed;
	size_t i;

	buf_fail(&draft->parts, injected_split(text, &pieces, NULL));
	is_mixed = pieces.n && (pieces.n > 1 ||
				pieces.at[0].kind != INJECTED_NOT);
	for (i = 0; is_mixed && i < pieces.n; i++)
		put_piece(&apart, &pieces.at[i]);
	put_injected(&apart);
	buf_release(&apart.injected);
	injected_release(&pieces);
	return is_mixed;
}

/* Is it the person who speaks, as far as the line says? */
static bool is_person(const struct cc_draft *draft)
{
	return !strcmp(draft->role, "user") && !draft->visibility;
}

static void put_text(struct cc_draft *draft, const struct jval *block)
{
	struct take take = take_begin(block);
	struct span text = block_text(block);

	(void)take_word(&take, "type", "text");
	(void)take_text(&take, "text");
	if (draft->told && take_apart(draft, text, &take))
		return;
	draft->has_text |= !is_blank(text) &&
			   (draft->told || !is_person(draft));
	put_text_block(draft, block, &draft->parts);
}

/*
 * Take the bytes of a file, in base64, which become a field `data`, a blob.
 * False where they are none: then nothing is taken.
 */
static bool take_bytes(struct take *file, const char *name, const char *media,
		       struct chat *chat, struct jcs_fields *fields)
{
	const struct jval *text = take_see(file, name);
	struct span type = jval_text(take_see(file, media));
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf ref = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	char as_media[80] = "application/octet-stream";
	int rc;

	rc = base64_decode(jval_text(text), &bytes, &why);
	if (rc == ERR_INVALID || !bytes.len || type.len >= sizeof(as_media)) {
		buf_release(&bytes);
		return false;
	}
	if (type.len)
		snprintf(as_media, sizeof(as_media), "%.*s", (int)type.len,
			 type.at);
	fields_fail(fields, rc, &why);
	rc = chat_add_blob(chat, buf_span(&bytes), as_media, &ref, &why);
	fields_fail(fields, rc, &why);
	fields_raw(fields, "data", buf_span(&ref));
	take_done(file, text);
	buf_release(&bytes);
	buf_release(&ref);
	return true;
}

/* An image or document; one that is not inside stays as it is. */
static void put_file_block(struct chat *chat, const struct jval *block,
			   struct buf *list)
{
	struct take take = take_begin(block);
	struct take source = take_inner(&take, "source");
	struct jcs_fields fields = JCS_FIELDS_INIT;

	if (!take_bytes(&source, "data", "media_type", chat, &fields)) {
		put_value(block, list);
		return;
	}
	(void)take_text(&source, "media_type");
	(void)take_word(&source, "type", "base64");
	fields_said(&fields, "type", take_text(&take, "type"));
	take_rest_under(&take, "native", &fields);
	take_rest_under(&source, "source", &fields);
	put_part(&fields, list);
}

static bool is_file(const struct jval *block)
{
	return jval_is_text(jval_at(block, "source.type"), "base64") &&
	       jval_get_text(block, "type").len;
}

static bool is_text(const struct jval *block)
{
	return jval_is(block, JVAL_STRING) ||
	       (jval_is_text(jval_get(block, "type"), "text") &&
		jval_is(jval_get(block, "text"), JVAL_STRING));
}

/* What a tool gave back, where it is a list. */
static void put_items(struct cc_draft *draft, struct chat *chat,
		      const struct jval *content, struct jcs_fields *fields)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *item;

	buf_put_char(&list, '[');
	for (item = jval_first(content); item; item = item->next) {
		if (is_text(item) && draft->told != CC_TOLD_WORDS)
			put_text_block(draft, item, &list);
		else if (is_file(item))
			put_file_block(chat, item, &list);
		else
			put_value(item, &list);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, "content", &list);
	buf_release(&list);
}

/* Of a result that is too long for the model it is told where the whole lies,
 * in its first lines; of one that was saved besides, in its last. */
static bool names_file(const struct jval *content)
{
	struct span text = jval_text(jval_is(content, JVAL_ARRAY) ?
				     jval_get(jval_first(content), "text") :
				     content);
	struct span end = text;

	if (text.len > NAMES_WITHIN) {
		text.len = NAMES_WITHIN;
		end = span_of(end.at + end.len - NAMES_WITHIN, NAMES_WITHIN);
	}
	return span_has(text, CC_RESULTS) || span_has(end, CC_RESULTS) ||
	       span_begins(text, "<persisted-output>");
}

/* As iFlow writes it. */
static struct span wrapped_words(const struct jval *content)
{
	return jval_text(jval_at(content, "responseParts.functionResponse."
				 "response.output"));
}

static void put_result_block(struct cc_draft *draft, struct chat *chat,
			     const struct jval *block, struct buf *list)
{
	struct take take = take_begin(block);
	const struct jval *content = take_any(&take, "content");
	struct jcs_fields fields = JCS_FIELDS_INIT;

	draft->names_file |= names_file(content);
	(void)take_word(&take, "type", "tool_result");
	fields_str(&fields, "type", "tool_result");
	/* Beside words of the person's it is no content, which is theirs. */
	if (jval_is(content, JVAL_STRING) && draft->told != CC_TOLD_WORDS)
		part_place(&draft->content, jval_text(content), &fields);
	else if (jval_is(content, JVAL_ARRAY))
		put_items(draft, chat, content, &fields);
	else
		fields_value(&fields, "content", content);
	if (wrapped_words(content).len && draft->told != CC_TOLD_WORDS)
		part_place(&draft->content, wrapped_words(content), &fields);
	fields_value(&fields, "tool_use_id", take_any(&take, "tool_use_id"));
	fields_value(&fields, "is_error", take_any(&take, "is_error"));
	take_rest_under(&take, "native", &fields);
	put_part(&fields, list);
}

/* Blocks that stand in parts as they are; calls and results of tools too. */
static bool is_known(const struct jval *type)
{
	static const char *const known[] = {
		"thinking", "redacted_thinking", "tool_use",
		"server_tool_use", "mcp_tool_use", "image", "document",
		"search_result", "container_upload", "compaction", NULL
	};
	size_t i = 0;

	while (known[i] && !jval_is_text(type, known[i]))
		i++;
	return known[i] || !jval_is(type, JVAL_STRING) ||
	       span_ends(jval_text(type), "_tool_result");
}

/* What is said in a block of a type that came later is read as well. */
static void put_other_block(struct cc_draft *draft, const struct jval *block)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	if (is_known(jval_get(block, "type")) || !prose_is_in(block)) {
		put_value(block, &draft->parts);
		return;
	}
	draft->has_text = true;
	prose_place(&draft->content, block, &fields);
	put_part(&fields, &draft->parts);
}

static void put_block(struct cc_draft *draft, struct chat *chat,
		      const struct jval *block)
{
	const struct jval *type = jval_get(block, "type");

	if (is_text(block)) {
		put_text(draft, block);
	} else if (jval_is_text(type, "tool_result")) {
		draft->has_result = true;
		put_result_block(draft, chat, block, &draft->parts);
	} else if (is_file(block)) {
		draft->has_text = true;
		put_file_block(chat, block, &draft->parts);
	} else {
		/* What a person sends is a picture, a file, by any name. */
		draft->has_text |= is_person(draft);
		put_other_block(draft, block);
	}
	draft->has_thinking |= jval_is_text(type, "thinking") ||
		jval_is_text(type, "redacted_thinking");
	draft->has_call |= jval_is_text(type, "tool_use") ||
		jval_is_text(type, "server_tool_use");
}

/* A later line of a message may repeat blocks of an earlier one. */
static bool is_new_block(struct cc_draft *draft, const struct jval *block,
			 size_t known)
{
	unsigned char id[SHA256_BYTES];
	uint64_t at = draft->blocks.count;
	bool is_new;
	int rc;

	if (draft->is_alone)
		return true;
	sha256_of(block->raw.at, block->raw.len, id);
	is_new = !table_get(&draft->blocks, id, &at) || at >= known;
	rc = table_add(&draft->blocks, id, draft->blocks.count, NULL,
		       NULL);
	if (rc < 0)
		buf_fail(&draft->parts, rc);
	return is_new;
}

/* iFlow puts a call that waits for its result into the next message, too. */
static bool is_repeated(const struct cc_draft *draft, const struct jval *block)
{
	unsigned char id[SHA256_BYTES];

	if (!draft->before || !draft->before->count ||
	    !jval_is_text(jval_get(block, "type"), "tool_use"))
		return false;
	sha256_of(block->raw.at, block->raw.len, id);
	return table_get(draft->before, id, NULL);
}

/* What is told in a text, where more than this is not known of its line. */
static enum cc_told told_in(struct cc_draft *draft, struct span text,
			    enum cc_told told)
{
	struct injected pieces = INJECTED_INIT;
	size_t i;

	buf_fail(&draft->parts, injected_split(text, &pieces, NULL));
	for (i = 0; i < pieces.n; i++) {
		if (injected_is_said(&pieces.at[i]))
			told = CC_TOLD_WORDS;
		else if (pieces.at[i].kind == INJECTED_OUTPUT && !told)
			told = CC_TOLD_OUTPUT;
	}
	injected_release(&pieces);
	return told;
}

/* Is there more in what stands under the person's name than its program's
 * words? Where there is not, these are the content. */
static enum cc_told told_of(struct cc_draft *draft, const struct jval *content)
{
	const struct jval *block = jval_first(content);
	enum cc_told told = CC_TOLD_NOTHING;
	bool has_result = false;
	bool has_file = false;

	if (!is_person(draft))
		return CC_TOLD_NOTHING;
	if (jval_is(content, JVAL_STRING))
		return told_in(draft, jval_text(content), told);
	for (; block; block = block->next) {
		if (is_text(block))
			told = told_in(draft, block_text(block), told);
		else if (jval_is_text(jval_get(block, "type"), "tool_result"))
			has_result = true;
		else
			has_file = true;
	}
	/* Pictures beside a result are the tool's. */
	if (has_file && !has_result)
		return CC_TOLD_WORDS;
	return has_result && !told ? CC_TOLD_OUTPUT : told;
}

static void put_plain(struct cc_draft *draft, struct span text)
{
	struct jcs_fields nowhere = JCS_FIELDS_INIT;

	if (draft->told && take_apart(draft, text, NULL))
		return;
	draft->has_text |= !is_blank(text) &&
			   (draft->told || !is_person(draft));
	part_place(&draft->content, text, &nowhere);
	jcs_fields_release(&nowhere);
}

void cc_put_content(struct cc_draft *draft, struct chat *chat,
		    const struct jval *content)
{
	size_t known = draft->blocks.count;
	const struct jval *block = NULL;

	draft->told = told_of(draft, content);
	if (jval_is(content, JVAL_STRING))
		put_plain(draft, jval_text(content));
	else if (jval_is(content, JVAL_ARRAY))
		block = jval_first(content);
	for (; block; block = block->next) {
		if (is_repeated(draft, block))
			draft->repeated++;
		else if (is_new_block(draft, block, known))
			put_block(draft, chat, block);
	}
}

/* {"type":"image","file":{"base64","type",...}}: the image is one of the
 * blocks as well, and equal bytes are one blob. */
void cc_put_result(struct cc_draft *draft, struct chat *chat,
		   const struct jval *value)
{
	struct buf *out = &draft->result;
	struct take result = take_begin(value);
	struct take file = take_inner(&result, "file");
	struct jcs_fields fields = JCS_FIELDS_INIT;

	draft->names_file |= jval_is(take_see(&result, "persistedOutputPath"),
				     JVAL_STRING);
	if (take_bytes(&file, "base64", "type", chat, &fields)) {
		take_rest_under(&file, "file", &fields);
		take_rest_under(&result, "result", &fields);
		buf_fail(out, jcs_fields_write(&fields, out, NULL));
	} else if (value) {
		chat_put_value(chat, value, out);
	}
	jcs_fields_release(&fields);
}
