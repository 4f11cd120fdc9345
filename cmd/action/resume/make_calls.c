#include "cmd/action/resume/make_internal.h"

#include <stdio.h>

#include "cmd/action/read/part_tools.h"
#include "cmd/resume/tool_names.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_words.h"
#include "lib/json/jdoc.h"

/* What the interfaces of models take. */
#define NAME_BYTES 64

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Other characters become '_', and what is too long is cut. It is empty where
 * it has a secret, so that another takes its place. */
static int clean(struct making *making, struct span text, struct buf *out)
{
	struct span kept;
	size_t i;
	int rc = making_keep(making, text, &kept);

	buf_reset(out);
	for (i = 0; rc == 0 && span_equals(kept, text) && i < text.len &&
		    i < NAME_BYTES; i++)
		buf_put_char(out, is_plain(text.at[i]) ? text.at[i] : '_');
	return rc;
}

/* --- calls ----------------------------------------------------------------- */

/* Of the call's own if it can be, else one that tells its place. */
static int set_id(struct making *making, struct span own, struct span *out)
{
	unsigned char key[SHA256_BYTES];
	struct buf id = BUF_INIT(BUF_NO_LIMIT);
	bool is_new = false;
	size_t nth = making->made->pieces.n;
	int rc = clean(making, own, &id);

	if (!own.len || own.len > NAME_BYTES)
		buf_reset(&id);
	while (rc == 0 && !is_new) {
		if (!id.len)
			buf_putf(&id, "call_%zu", nth++);
		sha256_of(buf_text(&id), id.len, key);
		rc = buf_end(&id, making->err);
		if (rc == 0)
			rc = table_include(&making->used, key, &is_new,
					   making->err);
		if (rc == 0 && is_new)
			rc = arena_keep(&making->made->arena, buf_span(&id),
					out, making->err);
		buf_reset(&id);
	}
	buf_release(&id);
	return rc;
}

/* A text that is an object in JSON; false: none. */
static bool parse_object(struct span text, struct buf *out)
{
	const struct jdoc_options options = { .max_depth = JCS_DEPTH_MAX - 2 };
	struct jdoc *doc = NULL;
	bool is_object = jdoc_parse(text, &options, &doc, NULL) == 0 &&
			 jval_is(jdoc_root(doc), JVAL_OBJECT) &&
			 jdoc_to_jcs(jdoc_root(doc), out, NULL) == 0;

	jdoc_free(doc);
	return is_object;
}

/* Some keep arguments as the text that the model wrote. */
static int put_input(struct making *making, struct span value,
		     struct buf *out)
{
	struct buf whole = BUF_INIT(BUF_NO_LIMIT);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span json;
	int rc = making_value(making, value, &whole);

	json = buf_span(&whole);
	if (rc == 0 && jcs_is_words(json))
		rc = jcs_words(json, &text, making->err);
	if (rc < 0 || jcs_type_of(json) == JCS_NULL) {
		buf_put_str(out, "{}");
	} else if (jcs_type_of(json) == JCS_OBJECT && !jcs_is_words(json)) {
		buf_put_span(out, json);
	} else if (!text.len || !parse_object(buf_span(&text), out)) {
		buf_put_str(out, "{\"input\":");
		buf_put_span(out, json);
		buf_put_char(out, '}');
	}
	if (rc == 0)
		rc = buf_end(&whole, making->err);
	buf_release(&whole);
	buf_release(&text);
	return rc < 0 ? rc : buf_end(out, making->err);
}

/* In the target's words, where these are sure. */
static int set_words(struct making *making, struct span name,
		     struct span input, struct passage_call *out)
{
	const struct made_wish *wish = making->wish;
	struct buf our_name = BUF_INIT(BUF_NO_LIMIT);
	struct buf our_input = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (wish->writer && !wish->is_native &&
	    tool_names_turn(wish->writer->tools, name, input, &our_name,
			    &our_input)) {
		making->made->passage.counts.renamed++;
		name = buf_span(&our_name);
		input = buf_span(&our_input);
	}
	rc = arena_keep(&making->made->arena, name, &out->name, making->err);
	if (rc == 0)
		rc = making_keep_json(making, input, &out->input);
	buf_release(&our_name);
	buf_release(&our_input);
	return rc;
}

static int note_id(struct making *making, struct span id, size_t place)
{
	unsigned char key[SHA256_BYTES];

	sha256_of(id.at, id.len, key);
	return table_put(&making->ids, key, place, making->err);
}

int making_call(struct making *making, struct span part)
{
	static const char *const ids[] = { "id", "tool_call_id", "call_id",
					   NULL };
	static const char *const names[] = { "name", "tool", "tool_name",
					     "toolId", NULL };
	static const char *const inputs[] = { "input", "arguments", "args",
					      "parameters", "action", NULL };
	struct buf id = BUF_INIT(BUF_NO_LIMIT);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct buf input = BUF_INIT(BUF_NO_LIMIT);
	struct buf said = BUF_INIT(BUF_NO_LIMIT);
	struct passage_piece *piece = NULL;
	struct span value;
	size_t place = 0;
	int rc = making_member(making, part, ids, &id);

	if (rc == 0)
		rc = making_member(making, part, names, &said);
	if (rc == 0)
		rc = clean(making, buf_span(&said), &name);
	if (!name.len)
		buf_put_str(&name, "tool");
	if (!part_find(part, inputs, &value))
		value = span_str("{}");
	if (rc == 0)
		rc = put_input(making, value, &input);
	if (rc == 0)
		rc = making_add(making, PIECE_CALL, &piece);
	if (rc == 0) {
		place = making->made->pieces.n - 1;
		making->pieces.at[place].has_id = id.len > 0;
		piece->call.entity =
			making->made->turns.at[making->turn].entity;
		piece->call.result = span_str(MADE_NOTHING);
		rc = set_id(making, buf_span(&id), &piece->call.id);
	}
	if (rc == 0)
		rc = set_words(making, buf_span(&name), buf_span(&input),
			       &piece->call);
	if (rc == 0 && id.len)
		rc = note_id(making, buf_span(&id), place);
	making->made->passage.counts.calls += rc == 0;
	buf_release(&id);
	buf_release(&name);
	buf_release(&input);
	buf_release(&said);
	return rc;
}
