#include "cmd/import/opencode/opencode_internal.h"

#include "cmd/import/records/rest.h"
#include "lib/base/array.h"
#include "lib/id/encode.h"

#define DATA_URL "data:"
#define BASE64_MARK ";base64,"

static void add_object(struct buf *list, struct jcs_fields *fields)
{
	buf_put_char(list, list->len ? ',' : '[');
	buf_fail(list, jcs_fields_write(fields, list, NULL));
	jcs_fields_release(fields);
}

/* What was not understood of a part, with its id, in the order of the parts:
 * so each can be written again. Its columns apart: only a database has them. */
static void note(struct opencode *reading, struct opencode_layers *layers)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields columns = JCS_FIELDS_INIT;
	struct span id = take_filled(&layers->outer, "id");

	take_rest(&layers->inner, &fields);
	if (!take_see(&layers->inner, "id"))
		fields_said(&fields, "id", id);
	add_object(&reading->notes, &fields);
	if (!take_left(&layers->outer, NULL))
		return;
	fields_said(&columns, "id", id);
	take_rest(&layers->outer, &columns);
	add_object(&reading->rows, &columns);
}

static void end_list(struct opencode *reading, const char *name,
		     struct buf *list)
{
	if (list->len) {
		buf_put_char(list, ']');
		fields_buf(&reading->native, name, list);
	}
	buf_reset(list);
}

/* --- files ----------------------------------------------------------------- */

/* "data:image/png;base64,...": its bytes; false: it is no such. */
static bool decode_url(struct span url, struct buf *out)
{
	size_t at = span_find(url, BASE64_MARK, 0);

	if (!span_begins(url, DATA_URL) || at == SPAN_NOWHERE)
		return false;
	at += strlen(BASE64_MARK);
	return base64_decode_wrapped(span_of(url.at + at, url.len - at), out,
				     NULL) == 0 && out->len;
}

/* {"mime","filename","url","source"} */
static void put_file(struct opencode *reading, struct take *file)
{
	struct jcs_fields *fields = &reading->parts.fields;
	struct span media = take_text(file, "mime");
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf ref = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	const struct jval *url = take_see(file, "url");
	char type[128] = "application/octet-stream";

	if (media.len && media.len < sizeof(type)) {
		memcpy(type, media.at, media.len);
		type[media.len] = '\0';
	}
	reading->blocks.has_file = true;
	part_begin(&reading->parts, span_begins(media, "image/") ? "image" :
		   "file");
	fields_said(fields, "media_type", media);
	fields_said(fields, "name", take_text(file, "filename"));
	if (decode_url(jval_text(url), &bytes)) {
		fields_fail(fields, chat_add_blob(&reading->chat,
						  buf_span(&bytes), type, &ref,
						  &why), &why);
		fields_raw(fields, "data", buf_span(&ref));
		take_done(file, url);
	} else {
		fields_said(fields, "url", take_text(file, "url"));
	}
	part_end(&reading->parts);
	buf_release(&bytes);
	buf_release(&ref);
}

/* --- messages -------------------------------------------------------------- */

/* What was collected of the message as one of its own; its native, too. */
static int put_one(struct opencode *reading, struct chat_message *message,
		   struct err *err)
{
	int rc;

	message->index = reading->index++;
	message->content = buf_span(&reading->parts.content);
	if (reading->last.len)
		message->parent = buf_span(&reading->last);
	end_list(reading, "parts", &reading->notes);
	end_list(reading, "rows", &reading->rows);
	buf_reset(&reading->native_text);
	fields_put(&reading->native, &reading->native_text);
	rc = buf_end(&reading->native_text, err);
	if (reading->native_text.len)
		message->native = buf_span(&reading->native_text);
	if (rc == 0)
		rc = parts_list(&reading->parts, &message->parts, err);
	if (rc == 0)
		rc = chat_put_message(&reading->chat, message, err);
	buf_reset(&reading->last);
	if (rc == 0)
		rc = buf_add_span(&reading->last, message->key, err);
	jcs_fields_reset(&reading->native);
	parts_reset(&reading->parts);
	return rc;
}

static void forget_blocks(struct opencode *reading)
{
	const struct blocks blocks = {
		.parts = &reading->parts, .chat = &reading->chat,
		.is_prompt = reading->blocks.is_prompt,
	};

	reading->blocks = blocks;
}

static const char *visibility_of(const struct opencode *reading)
{
	const struct blocks *blocks = &reading->blocks;

	if (reading->is_summary ||
	    (reading->is_compaction && !blocks->has_text))
		return "meta";
	return blocks_visibility(blocks);
}

/* {"status","input","output"|"error","metadata","title","time",
 * "attachments"}: what the tool said, as a message of its own. */
static int put_result(struct opencode *reading, const struct jval *part,
		      struct err *err)
{
	struct opencode_layers layers = opencode_layers(part);
	struct take state = take_inner(&layers.inner, "state");
	bool is_error = jval_is_text(take_see(&state, "status"), "error");
	const struct jval *said = take_see(&state, is_error ? "error" :
					   "output");
	const struct jval *file = jval_first(take_see(&state, "attachments"));
	struct chat_message message = {
		.key = opencode_id(&layers, "id", "id"), .role = "tool",
		.visibility = "tool", .model = reading->message.model,
		.created = chat_time_of_ms(jval_at(state.object, "time.end")),
	};
	struct opencode_layers files;

	if (message.created.micros == CHAT_TIME_UNKNOWN)
		message.created = reading->message.created;
	fields_said(&reading->native, "message", reading->id);
	take_done(&state, said);
	take_done(&state, take_see(&state, "input"));
	take_done(&state, take_see(&state, "attachments"));
	blocks_result(&reading->blocks, take_text(&layers.inner, "callID"),
		      said, is_error, &state);
	for (; file; file = file->next) {
		files = opencode_layers(file);
		put_file(reading, &files.inner);
		note(reading, &files);
	}
	return put_one(reading, &message, err);
}

int opencode_flush(struct opencode *reading, struct err *err)
{
	struct chat_message message = reading->message;
	size_t i;
	int rc;

	message.key = buf_span(&reading->segment);
	message.created = reading->began;
	message.visibility = visibility_of(reading);
	if (!span_equals(message.key, reading->id))
		fields_said(&reading->native, "message", reading->id);
	rc = put_one(reading, &message, err);
	forget_blocks(reading);
	for (i = 0; rc == 0 && i < reading->results.n; i++) {
		rc = put_result(reading, reading->results.at[i].part, err);
		forget_blocks(reading);
	}
	reading->results.n = 0;
	return rc;
}

/* What follows on results stands behind them. */
static int begin_segment(struct opencode *reading, struct span id,
			 struct chat_time began, struct err *err)
{
	int rc;

	if (!reading->results.n || !id.len)
		return 0;
	rc = opencode_flush(reading, err);
	buf_reset(&reading->segment);
	if (rc == 0)
		rc = buf_add_span(&reading->segment, id, err);
	if (began.micros != CHAT_TIME_UNKNOWN)
		reading->began = began;
	return rc;
}

/* --- parts ----------------------------------------------------------------- */

static int put_tool(struct opencode *reading, struct opencode_layers *layers,
		    const struct jval *part, struct err *err)
{
	const struct jval *state = take_see(&layers->inner, "state");
	const struct jval *status = jval_get(state, "status");
	struct opencode_result result = { part };
	int rc;

	blocks_call(&reading->blocks, take_text(&layers->inner, "callID"),
		    take_text(&layers->inner, "tool"),
		    jval_get(state, "input"), NULL);
	if (!jval_is_text(status, "completed") &&
	    !jval_is_text(status, "error"))
		return 0;
	/* The message of the result has all else of it. */
	take_done(&layers->inner, state);
	rc = array_room(&reading->results, err);
	if (rc == 0)
		reading->results.at[reading->results.n++] = result;
	return rc;
}

static void put_said(struct opencode *reading, struct take *part)
{
	struct span text = take_text(part, "text");

	if (jval_is(take_see(part, "synthetic"), JVAL_TRUE) &&
	    reading->blocks.is_prompt) {
		reading->blocks.has_injected = true;
		part_said(&reading->parts, "injected", text, NULL);
	} else {
		blocks_text(&reading->blocks, text);
	}
}

/* {"attempt","error":{"name","data":{"message"}}} */
static void put_retry(struct opencode *reading, const struct take *part)
{
	const struct jval *error = take_see(part, "error");
	const struct jval *said = jval_at(error, "data.message");

	part_said(&reading->parts, "error", jval_text(said ? said :
			jval_get(error, "name")), NULL);
}

/* Of what a program did between, and of the names in a text. */
static bool is_silent(const struct jval *type)
{
	static const char *const words[] = {
		"step-start", "step-finish", "snapshot", "patch", "agent", NULL
	};
	size_t i;

	for (i = 0; words[i] && !jval_is_text(type, words[i]); )
		i++;
	return words[i] != NULL;
}

/* Does it stand behind what calls before it gave back? */
static bool begins(const struct jval *type)
{
	return jval_is_text(type, "step-start") ||
	       (!is_silent(type) && !jval_is_text(type, "tool"));
}

static int put_typed(struct opencode *reading,
		     struct opencode_layers *layers, const struct jval *part,
		     struct err *err)
{
	const struct jval *type = take_see(&layers->inner, "type");
	int rc = 0;

	if (jval_is_text(type, "text"))
		put_said(reading, &layers->inner);
	else if (jval_is_text(type, "reasoning"))
		blocks_thought(&reading->blocks,
			       take_text(&layers->inner, "text"), NULL);
	else if (jval_is_text(type, "tool"))
		rc = put_tool(reading, layers, part, err);
	else if (jval_is_text(type, "file"))
		put_file(reading, &layers->inner);
	else if (jval_is_text(type, "retry"))
		put_retry(reading, &layers->inner);
	else if (jval_is_text(type, "compaction"))
		reading->is_compaction = true;
	else if (!is_silent(type))
		blocks_put_one(&reading->blocks, layers->inner.object);
	return rc;
}

int opencode_put_part(struct opencode *reading, const struct jval *part,
		      struct err *err)
{
	struct opencode_layers layers = opencode_layers(part);
	struct opencode_layers seen = layers;
	const struct jval *began = jval_at(layers.inner.object, "time.start");
	int rc = 0;

	if (!layers.inner.object)
		rc = import_malformed(reading->job, reading->source,
				      "a part that is torn", 0, part->raw,
				      err);
	if (rc == 0 && begins(take_see(&layers.inner, "type")))
		rc = begin_segment(reading, opencode_id(&seen, "id", "id"),
				   chat_time_of_ms(began), err);
	if (rc < 0)
		return rc;
	opencode_take_nulls(&layers.outer);
	(void)take_same(&layers.inner, "sessionID", reading->key);
	(void)take_same(&layers.inner, "messageID", reading->id);
	(void)take_same(&layers.outer, "session_id", reading->key);
	(void)take_same(&layers.outer, "message_id", reading->id);
	if (layers.inner.object)
		rc = put_typed(reading, &layers, part, err);
	note(reading, &layers);
	return rc;
}
