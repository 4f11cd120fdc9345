/*
 * Sessions of Grok Build: chat_history.jsonl, what its model sees, which has
 * neither ids nor times; summary.json and signals.json tell of the session,
 * updates.jsonl when what was said.
 */
#include "cmd/import/agents/grok_build.h"

#include "cmd/import/agents/agents.h"
#include "cmd/import/beside/home.h"
#include "cmd/import/logs/document.h"
#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "cmd/import/sniff.h"

#define GROK_BUILD "grok-build"
#define HISTORY "chat_history.jsonl"

static bool is_kind(const struct jval *line, const char *kind)
{
	return jval_is_text(jval_get(line, "type"), kind) ||
	       (!jval_get(line, "type") &&
		jval_is_text(jval_get(line, "role"), kind));
}

static bool is_result(const struct jval *line)
{
	return is_kind(line, "tool_result") || is_kind(line, "tool");
}

/* What a person says while it works is theirs. */
static bool is_typed(const struct jval *line)
{
	const struct jval *reason = jval_get(line, "synthetic_reason");

	return is_kind(line, "user") &&
	       (!jval_is(reason, JVAL_STRING) ||
		jval_is_text(reason, "interjection"));
}

/* --- what there is --------------------------------------------------------- */

static void grok_put_words(const struct jval *content, struct buf *out)
{
	const struct jval *part = jval_first(content);

	if (jval_is(content, JVAL_STRING))
		buf_put_span(out, jval_text(content));
	for (; jval_is(content, JVAL_ARRAY) && part; part = part->next)
		buf_put_span(out, jval_get_text(part, "text"));
}

static struct chat_time time_of_line(struct grok_build *grok,
				     const struct jval *line)
{
	struct chat_time time = CHAT_TIME_NONE;

	if (is_result(line))
		return log_times_take(&grok->times, GROK_SAID_RESULT,
				      jval_get_text(line, "tool_call_id"));
	if (!is_kind(line, "assistant") && !is_typed(line))
		return time;
	buf_reset(&grok->text);
	grok_put_words(jval_get(line, "content"), &grok->text);
	time = log_times_take(&grok->times, is_kind(line, "user") ?
			      GROK_SAID_USER : GROK_SAID_TEXT,
			      buf_span(&grok->text));
	if (time.micros != CHAT_TIME_UNKNOWN)
		return time;
	return log_times_take(&grok->times, GROK_SAID_CALL,
			      jval_get_text(jval_first(jval_get(line,
					    "tool_calls")), "id"));
}

static void grok_look(struct log *log, const struct jval *line,
		      struct log_turn *turn)
{
	turn->is_message = true;
	turn->kind = is_typed(line) ? LINK_PROMPT :
		is_kind(line, "assistant") ? LINK_ANSWER :
		is_result(line) ? LINK_RESULT : LINK_OTHER;
	turn->time = time_of_line(log->own, line);
	log_learn(log, &log->session.model, jval_get_text(line, "model_id"));
}

static int learn_summary(struct log *log, const struct jval *summary,
			 struct err *err)
{
	struct take take = take_begin(summary);
	struct take info = take_inner(&take, "info");
	struct chat_session *session = &log->session;
	struct span cwd = take_text(&info, "cwd");

	(void)err;
	log_learn(log, &session->key, take_filled(&info, "id"));
	log_learn(log, &session->title, take_text(&take, "generated_title"));
	if (!session->title.len)
		log_learn(log, &session->title,
			  take_text(&take, "session_summary"));
	log_learn(log, &session->parent,
		  take_filled(&take, "parent_session_id"));
	log_learn(log, &session->model, take_text(&take, "current_model_id"));
	session->created = take_time(&take, "created_at");
	session->updated = take_time(&take, "updated_at");
	if (cwd.len)
		fields_said(&log->about, "cwd", cwd);
	take_rest_under(&info, "info", &log->about);
	take_rest_under(&take, "summary", &log->about);
	return 0;
}

static int learn_signals(struct log *log, const struct jval *signals,
			 struct err *err)
{
	(void)err;
	fields_value(&log->about, "signals", signals);
	return 0;
}

static int grok_begin(struct log *log, struct err *err)
{
	struct grok_build *grok = log->own;
	struct buf updates = BUF_INIT(BUF_NO_LIMIT);
	int rc = log_document(log, "summary", learn_summary, err);

	if (rc == 0)
		rc = log_document(log, "signals", learn_signals, err);
	log_learn_once(log, &log->session.key,
		       beside_get(log->source, "session"));
	if (rc == 0)
		rc = beside_fetch(log->source, "updates", &updates, err);
	if (rc == 0)
		rc = grok_build_read_times(buf_span(&updates), &grok->times,
					   err);
	buf_release(&updates);
	return rc;
}

/* --- what is said ---------------------------------------------------------- */

static void say_thought(struct blocks *blocks, struct take *line)
{
	const struct jval *summary = take_see(line, "summary");
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *part = jval_first(summary);

	for (; part; part = part->next) {
		if (text.len)
			buf_put_str(&text, "\n\n");
		buf_put_span(&text, jval_get_text(part, "text"));
	}
	grok_put_words(take_see(line, "content"), &text);
	fields_fail(&blocks->parts->fields, buf_end(&text, NULL), NULL);
	blocks_thought(blocks, buf_span(&text), line);
	buf_release(&text);
}

/* A tool of the server: {"kind":{"tool_type","action","id","status"}}. */
static void say_backend(struct blocks *blocks, struct take *line)
{
	struct take kind = take_inner(line, "kind");
	const struct jval *action = take_any(&kind, "action");
	struct span id = take_text(&kind, "id");
	struct span name = take_text(&kind, "tool_type");

	blocks_call(blocks, id, name, action ? action :
		    take_any(&kind, "input"), &kind);
}

static void say_result(struct blocks *blocks, struct take *line)
{
	struct span id = take_text(line, "tool_call_id");
	bool is_error = take_flag(line, "is_error");

	blocks_result(blocks, id, take_any(line, "content"), is_error, NULL);
}

static void say_rest(struct log *log, struct blocks *blocks, struct take *line)
{
	if (is_kind(line->object, "system") || is_kind(line->object, "user") ||
	    is_kind(line->object, "assistant"))
		blocks_take_openai(blocks, line);
	else
		prose_put(line->object, &log->parts.content);
}

static void grok_say(struct log *log, struct take *line,
		     struct chat_message *message)
{
	const struct jval *object = line->object;
	struct blocks blocks = log_blocks(log, is_typed(object));
	const struct jval *type = take_see(line, "type");
	const struct jval *role = take_see(line, "role");

	message->model = take_text(line, "model_id");
	if (is_kind(object, "reasoning"))
		say_thought(&blocks, line);
	else if (is_kind(object, "backend_tool_call"))
		say_backend(&blocks, line);
	else if (is_result(object))
		say_result(&blocks, line);
	else
		say_rest(log, &blocks, line);
	message->role = is_result(object) ? "tool" :
		is_kind(object, "user") ? "user" :
		is_kind(object, "assistant") || blocks.has_thought ||
		blocks.has_call ? "assistant" : "system";
	message->visibility = is_kind(object, "system") ? "hidden" :
		(is_kind(object, "user") && !is_typed(object)) ||
		!strcmp(message->role, "system") ? "meta" :
		blocks_visibility(&blocks);
	if (jval_is_text(type, message->role))
		take_done(line, type);
	if (jval_is_text(role, message->role))
		take_done(line, role);
}

static const struct log_format grok_format = {
	.provider = GROK_BUILD,
	.begin = grok_begin,
	.look = grok_look,
	.say = grok_say,
};

static int grok_read(struct import_job *job, struct import_source *source,
		     struct err *err)
{
	struct grok_build grok = {
		.times = LOG_TIMES_INIT, .text = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc = log_read(job, source, &grok_format, &grok, err);

	if (rc == 0)
		rc = log_times_end(&grok.times, err);
	if (rc == 0)
		rc = buf_end(&grok.text, err);
	log_times_release(&grok.times);
	buf_release(&grok.text);
	return rc;
}

/* --- where it lies --------------------------------------------------------- */

/* ~/.grok/sessions/<folder>/<id>/chat_history.jsonl. */
static const struct import_home grok_home = {
	.folder = ".grok",
	.rooms = (const char *const[]){ "sessions", NULL },
	.signs = (const char *const[]){ "user-settings.json", NULL },
	.reason = "of Grok Build, and no part of its sessions",
};

static enum import_place grok_place(const struct import_input *input,
				    struct span place,
				    const char **out_reason)
{
	static const char *const parts[] = {
		"summary.json", "signals.json", "updates.jsonl",
	};
	struct span name = beside_part(place, 0);
	size_t i;

	(void)out_reason;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (span_equals(name, span_str(parts[i])))
			return beside_is_there(input, place, HISTORY) ?
				PLACE_BESIDE : PLACE_ANYWHERE;
	}
	return span_equals(name, span_str(HISTORY)) &&
	       beside_is_there(input, place, "summary.json") ?
		PLACE_OWN : PLACE_ANYWHERE;
}

static int grok_beside(const struct import_input *input, struct span place,
		       struct beside *to, struct err *err)
{
	int rc;

	(void)input;
	if (!span_equals(beside_part(place, 0), span_str(HISTORY)))
		return 0;
	rc = beside_say(to, "session", beside_part(place, 1), err);
	if (rc == 0)
		rc = beside_file(to, "summary", "summary.json", err);
	if (rc == 0)
		rc = beside_file(to, "signals", "signals.json", err);
	return rc < 0 ? rc : beside_later(to, "updates", "updates.jsonl", err);
}

const struct importer grok_build_importer = {
	.name = GROK_BUILD,
	.one = "session of Grok Build",
	.many = "sessions of Grok Build",
	.construct = GROK_BUILD,
	.signs = (const char *const[]){
		"@type @content @prompt_index|@synthetic_reason",
		"@type @content @model_id !uuid|sessionId|message",
		"@role @content @model_id !message_id", NULL
	},
	.home = &grok_home,
	.place = grok_place,
	.beside = grok_beside,
	.read = grok_read,
	.is_of_agents = true,
};
