/*
 * Sessions of Kiro's command line: <id>.jsonl with <id>.json beside, of lines
 * {"kind","data"}; since its third engine sess_<id>/messages.jsonl with
 * session.json beside, of lines {"timestamp","payload"}.
 */
#include "cmd/import/agents/clock.h"
#include "cmd/import/agents/kiro/kiro_internal.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/logs/log.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

/* --- what is told beside --------------------------------------------------- */

static void learn_first(struct log *log, struct span *what,
			struct take *take, const char *const *names)
{
	for (; *names && !what->len; names++)
		log_learn(log, what, take_text(take, *names));
}

static void learn_time(struct chat_time *time, struct take *take,
		       const char *const *names)
{
	for (; *names && time->micros == CHAT_TIME_UNKNOWN; names++)
		*time = take_time_as(take, *names, clock_utc);
}

/* Models are settings of the session, which stay where they are. */
static void learn_model(struct log *log, const struct jval *about)
{
	static const char *const places[] = {
		"session_state.rts_model_state.model_info.model_id",
		"session_state.rts_model_state.model_info.model_name",
		"modelId", NULL
	};
	size_t i;

	for (i = 0; places[i]; i++)
		log_learn_once(log, &log->session.model,
			       jval_text(jval_at(about, places[i])));
}

static void learn_about(struct log *log, const struct jval *about)
{
	static const char *const ids[] = { "session_id", "id", NULL };
	static const char *const created[] = {
		"created_at", "createdAt", NULL
	};
	static const char *const updated[] = {
		"updated_at", "lastModifiedAt", NULL
	};
	struct chat_session *session = &log->session;
	struct take take = take_begin(about);
	struct span cwd = jval_text(take_see(&take, "cwd"));

	learn_first(log, &session->key, &take, ids);
	log_learn(log, &session->title, take_text(&take, "title"));
	learn_time(&session->created, &take, created);
	learn_time(&session->updated, &take, updated);
	learn_model(log, about);
	if (!cwd.len)
		cwd = jval_text(jval_item(take_see(&take, "workspacePaths"),
					  0));
	else
		(void)take_text(&take, "cwd");
	fields_said(&log->about, "cwd", cwd.len ? cwd : span_of(NULL, 0));
	take_rest(&take, &log->about);
}

static int kiro_begin(struct log *log, struct err *err)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct span text = beside_get(log->source, KIRO_ABOUT);
	struct span stem = kiro_stem(log->source);
	struct jdoc *doc = NULL;

	(void)err;
	if (text.len && jdoc_parse(text, &options, &doc, NULL) == 0)
		learn_about(log, jdoc_root(doc));
	else if (text.len)
		fields_said(&log->about, "unread", text);
	jdoc_free(doc);
	if (!span_equals(stem, span_str("messages")))
		log_learn_once(log, &log->session.key, stem);
	return 0;
}

/* --- lines ----------------------------------------------------------------- */

static bool is_current(const struct jval *line)
{
	return jval_is(jval_get(line, "payload"), JVAL_OBJECT);
}

static void kiro_look(struct log *log, const struct jval *line,
		      struct log_turn *turn)
{
	const struct jval *data = jval_get(line, "data");

	(void)log;
	turn->is_message = true;
	turn->kind = LINK_OTHER;
	turn->key = jval_get_text(data, "message_id");
	if (is_current(line)) {
		turn->key = jval_get_text(line, "id");
		turn->time = clock_utc(jval_get(line, "timestamp"));
	} else {
		turn->time = clock_utc(jval_at(data, "meta.timestamp"));
	}
}

/* What a tool gave is a list of {"kind","data"}: as the list of its data. */
static void put_results(struct blocks *blocks, struct span id,
			const struct jval *content, bool is_error,
			const struct take *rest)
{
	const struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	const struct jval *at = jval_first(content);
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	bool is_plain = jval_is(content, JVAL_ARRAY);

	for (; is_plain && at; at = at->next) {
		const struct jval *data = jval_get(at, "data");

		is_plain = data && jval_count(at) == 2 &&
			(jval_is_text(jval_get(at, "kind"), "text") ||
			 jval_is_text(jval_get(at, "kind"), "json"));
		buf_put_char(&list, list.len ? ',' : '[');
		if (is_plain)
			buf_put_span(&list, data->raw);
	}
	buf_put_str(&list, list.len ? "]" : "[]");
	if (is_plain && buf_end(&list, NULL) == 0 &&
	    jdoc_parse(buf_span(&list), &options, &doc, NULL) == 0)
		content = jdoc_root(doc);
	blocks_result(blocks, id, content, is_error, rest);
	jdoc_free(doc);
	buf_release(&list);
}

static void put_result(struct blocks *blocks, struct take *block,
		       struct take *data)
{
	struct span id = take_text(data, "toolUseId");
	const struct jval *content = take_any(data, "content");
	bool is_error = !take_word(data, "status", "success") &&
		jval_is_text(take_see(data, "status"), "error");

	put_results(blocks, id, content, is_error,
		    take_one_rest(block, data, "data"));
}

static void put_block(struct blocks *blocks, const struct jval *value)
{
	struct take block = take_begin(value);
	const struct jval *kind = take_any(&block, "kind");
	const struct jval *said = take_see(&block, "data");
	struct take data = take_begin(said);
	struct span id;
	struct span name;

	if (jval_is_text(kind, "text") && jval_is(said, JVAL_STRING) &&
	    jval_count(value) == 2) {
		blocks_text(blocks, jval_text(said));
	} else if (jval_is_text(kind, "toolUse") && data.object) {
		id = take_text(&data, "toolUseId");
		name = take_text(&data, "name");
		said = take_any(&data, "input");
		blocks_call(blocks, id, name, said,
			    take_one_rest(&block, &data, "data"));
	} else if (jval_is_text(kind, "toolResult") && data.object) {
		put_result(blocks, &block, &data);
	} else if (jval_is_text(kind, "image")) {
		blocks->has_file = true;
		part_native(blocks->parts, "image", value);
	} else if (jval_is_text(kind, "thinking") ||
		   jval_is_text(kind, "reasoning")) {
		id = data.object ? take_text(&data, "text") : jval_text(said);
		if (!data.object)
			take_done(&block, said);
		blocks_thought(blocks, id,
			       take_one_rest(&block, &data, "data"));
	} else {
		blocks_put_one(blocks, value);
	}
}

static void say_kind(struct log *log, struct take *line,
		     struct chat_message *message)
{
	static const struct take_role words[] = {
		{ "Prompt", "user" }, { "AssistantMessage", "assistant" },
		{ "ToolResults", "tool" }, { NULL, "system" }
	};
	const struct jval *kind = take_see(line, "kind");
	bool is_known;
	struct blocks blocks;
	struct take data = take_begin(take_see(line, "data"));
	const struct jval *content = take_any(&data, "content");
	const struct jval *block = jval_first(content);

	message->role = take_role(line, "kind", words);
	is_known = strcmp(message->role, "system") != 0;
	blocks = log_blocks(log, !strcmp(message->role, "user"));
	if (!jval_is(content, JVAL_ARRAY))
		blocks_put(&blocks, content);
	for (; jval_is(content, JVAL_ARRAY) && block; block = block->next)
		put_block(&blocks, block);
	if (!is_known && !content && data.object)
		part_other(&log->parts, data.object);
	(void)take_same(&data, "message_id", message->key);
	(void)take_word(line, "version", "v1");
	if (is_known) {
		take_done(line, kind);
		message->visibility = blocks_visibility(&blocks);
	}
	if (is_known || content) {
		take_done(line, data.object);
		take_rest(&data, &log->native);
	}
}

static void say_payload(struct log *log, struct take *line,
			struct chat_message *message)
{
	static const struct take_role words[] = {
		{ "user", "user" }, { "assistant", "assistant" },
		{ "tool_call", "assistant" }, { "tool_result", "tool" },
		{ NULL, "system" }
	};
	struct take payload = take_inner(line, "payload");
	const struct jval *type = take_see(&payload, "type");
	struct blocks blocks;
	struct span id;
	struct span name;

	message->role = take_role(&payload, "type", words);
	blocks = log_blocks(log, !strcmp(message->role, "user"));
	if (jval_is_text(type, "tool_call")) {
		id = take_text(&payload, "toolCallId");
		name = take_text(&payload, "toolName");
		blocks_call(&blocks, id, name, take_any(&payload, "args"),
			    NULL);
	} else if (jval_is_text(type, "tool_result")) {
		id = take_text(&payload, "toolCallId");
		(void)take_value(&payload, "success", JVAL_TRUE);
		blocks_result(&blocks, id, take_any(&payload, "content"),
			      jval_is(take_see(&payload, "success"),
				      JVAL_FALSE), NULL);
	} else if (strcmp(message->role, "system") != 0) {
		blocks_put(&blocks, take_any(&payload, "content"));
	} else {
		part_other(&log->parts, payload.object);
		payload = take_begin(NULL);
	}
	if (strcmp(message->role, "system") != 0)
		message->visibility = blocks_visibility(&blocks);
	message->model = take_filled(&payload, "reasoningModelId");
	if (!message->model.len)
		message->model = span_of(NULL, 0);
	(void)take_same(line, "id", message->key);
	(void)take_time_as(line, "timestamp", clock_utc);
	take_rest(&payload, &log->native);
}

static void kiro_say(struct log *log, struct take *line,
		     struct chat_message *message)
{
	if (is_current(line->object))
		say_payload(log, line, message);
	else
		say_kind(log, line, message);
}

static const struct log_format kiro_log = {
	.provider = KIRO,
	.begin = kiro_begin,
	.look = kiro_look,
	.say = kiro_say,
};

int kiro_read_log(struct import_job *job, struct import_source *source,
		  struct err *err)
{
	return log_read(job, source, &kiro_log, NULL, err);
}
