/*
 * wire.jsonl of Kimi Code: a line is something that happened, {"type","time"}.
 * A prompt is one of them; an answer is a step, whose words, thoughts and calls
 * come one by one and are one message as long as nothing comes between.
 */
#include "cmd/import/kimi/kimi_internal.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

struct kimi_code {
	struct span step;	/* the one that is open */
	struct span model;	/* as it was set last */
	struct table prompts;	/* hashes of those that came into the context */
	struct buf text;	/* of the answer at hand, not put yet */
	struct buf thought;
	struct blocks blocks;	/* of the message at hand */
	bool is_answer;
};

static bool is_type(const struct jval *line, const char *type)
{
	return jval_is_text(jval_get(line, "type"), type);
}

static const struct jval *event_of(const struct jval *line)
{
	return is_type(line, "context.append_loop_event") ?
		jval_get(line, "event") : NULL;
}

/* A message in a person's name, of which a program says that it is its own. */
static bool is_typed(const struct jval *line)
{
	const struct jval *message = jval_get(line, "message");
	const struct jval *from = jval_at(message, "origin.kind");

	return jval_is_text(jval_get(message, "role"), "user") &&
	       (!from || jval_is_text(from, "user"));
}

/* --- what there is --------------------------------------------------------- */

static void hash_prompt(const struct jval *content,
			unsigned char out[SHA256_BYTES])
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	kimi_put_texts(content, &text);
	sha256_of(text.data, text.len, out);
	buf_release(&text);
}

static void look_step(struct log *log, const struct jval *event,
		      struct log_turn *turn)
{
	struct kimi_code *code = log->own;
	struct span step = jval_get_text(event, "stepUuid");

	turn->key = jval_get_text(event, "uuid");
	if (is_type(event, "step.begin") && turn->key.len) {
		turn->kind = LINK_ANSWER;
		log_learn(log, &code->step, turn->key);
		return;
	}
	if (is_type(event, "step.end"))
		step = turn->key;
	turn->is_more = code->step.len && !is_type(event, "tool.result") &&
		(!step.len || span_equals(step, code->step));
	turn->kind = is_type(event, "tool.result") ? LINK_RESULT :
		is_type(event, "step.end") ? LINK_OTHER : LINK_ANSWER;
	/* What begins and ends under one id is told apart. */
	if (is_type(event, "step.end") && !turn->is_more)
		turn->key = span_of(NULL, 0);
	if (!turn->is_more)
		code->step = span_of(NULL, 0);
}

static void look_header(struct log *log, const struct jval *line,
			struct log_turn *turn)
{
	struct take take = take_begin(line);

	turn->is_message = false;
	turn->time = take_time_as(&take, "created_at", chat_time_of_ms);
	(void)take_word(&take, "type", "metadata");
	take_rest_under(&take, "wire", &log->about);
}

static void code_look(struct log *log, const struct jval *line,
		      struct log_turn *turn)
{
	struct kimi_code *code = log->own;
	const struct jval *event = event_of(line);
	unsigned char hash[SHA256_BYTES];

	turn->is_message = true;
	turn->kind = LINK_OTHER;
	turn->time = chat_time_of_ms(jval_get(line, "time"));
	if (is_type(line, "metadata") && !log->lines.n) {
		look_header(log, line, turn);
		return;
	}
	if (event) {
		look_step(log, event, turn);
		return;
	}
	code->step = span_of(NULL, 0);
	log_learn(log, &log->session.model, jval_get_text(line, "modelAlias"));
	if (is_type(line, "context.append_message") && is_typed(line)) {
		turn->kind = LINK_PROMPT;
		hash_prompt(jval_at(line, "message.content"), hash);
		fields_fail(&log->about, table_include(&code->prompts, hash,
						       NULL, NULL), NULL);
	}
}

/* --- what is said ---------------------------------------------------------- */

/* Words that came one by one are one text. */
static void close_words(struct kimi_code *code)
{
	if (code->thought.len)
		blocks_thought(&code->blocks, buf_span(&code->thought), NULL);
	if (code->text.len)
		blocks_text(&code->blocks, buf_span(&code->text));
	fields_fail(&code->blocks.parts->fields, code->thought.failed, NULL);
	fields_fail(&code->blocks.parts->fields, code->text.failed, NULL);
	buf_reset(&code->thought);
	buf_reset(&code->text);
}

static void say_part(struct kimi_code *code, struct take *event)
{
	struct take part = take_inner(event, "part");
	bool is_thought = is_type(part.object, "think");
	struct span text = take_text(&part, is_thought ? "think" : "text");

	(void)take_word(&part, "type", is_thought ? "think" : "text");
	if (!text.at || take_left(&part, NULL)) {
		close_words(code);
		blocks_put_one(&code->blocks, part.object);
		return;
	}
	if (is_thought && code->text.len)
		close_words(code);
	buf_put_span(is_thought ? &code->thought : &code->text, text);
}

static void say_call(struct kimi_code *code, struct take *event)
{
	struct span id = take_text(event, "toolCallId");
	struct span name = take_text(event, "name");

	close_words(code);
	blocks_call(&code->blocks, id, name, take_any(event, "args"), NULL);
}

static void say_result(struct kimi_code *code, struct take *event)
{
	struct span id = take_text(event, "toolCallId");
	struct take result = take_inner(event, "result");
	const struct jval *output = take_any(&result, "output");
	bool is_error = take_flag(&result, "isError");

	if (!output)
		output = take_any(&result, "message");
	blocks_result(&code->blocks, id, output, is_error, &result);
}

static void say_event(struct log *log, struct take *line,
		      struct chat_message *message)
{
	struct kimi_code *code = log->own;
	struct take event = take_inner(line, "event");
	const struct jval *type = take_see(&event, "type");
	bool is_result = jval_is_text(type, "tool.result");

	message->role = is_result ? "tool" : "assistant";
	message->model = is_result ? message->model : code->model;
	code->is_answer = !is_result;
	if (jval_is_text(type, "content.part"))
		say_part(code, &event);
	else if (jval_is_text(type, "tool.call"))
		say_call(code, &event);
	else if (is_result)
		say_result(code, &event);
	else if (!jval_is_text(type, "step.begin") &&
		 !jval_is_text(type, "step.end"))
		prose_put(event.object, &log->parts.content);
	if (!log_is_more(log))
		(void)take_same(&event, "uuid", message->key);
	take_rest_under(&event, "event", &log->native);
}

static void say_calls(struct kimi_code *code, const struct jval *calls)
{
	const struct jval *call = jval_first(calls);

	for (; call; call = call->next) {
		struct take take = take_begin(call);
		struct take function = take_inner(&take, "function");
		struct take *in = function.object ? &function : &take;
		struct span id = take_text(&take, "id");
		struct span name = take_text(in, "name");

		blocks_call(&code->blocks, id, name, take_any(in, "arguments"),
			    &take);
	}
}

static void say_appended(struct log *log, struct take *line,
			 struct chat_message *message)
{
	struct kimi_code *code = log->own;
	bool is_prompt = is_typed(line->object);
	struct take inner = take_inner(line, "message");
	const struct jval *role = take_see(&inner, "role");
	const struct jval *content = take_any(&inner, "content");
	const struct jval *call = take_see(&inner, "toolCallId");
	const struct jval *calls = take_value(&inner, "toolCalls", JVAL_ARRAY);

	code->blocks.is_prompt = is_prompt;
	message->role = jval_is_text(role, "user") ? "user" :
		jval_is_text(role, "assistant") ? "assistant" :
		jval_is_text(role, "tool") ? "tool" : "system";
	if (jval_is_text(role, "tool"))
		blocks_result(&code->blocks, jval_text(call), content, false,
			      NULL);
	else if (is_prompt)
		kimi_say_prompt(&code->blocks, content);
	else
		blocks_put(&code->blocks, content);
	say_calls(code, calls);
	message->visibility = blocks_visibility(&code->blocks);
	if (!is_prompt && !strcmp(message->role, "user"))
		message->visibility = "meta";
	if (!strcmp(message->role, "system"))
		message->visibility = "hidden";
	if (jval_is_text(role, message->role))
		take_done(&inner, role);
	take_rest_under(&inner, "message", &log->native);
}

/* What was typed, unless it came into the context, where it is told. */
static void say_turn(struct log *log, struct take *line,
		     struct chat_message *message)
{
	struct kimi_code *code = log->own;
	const struct jval *input = take_see(line, "input");
	const struct jval *from = jval_at(line->object, "origin.kind");
	unsigned char hash[SHA256_BYTES];

	hash_prompt(input, hash);
	if (!input || table_get(&code->prompts, hash, NULL) ||
	    (from && !jval_is_text(from, "user")))
		return;
	code->blocks.is_prompt = true;
	kimi_say_prompt(&code->blocks, take_any(line, "input"));
	message->role = "user";
	message->visibility = blocks_visibility(&code->blocks);
}

/* What only programs care for. */
static bool is_silent(struct span type)
{
	static const char *const silent[] = {
		"config.", "usage.", "tools.", "llm.", "mcp.", "permission.",
		"plan_mode.", "swarm_mode.", "full_compaction.",
		"micro_compaction.", "context.clear", "context.undo",
		"turn.", "metadata", "goal.", "skill.",
	};
	size_t i;

	for (i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		if (span_begins(type, silent[i]))
			return true;
	}
	return false;
}

static void say_line(struct log *log, struct take *line,
		     struct chat_message *message)
{
	struct kimi_code *code = log->own;
	struct span type = jval_text(take_see(line, "type"));
	struct span alias = jval_get_text(line->object, "modelAlias");

	log_learn(log, &code->model, alias);
	if (span_equals(type, span_str("context.append_message"))) {
		say_appended(log, line, message);
	} else if (span_equals(type, span_str("turn.prompt")) ||
		   span_equals(type, span_str("turn.steer"))) {
		say_turn(log, line, message);
	} else if (span_equals(type, span_str("context.apply_compaction"))) {
		buf_put_span(&log->parts.content, take_text(line, "summary"));
		message->visibility = "hidden";
	} else if (!is_silent(type)) {
		prose_put(line->object, &log->parts.content);
	}
}

static void code_say(struct log *log, struct take *line,
		     struct chat_message *message)
{
	struct kimi_code *code = log->own;
	bool is_event = event_of(line->object) != NULL;

	if (!log_is_more(log)) {
		code->blocks = log_blocks(log, false);
		code->is_answer = false;
	}
	/* Each event of an answer keeps its own. */
	if (!take_see(line, "event"))
		(void)take_time_as(line, "time", chat_time_of_ms);
	if (is_event)
		(void)take_word(line, "type", "context.append_loop_event");
	else if (is_type(line->object, "context.append_message"))
		(void)take_word(line, "type", "context.append_message");
	if (is_event)
		say_event(log, line, message);
	else
		say_line(log, line, message);
}

static void code_said(struct log *log, struct chat_message *message)
{
	struct kimi_code *code = log->own;

	close_words(code);
	if (code->is_answer || !strcmp(message->role, "tool"))
		message->visibility = blocks_visibility(&code->blocks);
	/* A step of which nothing came. */
	if (code->is_answer && !log->parts.content.len && !log->parts.count)
		message->visibility = "meta";
}

static const struct log_format code_format = {
	.provider = KIMI,
	.look = code_look,
	.looked = kimi_learn_beside,
	.say = code_say,
	.said = code_said,
};

int kimi_read_code(struct import_job *job, struct import_source *source,
		   struct err *err)
{
	struct kimi_code code = {
		.prompts = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT),
		.thought = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc = log_read(job, source, &code_format, &code, err);

	table_release(&code.prompts);
	buf_release(&code.text);
	buf_release(&code.thought);
	return rc;
}
