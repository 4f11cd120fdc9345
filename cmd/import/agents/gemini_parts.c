#include "cmd/import/agents/gemini_parts.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

struct span gemini_part_words(const struct jval *part)
{
	if (jval_is(part, JVAL_STRING))
		return jval_text(part);
	return jval_is(jval_get(part, "thought"), JVAL_TRUE) ?
		span_of(NULL, 0) : jval_get_text(part, "text");
}

static void put_call(struct blocks *blocks, struct take *around)
{
	struct take call = take_inner(around, "functionCall");
	struct span id = take_text(&call, "id");
	struct span name = take_text(&call, "name");
	const struct jval *input = take_any(&call, "args");

	/* Rare: what stands around the call is kept with all of it. */
	if (take_left(around, NULL))
		call = *around;
	blocks_call(blocks, id, name, input, &call);
}

/* {"response":{"output":"..."}}, or "error". */
static void put_response(struct blocks *blocks, struct take *around)
{
	struct take function = take_inner(around, "functionResponse");
	const struct jval *response = take_any(&function, "response");
	const struct jval *error = jval_get(response, "error");
	const struct jval *said = error ? error :
		jval_get(response, "output");
	struct span id = take_text(&function, "id");
	bool is_whole = jval_is(said, JVAL_STRING) &&
		jval_count(response) == 1;

	blocks_result(blocks, id, is_whole ? said : response, error != NULL,
		      take_left(around, NULL) ? around : &function);
}

static void put_file(struct blocks *blocks, struct take *around)
{
	struct take data = take_inner(around, "inlineData");
	struct jcs_fields *fields = &blocks->parts->fields;
	struct span media = jval_text(take_see(&data, "mimeType"));

	blocks->has_file = true;
	part_begin(blocks->parts, span_begins(media, "image/") ? "image" :
		   "file");
	part_base64(blocks->parts, blocks->chat, "data", &data, "data", media);
	take_rest_under(&data, "inlineData", fields);
	take_rest_under(around, "native", fields);
	part_end(blocks->parts);
}

void gemini_part_put(struct blocks *blocks, const struct jval *part)
{
	struct take take = take_begin(part);
	struct span text = jval_get_text(part, "text");

	if (text.at && take_value(&take, "thought", JVAL_TRUE)) {
		(void)take_text(&take, "text");
		blocks_thought(blocks, text, &take);
	} else if (jval_is(jval_get(part, "functionCall"), JVAL_OBJECT)) {
		put_call(blocks, &take);
	} else if (jval_is(jval_get(part, "functionResponse"), JVAL_OBJECT)) {
		put_response(blocks, &take);
	} else if (jval_is(jval_get(part, "inlineData"), JVAL_OBJECT)) {
		put_file(blocks, &take);
	} else {
		blocks_put_one(blocks, part);
	}
}
