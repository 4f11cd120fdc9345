/*
 * Threads of Jan: a folder each, with thread.json, {"id","object":"thread",
 * "title","assistants":[..],"created","updated"}, and a message on each line of
 * messages.jsonl. Times are seconds or milliseconds, by the version of the
 * program, and 0 for none. Calls of tools stand under metadata, with what they
 * gave back; thoughts in <think> in the text.
 */
#include "cmd/import/apps/app.h"
#include "cmd/import/apps/formats.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"

#define SECONDS_MOST 100000000000LL	/* of the year 5138; as milliseconds
					   1973, before there was any Jan */

static struct chat_time jan_time(const struct jval *value)
{
	long long number;

	return jval_integer(value, &number) && number >= SECONDS_MOST ?
		chat_time_of_ms(value) : chat_time_of(value);
}

/* --- what a message says --------------------------------------------------- */

/* "text":"..", or "text":{"value":"..","annotations":[..]}. */
static struct span part_words(const struct jval *part)
{
	const struct jval *text = jval_get(part, "text");

	return jval_is(text, JVAL_OBJECT) ? jval_get_text(text, "value") :
		jval_text(text);
}

/* A text or a thought, and all that it says beside its words. */
static void say_words(struct flat *flat, struct blocks *blocks,
		      const struct jval *part, bool is_thought)
{
	struct take take = take_begin(part);
	struct take text = take_inner(&take, "text");
	struct take *in = text.object ? &text : &take;
	struct span words = take_text(in, text.object ? "value" : "text");
	const struct jval *notes = take_see(&text, "annotations");
	bool has_notes = !is_thought && jval_first(notes);
	const struct take *rest;

	(void)take_any(&take, "type");
	if (has_notes || (jval_is(notes, JVAL_ARRAY) && !jval_first(notes)))
		take_done(&text, notes);
	rest = take_one_rest(&take, &text, "text");
	if (is_thought) {
		blocks_thought(blocks, words, rest);
		return;
	}
	blocks_text(blocks, words);
	if (has_notes)
		part_native(&flat->parts, "annotations", notes);
	if (take_left(rest, NULL))
		part_rest(&flat->parts, "annotations", rest);
}

/* {"type":"tool_call","tool_call_id","tool_name","input","output"} */
static void say_tool(struct blocks *blocks, const struct jval *part)
{
	struct take take = take_begin(part);
	struct span id = take_text(&take, "tool_call_id");
	struct span name = take_text(&take, "tool_name");
	const struct jval *input = take_any(&take, "input");
	const struct jval *output = take_any(&take, "output");

	(void)take_any(&take, "type");
	blocks_call(blocks, id, name, input, &take);
	if (output && !jval_is(output, JVAL_NULL))
		blocks_result(blocks, id, output, false, NULL);
}

static void say_part(struct flat *flat, struct blocks *blocks,
		     const struct jval *part)
{
	const struct jval *type = jval_get(part, "type");
	bool has_words = part_words(part).at != NULL;

	if (jval_is_text(type, "reasoning") && has_words)
		say_words(flat, blocks, part, true);
	else if (jval_is_text(type, "tool_call"))
		say_tool(blocks, part);
	else if (jval_is_text(type, "text") && has_words)
		say_words(flat, blocks, part, false);
	else if (part && !jval_is(part, JVAL_NULL))
		blocks_put_one(blocks, part);
}

/* {"tool":{"id","function":{"name","arguments"}},"response":{"content":[..],
 * "error"},"state"} */
static void say_call(struct blocks *blocks, const struct jval *value)
{
	struct take call = take_begin(value);
	struct take tool = take_inner(&call, "tool");
	struct take function = take_inner(&tool, "function");
	struct take response = take_inner(&call, "response");
	struct take *in = function.object ? &function : &tool;
	struct span id = take_text(&tool, "id");
	struct span name = take_text(in, "name");
	const struct jval *input = take_any(in, "arguments");
	const struct jval *result = take_any(&response, "content");
	struct span error = jval_get_text(response.object, "error");

	if (!call.object && !jval_is(value, JVAL_NULL))
		input = value;
	(void)take_word(&tool, "type", "function");
	/* More than is known of the tool: all of it stays. */
	if (take_left(&tool, NULL) || take_left(&function, NULL)) {
		call = take_begin(value);
		take_done(&call, response.object);
	}
	blocks_call(blocks, id, name, input, &call);
	if (!response.object)
		return;
	if (error.len && !jval_first(result))
		result = take_any(&response, "error");
	blocks_result(blocks, id, result, error.len > 0, &response);
}

static int jan_say(struct flat *flat, struct flat_item *turn,
		   struct chat_message *message, struct err *err)
{
	struct take *take = &turn->take;
	struct take metadata = take_inner(take, "metadata");
	struct blocks blocks = app_blocks(flat, message);
	const struct jval *content = take_any(take, "content");
	const struct jval *part = jval_first(content);
	const struct jval *calls = take_value(&metadata, "tool_calls",
					      JVAL_ARRAY);
	const struct jval *call = jval_first(calls);
	bool is_result = !strcmp(message->role, "tool");

	(void)err;
	if (is_result)
		blocks_result(&blocks, take_text(take, "tool_call_id"),
			      content, false, NULL);
	else if (jval_is(content, JVAL_STRING))
		blocks_text(&blocks, jval_text(content));
	for (; !is_result && jval_is(content, JVAL_ARRAY) && part;
	     part = part->next)
		say_part(flat, &blocks, part);
	for (; call; call = call->next)
		say_call(&blocks, call);
	(void)take_word(take, "object", "thread.message");
	take_rest_under(&metadata, "metadata", &flat->native);
	app_shown(message, &blocks);
	return 0;
}

/* --- a thread -------------------------------------------------------------- */

static struct span thread_key(const struct flat *flat,
			      const struct jval *thread,
			      const struct jval *messages)
{
	struct span key = jval_get_text(thread, "id");

	if (!key.len)
		key = jval_get_text(jval_first(messages), "thread_id");
	return key.len ? key : beside_get(flat->source, "folder");
}

static int add_all(struct flat *flat, const struct jval *list,
		   struct err *err)
{
	const struct jval *message = jval_first(list);
	int rc = 0;

	for (; rc >= 0 && message; message = message->next) {
		struct app_turn turn = { .value = message };

		turn.key = jval_get_text(message, "id");
		rc = app_add(flat, &turn, err);
	}
	return rc;
}

/* {"thread":{..},"messages":[..]} */
static int jan_thread(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	const struct jval *thread = jval_get(value, "thread");
	const struct jval *list = jval_get(value, "messages");
	struct flat_item item;
	struct app_talk talk = {
		.item = &item, .value = value, .key_member = "id",
	};
	int rc = flat_item(flat, flat->format->session, thread, &item, err);

	if (rc < 0)
		return rc;
	rc = add_all(flat, list, err);
	item.text[FLAT_KEY] = thread_key(flat, thread, list);
	(void)take_same(&item.take, "id", item.text[FLAT_KEY]);
	(void)take_word(&item.take, "object", "thread");
	talk.system = jval_text(jval_at(thread,
					"assistants.0.instructions"));
	if (rc >= 0)
		return app_talk(flat, &talk, err);
	app_forget(flat);
	return rc;
}

static int add_line(void *arg, const struct value_line *line,
		    struct err *err)
{
	struct buf *json = arg;

	(void)err;
	buf_put_char(json, json->data[json->len - 1] == '[' ? ' ' : ',');
	buf_put_span(json, line->text);
	return 0;
}

/* Is it whole? What is torn is told, and the messages come in. */
static int check_thread(struct flat *flat, struct span *thread,
			struct err *err)
{
	struct jdoc *doc = NULL;
	struct err why = ERR_INIT;
	int rc = whole_parse(flat->source, *thread, &doc, &why, err);

	jdoc_free(doc);
	if (rc <= 0)
		return rc;
	*thread = span_str("null");
	return import_skip(flat->source, "a thread.json that cannot be read",
			   NULL, err);
}

/* A thread.json alone is a thread in which nothing was said yet. */
static int give_thread(struct flat *flat, struct err *err)
{
	struct span head = buf_span(&flat->source->input.head);
	struct span thread = beside_get(flat->source, "thread");
	struct buf json = BUF_INIT(BUF_NO_LIMIT);
	const struct lines_visitor visitor = { add_line, &json };
	bool is_alone = !thread.at && !sniff_lines_have(head, "thread_id") &&
		sniff_signs(head, "object assistants");
	int rc = whole_load(flat->source, WHOLE_MAX_BYTES, err);

	if (rc)
		return rc;
	if (is_alone)
		thread = buf_span(&flat->source->input.head);
	if (thread.at)
		rc = check_thread(flat, &thread, err);
	buf_put_str(&json, "{\"thread\":");
	buf_put_span(&json, thread.at ? thread : span_str("null"));
	buf_put_str(&json, ",\"messages\":[");
	if (rc >= 0 && !is_alone)
		rc = whole_lines(flat->job, flat->source, &visitor, err);
	buf_put_str(&json, "]}");
	if (rc >= 0)
		rc = buf_end(&json, err);
	if (rc >= 0)
		rc = flat_give(flat, buf_span(&json), 0, err);
	buf_release(&json);
	return rc;
}

static int jan_read(struct import_job *job, struct import_source *source,
		    struct err *err)
{
	return app_read_given(job, source, give_thread, err);
}

/* --- where it lies --------------------------------------------------------- */

static bool is_named(struct span place, const char *name)
{
	return span_equals(beside_part(place, 0), span_str(name));
}

/* Messages that are none yet are a file of no bytes. */
static enum import_place jan_place(const struct import_input *input,
				   struct span place, const char **out_reason)
{
	*out_reason = NULL;
	if (is_named(place, "thread.json") &&
	    beside_is_there(input, place, "messages.jsonl"))
		return PLACE_BESIDE;
	return is_named(place, "messages.jsonl") &&
	       beside_is_there(input, place, "thread.json") ? PLACE_OWN :
		PLACE_ANYWHERE;
}

static int jan_beside(const struct import_input *input, struct span place,
		      struct beside *to, struct err *err)
{
	int rc = 0;

	if (is_named(place, "messages.jsonl") &&
	    beside_is_there(input, place, "thread.json"))
		rc = beside_file(to, "thread", "thread.json", err);
	return rc < 0 || !beside_part(place, 1).len ? rc :
		beside_say(to, "folder", beside_part(place, 1), err);
}

static bool jan_sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->bundle || input->is_folder)
		return false;
	return (sniff_signs(head, "@object @thread_id @content") &&
		sniff_mentions(head, "thread.message")) ||
	       (sniff_signs(head, "object assistants title") &&
		sniff_mentions(head, "\"thread\""));
}

static const struct flat_row session[] = {
	{ FLAT_TITLE, "title", FLAT_TAKEN },
	{ FLAT_CREATED, "created", FLAT_TAKEN },
	{ FLAT_CREATED, "created_at", FLAT_TAKEN },
	{ FLAT_UPDATED, "updated", FLAT_TAKEN },
	{ FLAT_UPDATED, "updated_at", FLAT_TAKEN },
	{ FLAT_MODEL, "assistants.0.model.id", FLAT_STAYS },
	FLAT_ROWS_END
};

static const struct flat_row turn[] = {
	{ FLAT_ROLE, "role", FLAT_TAKEN },
	{ FLAT_CREATED, "created_at", FLAT_TAKEN },
	{ FLAT_CREATED, "created", FLAT_TAKEN },
	FLAT_ROWS_END
};

static const struct flat_format jan_format = {
	.provider = "jan",
	.value = jan_thread,
	.malformed = "a thread without messages",
	.session = session,
	.turn = turn,
	.roles = app_roles_hidden,
	.no_role = "a speaker of unknown kind: taken as no person",
	.no_turn = "a message that is no object",
	.say = jan_say,
	.time = jan_time,
};

const struct importer jan_importer = {
	.name = "jan",
	.one = "thread of Jan",
	.many = "threads of Jan",
	.construct = "jan",
	.sniff = jan_sniff,
	.place = jan_place,
	.beside = jan_beside,
	.read = jan_read,
	.flat = &jan_format,
	.has_settings = true,
};
