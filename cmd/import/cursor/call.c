#include "cmd/import/cursor/cursor_internal.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

/*
 * toolFormerData: {"name","toolCallId","rawArgs","params","result","error",
 * "status",...}. What the model wrote is rawArgs, what the editor made of it
 * params; both, the result and the error are JSON in a text.
 */
static bool says_something(const struct jval *value)
{
	struct span text = jval_text(value);

	return value && !jval_is(value, JVAL_NULL) &&
	       (!text.at || (text.len && !span_equals(text, span_str("{}"))));
}

static const struct jval *take_input(struct take *take)
{
	const struct jval *raw = take_see(take, "rawArgs");
	const struct jval *params = take_see(take, "params");

	if (!says_something(raw) && params) {
		take_done(take, params);
		if (!jval_text(raw).len)
			take_done(take, raw);
		return params;
	}
	take_done(take, raw);
	if (jval_text(params).at)
		(void)take_same(take, "params", jval_text(raw));
	return raw;
}

/* The members that the message of the result has; nothing else is left out. */
static void take_outcome(struct take *take)
{
	(void)take_any(take, "result");
	(void)take_any(take, "error");
}

void cursor_call(struct blocks *blocks, const struct jval *call)
{
	struct take take = take_begin(call);
	struct span id;
	struct span name;

	if (!take.object || !jval_count(call))
		return;
	id = take_text(&take, "toolCallId");
	name = take_text(&take, "name");
	take_outcome(&take);
	blocks_call(blocks, id, name, take_input(&take), &take);
}

/* --- what it gave ---------------------------------------------------------- */

/* The words of an error, which may be JSON in a text. */
static void put_error_words(const struct jval *error, struct buf *out)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct span text = jval_text(error);
	struct jdoc *doc = NULL;
	int rc = text.at ? jdoc_parse(text, &options, &doc, NULL) :
		ERR_INVALID;

	if (rc == ERR_NOMEM)
		buf_fail(out, rc);
	if (rc == 0 && !jval_is(jdoc_root(doc), JVAL_STRING))
		prose_put(jdoc_root(doc), out);
	else
		prose_put(error, out);
	if (!out->len)
		buf_put_span(out, text);
	jdoc_free(doc);
}

/* A failure without a result: its words are the content, itself stays. */
static void put_failure(struct blocks *blocks, struct span id,
			const struct jval *error)
{
	struct parts *parts = blocks->parts;
	struct buf words = BUF_INIT(BUF_NO_LIMIT);

	blocks->has_result = true;
	put_error_words(error, &words);
	part_begin(parts, "tool_result");
	fields_said(&parts->fields, "tool_use_id", id);
	fields_value(&parts->fields, "error", error);
	if (words.len)
		part_place(&parts->content, buf_span(&words),
			   &parts->fields);
	fields_bool(&parts->fields, "is_error", true);
	fields_fail(&parts->fields, words.failed, NULL);
	part_end(parts);
	buf_release(&words);
}

int cursor_put_result(struct cursor_run *run,
		      const struct cursor_bubble *bubble,
		      const struct jval *call,
		      const struct chat_time *created, struct err *err)
{
	struct blocks blocks = { .parts = &run->parts, .chat = &run->chat };
	const struct jval *result = jval_get(call, "result");
	const struct jval *error = jval_get(call, "error");
	struct span id = jval_get_text(call, "toolCallId");
	struct chat_message message = {
		.role = "tool", .visibility = "tool", .created = *created,
	};
	bool is_result = result && !jval_is(result, JVAL_NULL) &&
			 (!jval_is(result, JVAL_STRING) ||
			  jval_text(result).len);

	if (!is_result && !says_something(error))
		return 0;
	parts_reset(&run->parts);
	if (is_result)
		blocks_result(&blocks, id, result,
			      jval_is_text(jval_get(call, "status"), "error"),
			      NULL);
	if (says_something(error))
		put_failure(&blocks, id, error);
	buf_reset(&run->native);
	buf_reset(&run->key);
	buf_put_span(&run->key, bubble->key);
	buf_put_str(&run->key, "-result");
	return cursor_put(run, &message, err);
}
