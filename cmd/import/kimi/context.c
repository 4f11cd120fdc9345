/*
 * context.jsonl of Kimi CLI: {"role","content"}, what the model sees, with its
 * instructions ("_system_prompt") and what the program counts ("_checkpoint",
 * "_usage"). It has no ids and no times, and is begun anew, the old one put
 * away as context_<n>.jsonl, when it is cleared, reverted or compacted: what
 * both begin with has the same keys in both, so they are branches.
 */
#include "cmd/import/beside/beside.h"
#include "cmd/import/kimi/kimi_internal.h"
#include "cmd/import/kimi/older.h"
#include "cmd/import/kimi/times.h"
#include "cmd/import/records/rest.h"

struct kimi_context {
	struct log_times times;
	struct buf text;	/* scratch */
	struct kimi_older older;	/* what a summary stands for */
	bool is_copying;	/* it was begun with it: what was kept follows */
};

static bool is_role(const struct jval *line, const char *role)
{
	return jval_is_text(jval_get(line, "role"), role);
}

/* --- what there is --------------------------------------------------------- */

static int load_times(struct log *log, struct err *err)
{
	struct kimi_context *context = log->own;
	struct buf wire = BUF_INIT(BUF_NO_LIMIT);
	int rc = beside_fetch(log->source, "wire", &wire, err);

	if (rc == 0)
		rc = kimi_read_times(buf_span(&wire), &context->times, err);
	buf_release(&wire);
	return rc;
}

/* One that was put away tells nothing of the session, where the one that came
 * after it does. */
static int look_for_newer(struct log *log, struct err *err)
{
	struct buf newer = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (beside_get(log->source, "newer").at)
		rc = beside_fetch(log->source, "newer", &newer, err);
	log->has_no_session = newer.len > 0;
	buf_release(&newer);
	return rc;
}

/* What was compacted goes on from where the one before it stood. */
static int look_for_older(struct log *log, struct err *err)
{
	struct kimi_context *context = log->own;
	struct buf older = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if (!span_has(buf_span(&log->source->input.head), KIMI_COMPACTED))
		return 0;
	rc = beside_fetch(log->source, "older", &older, err);
	if (rc == 0)
		rc = kimi_read_older(buf_span(&older), &context->older, err);
	buf_release(&older);
	return rc;
}

/* The begin of the source is looked at before others take its place. */
static int context_begin(struct log *log, struct err *err)
{
	int rc = look_for_older(log, err);

	if (rc == 0)
		rc = load_times(log, err);
	return rc < 0 ? rc : look_for_newer(log, err);
}

static struct chat_time time_of_answer(struct kimi_context *context,
				       const struct jval *line)
{
	const struct jval *content = jval_get(line, "content");
	struct chat_time time = CHAT_TIME_NONE;

	buf_reset(&context->text);
	kimi_put_texts(content, &context->text);
	time = log_times_take(&context->times, KIMI_SAID_TEXT,
			      buf_span(&context->text));
	if (time.micros != CHAT_TIME_UNKNOWN)
		return time;
	time = log_times_take(&context->times, KIMI_SAID_CALL,
			      jval_get_text(jval_first(jval_get(line,
					    "tool_calls")), "id"));
	if (time.micros != CHAT_TIME_UNKNOWN)
		return time;
	buf_reset(&context->text);
	kimi_put_thoughts(content, &context->text);
	return log_times_take(&context->times, KIMI_SAID_THOUGHT,
			      buf_span(&context->text));
}

static struct chat_time time_of_line(struct kimi_context *context,
				     const struct jval *line)
{
	static const struct chat_time none = CHAT_TIME_NONE;

	if (is_role(line, "assistant"))
		return time_of_answer(context, line);
	if (is_role(line, "tool"))
		return log_times_take(&context->times, KIMI_SAID_RESULT,
				      jval_get_text(line, "tool_call_id"));
	if (!is_role(line, "user"))
		return none;
	buf_reset(&context->text);
	kimi_put_texts(jval_get(line, "content"), &context->text);
	return log_times_take(&context->times, KIMI_SAID_USER,
			      buf_span(&context->text));
}

/* A summary follows what it stands for; what was kept of that stands there
 * already. */
static void look_summary(struct kimi_context *context,
			 const struct jval *line, struct log_turn *turn)
{
	if (kimi_is_summary(jval_get(line, "content"))) {
		context->is_copying = context->older.said.count > 0;
		turn->after = span_str(context->older.tail);
		turn->kind = LINK_OTHER;
		return;
	}
	context->is_copying = context->is_copying &&
		kimi_older_has(&context->older, line->raw);
	turn->is_copy = context->is_copying;
}

/* Instructions may be put before an old log, so no key rests on them. */
static void context_look(struct log *log, const struct jval *line,
			 struct log_turn *turn)
{
	turn->is_message = true;
	turn->is_aside = span_begins(jval_get_text(line, "role"), "_");
	turn->kind = is_role(line, "user") ? LINK_PROMPT :
		is_role(line, "assistant") ? LINK_ANSWER :
		is_role(line, "tool") ? LINK_RESULT : LINK_OTHER;
	turn->time = time_of_line(log->own, line);
	if (!turn->is_aside)
		look_summary(log->own, line, turn);
}

/* --- what is said ---------------------------------------------------------- */

static bool is_failure(const struct jval *content)
{
	struct span text = jval_is(content, JVAL_ARRAY) ?
		jval_get_text(jval_first(content), "text") :
		jval_text(content);

	return span_begins(text, "<system>ERROR");
}

static void context_say(struct log *log, struct take *line,
			struct chat_message *message)
{
	bool is_user = is_role(line->object, "user");
	struct blocks blocks = log_blocks(log, is_user);
	const struct jval *content = take_see(line, "content");
	const struct jval *role = take_see(line, "role");

	if (kimi_is_summary(content) ||
	    jval_is(jval_get(line->object, "isSummary"), JVAL_TRUE)) {
		blocks.is_prompt = false;
		blocks_put(&blocks, content);
	} else if (is_role(line->object, "tool")) {
		blocks_result(&blocks, take_text(line, "tool_call_id"),
			      content, is_failure(content), NULL);
		message->role = "tool";
	} else if (is_role(line->object, "assistant")) {
		blocks_take_openai(&blocks, line);
		message->role = "assistant";
	} else if (is_user) {
		kimi_say_prompt(&blocks, content);
		message->role = "user";
	} else {
		blocks_put(&blocks, content);
	}
	take_done(line, content);
	message->visibility = blocks_visibility(&blocks);
	if (!strcmp(message->role, "system"))
		message->visibility = is_role(line->object, "_checkpoint") ||
			is_role(line->object, "_usage") ? "meta" : "hidden";
	if (jval_is_text(role, message->role))
		take_done(line, role);
}

static const struct log_format context_format = {
	.provider = KIMI,
	.begin = context_begin,
	.look = context_look,
	.looked = kimi_learn_beside,
	.say = context_say,
};

int kimi_read_context(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct kimi_context context = {
		.times = LOG_TIMES_INIT, .text = BUF_INIT(BUF_NO_LIMIT),
		.older = KIMI_OLDER_INIT,
	};
	int rc = log_read(job, source, &context_format, &context, err);

	if (rc == 0)
		rc = log_times_end(&context.times, err);
	if (rc == 0)
		rc = buf_end(&context.text, err);
	log_times_release(&context.times);
	table_release(&context.older.said);
	buf_release(&context.text);
	return rc;
}
