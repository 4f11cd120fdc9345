/*
 * Conversations of Kiro's first engine: {"conversation_id","history"}, in a
 * column of a row whose key is the folder. An entry is what was asked, or what
 * tools gave back, and what the model answered to it.
 */
#include "cmd/import/agents/clock.h"
#include "cmd/import/agents/kiro/kiro_internal.h"
#include "cmd/import/records/rest.h"

static struct blocks begin_blocks(struct flat *flat, bool is_prompt)
{
	struct blocks blocks = {
		.parts = &flat->parts, .chat = &flat->chat,
		.is_prompt = is_prompt,
	};

	return blocks;
}

/* A choice that is tagged by its name, {"Prompt":{..}}: *out_name. */
static struct take variant(const struct jval *value, struct span *out_name)
{
	const struct jval *only = jval_count(value) == 1 ? jval_first(value) :
		NULL;

	*out_name = only ? only->key : span_of(NULL, 0);
	return take_begin(only);
}

static void put_results(struct blocks *blocks, const struct jval *list)
{
	const struct jval *at = jval_first(list);

	for (; at; at = at->next) {
		struct take take = take_begin(at);
		struct span id = take_text(&take, "tool_use_id");
		const struct jval *content = take_any(&take, "content");
		const struct jval *status = take_see(&take, "status");
		bool is_error = jval_is_text(status, "Error") ||
			jval_is_text(status, "error");

		if (!is_error)
			(void)take_word(&take, "status", "Success");
		if (take.object)
			blocks_result(blocks, id, content, is_error, &take);
		else
			blocks_put(blocks, at);
	}
}

static bool is_known_variant(struct span variant_name)
{
	static const char *const known[] = {
		"Prompt", "ToolUseResults", "CancelledToolUses", NULL
	};
	size_t i;

	for (i = 0; known[i]; i++) {
		if (span_equals(variant_name, span_str(known[i])))
			return true;
	}
	return false;
}

/* What the model was asked, of whichever kind. */
static void put_content(struct blocks *blocks, const struct jval *content,
			struct take *user)
{
	struct span name;
	struct take take = variant(content, &name);
	const struct jval *results;

	if (!take.object) {
		blocks_put(blocks, content);
		take_done(user, content);
		return;
	}
	blocks_text(blocks, take_text(&take, "prompt"));
	results = take_value(&take, "tool_use_results", JVAL_ARRAY);
	if (!blocks->has_text)
		put_results(blocks, results);
	if (!is_known_variant(name) && !blocks->has_text && !blocks->has_result) {
		blocks_put_one(blocks, content);
		take_done(user, content);
	} else if (is_known_variant(name) && !take_left(&take, NULL)) {
		take_done(user, content);
	}
}

/* An answer's own id, by which what led to it is called as well. */
static struct span answer_id(const struct jval *assistant)
{
	struct span name;
	struct take take = variant(assistant, &name);

	return jval_text(take_see(&take, "message_id"));
}

/* Put it, called by the answer to it. */
static int put_asked(struct flat *flat, struct chat_message *message,
		     struct span answer, const char *what, struct err *err)
{
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (answer.len) {
		buf_put_span(&key, answer);
		buf_put_str(&key, what);
		message->key = buf_span(&key);
	}
	rc = buf_end(&key, err);
	if (rc == 0)
		rc = flat_put(flat, message, err);
	buf_release(&key);
	return rc;
}

/* What tools gave back before the person spoke in their place. */
static int put_cancelled(struct flat *flat, const struct jval *content,
			 struct span answer, struct err *err)
{
	struct blocks blocks = begin_blocks(flat, false);
	struct chat_message message = {
		.role = "tool", .visibility = "tool",
		.created = CHAT_TIME_NONE,
	};
	struct span name;
	struct take take = variant(content, &name);
	const struct jval *results = take_see(&take, "tool_use_results");

	if (!jval_get_text(take.object, "prompt").len || !jval_count(results))
		return 0;
	put_results(&blocks, results);
	return put_asked(flat, &message, answer, "+results", err);
}

static int put_user(struct flat *flat, const struct jval *said,
		    struct span answer, struct err *err)
{
	struct blocks blocks = begin_blocks(flat, true);
	struct take user = take_begin(said);
	const struct jval *content = take_see(&user, "content");
	struct span context = take_filled(&user, "additional_context");
	struct chat_message message = { .role = "user" };
	int rc = put_cancelled(flat, content, answer, err);

	if (rc < 0)
		return rc;
	put_content(&blocks, content, &user);
	if (context.len) {
		blocks.has_injected = true;
		part_said(&flat->parts, "injected", context, NULL);
	}
	(void)take_word(&user, "additional_context", "");
	message.created = take_time_as(&user, "timestamp", clock_utc);
	message.role = blocks_role(&blocks, "user");
	message.visibility = blocks_visibility(&blocks);
	take_rest(&user, &flat->native);
	return put_asked(flat, &message, answer, "+asked", err);
}

static void put_call(struct blocks *blocks, const struct jval *call)
{
	struct take take = take_begin(call);
	struct span id = take_text(&take, "id");
	struct span name = take_text(&take, "name");

	(void)take_same(&take, "orig_name", name);
	blocks_call(blocks, id, name, take_any(&take, "args"), &take);
}

static int put_assistant(struct flat *flat, const struct jval *assistant,
			 const struct jval *request, struct err *err)
{
	static const char *const times[] = {
		"stream_end_timestamp_ms", "request_start_timestamp_ms", NULL
	};
	struct blocks blocks = begin_blocks(flat, false);
	struct span name;
	struct take take = variant(assistant, &name);
	const struct jval *call;
	struct chat_message message = {
		.role = "assistant", .created = CHAT_TIME_NONE,
		.model = jval_get_text(request, "model_id"),
	};
	size_t i;

	message.key = take_filled(&take, "message_id");
	if (take.object)
		blocks_put(&blocks, take_any(&take, "content"));
	else
		blocks_put(&blocks, assistant);
	call = jval_first(take_value(&take, "tool_uses", JVAL_ARRAY));
	for (; call; call = call->next)
		put_call(&blocks, call);
	for (i = 0; times[i] && message.created.micros == CHAT_TIME_UNKNOWN; i++)
		message.created = chat_time_of_ms(jval_get(request, times[i]));
	message.visibility = blocks_visibility(&blocks);
	if (!message.model.len)
		message.model = span_of(NULL, 0);
	fields_value(&flat->native, "request_metadata", request);
	take_rest(&take, &flat->native);
	return flat_put(flat, &message, err);
}

/* Older ones are pairs. */
static int put_entry(struct flat *flat, const struct jval *entry,
		     struct err *err)
{
	bool is_pair = jval_is(entry, JVAL_ARRAY);
	const struct jval *user = is_pair ? jval_item(entry, 0) :
		jval_get(entry, "user");
	const struct jval *assistant = is_pair ? jval_item(entry, 1) :
		jval_get(entry, "assistant");
	struct take take = take_begin(entry);
	const struct jval *request = take_value(&take, "request_metadata",
						JVAL_OBJECT);
	int rc = 0;

	if (!jval_is(user, JVAL_OBJECT) && !jval_is(assistant, JVAL_OBJECT))
		return flat_leave_out(flat, flat->format->no_turn, err);
	take_done(&take, user);
	take_done(&take, assistant);
	if (!jval_is(user, JVAL_OBJECT))
		take_rest(&take, &flat->native);
	else
		take_rest_under(&take, "entry", &flat->native);
	if (jval_is(user, JVAL_OBJECT))
		rc = put_user(flat, user, answer_id(assistant), err);
	if (rc == 0 && assistant && !jval_is(assistant, JVAL_NULL))
		rc = put_assistant(flat, assistant, request, err);
	return rc;
}

/* Where it was asked last. */
static struct span folder_of(const struct jval *history)
{
	const struct jval *at = jval_first(history);
	struct span folder = { NULL, 0 };

	for (; at; at = at->next) {
		struct span cwd = jval_text(jval_at(at,
			"user.env_context.env_state."
			"current_working_directory"));

		if (cwd.len)
			folder = cwd;
	}
	return folder;
}

static int put_history(struct flat *flat, struct take *row,
		       struct take *talk, struct err *err)
{
	const struct jval *history = take_any(talk, "history");
	const struct jval *entry = jval_first(history);
	struct span folder = take_filled(row, "key");
	int rc = flat_begin(flat, err);

	for (; rc == 0 && entry; entry = entry->next)
		rc = put_entry(flat, entry, err);
	if (!folder.len)
		folder = folder_of(history);
	fields_said(&flat->native, "cwd", folder);
	take_rest(row, &flat->native);
	take_rest(talk, &flat->native);
	return rc < 0 ? rc : flat_end(flat, err);
}

int kiro_put_conversation(struct flat *flat, struct err *err)
{
	const struct jval *value = flat->given->value;
	const struct jval *inner = jval_get(value, "value");
	struct take row = take_begin(inner ? value : NULL);
	struct take talk = take_begin(inner ? inner : value);
	struct chat_session session = {
		.created = take_time_as(&row, "created_at", clock_utc),
		.updated = take_time_as(&row, "updated_at", clock_utc),
		.model = jval_text(jval_at(talk.object,
					   "model_info.model_id")),
	};
	struct span id = take_filled(&talk, "conversation_id");
	bool is_new;
	int rc;

	if (!jval_is(take_see(&talk, "history"), JVAL_ARRAY))
		return flat_malformed(flat, talk.object ?
				      "a conversation without a history" :
				      "a conversation that is torn", value,
				      err);
	if (!import_is_wanted(flat->job, session.updated.micros))
		return flat_leave_out(flat, FLAT_OLD, err);
	take_done(&row, inner);
	if (!id.len)
		id = jval_text(take_see(&row, "conversation_id"));
	(void)take_same(&row, "conversation_id", id);
	flat->session = session;
	rc = flat_make_key(flat, value, id, &is_new, err);
	/* A row of the older table, which has no ids. */
	if (rc == 0 && inner && !jval_get(value, "conversation_id"))
		is_new &= span_equals(buf_span(&flat->next_key), id) ||
			!id.len;
	if (rc == 0 && !is_new)
		return flat_leave_out(flat, "a conversation that stands "
				      "before", err);
	return rc < 0 ? rc : put_history(flat, &row, &talk, err);
}
