#include "cmd/import/pi/pi_internal.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

static void says(struct chat_message *message, const char *role,
		 const char *visibility)
{
	message->role = role;
	message->visibility = visibility;
}

/* --- messages -------------------------------------------------------------- */

static void say_user(struct log *log, struct take *inner,
		     struct chat_message *message)
{
	struct blocks blocks = log_blocks(log, true);

	blocks_put(&blocks, take_any(inner, "content"));
	says(message, "user", blocks_visibility(&blocks));
}

/* Why it broke off stands where its words would. */
static void say_assistant(struct log *log, struct take *inner,
			  struct chat_message *message)
{
	struct blocks blocks = log_blocks(log, false);
	struct span error = take_text(inner, "errorMessage");

	message->model = take_text(inner, "model");
	blocks_put(&blocks, take_any(inner, "content"));
	says(message, "assistant", blocks_visibility(&blocks));
	if (!error.len)
		return;
	log_error(log, error);
	message->visibility = "visible";
}

static void say_result(struct log *log, struct take *inner,
		       struct chat_message *message)
{
	struct blocks blocks = log_blocks(log, false);
	struct span call = take_text(inner, "toolCallId");
	bool is_error = take_flag(inner, "isError");

	blocks_result(&blocks, call, take_any(inner, "content"), is_error,
		      NULL);
	says(message, "tool", "tool");
}

/* What a person had the shell do, and its answer. */
static void say_shell(struct log *log, struct take *inner,
		      struct chat_message *message)
{
	struct blocks blocks = log_blocks(log, false);
	const struct jval *output = take_any(inner, "output");
	long long status = 0;

	blocks_text(&blocks, take_text(inner, "command"));
	blocks_result(&blocks, span_of(NULL, 0), output,
		      jval_integer(take_see(inner, "exitCode"), &status) &&
		      status != 0, NULL);
	says(message, "user", "visible");
}

/* What an extension put there, for the person to see or not. */
static void say_custom(struct log *log, struct take *inner,
		       struct chat_message *message)
{
	struct blocks blocks = log_blocks(log, false);

	blocks_put(&blocks, take_any(inner, "content"));
	says(message, "system", take_flag(inner, "display") ? "visible" :
	     "hidden");
}

/* What the model was told instead of what had been said. */
static void say_summary(struct log *log, struct take *inner,
			struct chat_message *message)
{
	buf_put_span(&log->parts.content, take_text(inner, "summary"));
	says(message, "system", "hidden");
}

static void say_system(struct log *log, struct take *inner,
		       struct chat_message *message)
{
	struct blocks blocks = log_blocks(log, false);

	blocks_put(&blocks, take_any(inner, "content"));
	says(message, "system", "hidden");
}

static void say_unknown(struct log *log, struct take *inner,
			struct chat_message *message)
{
	(void)message;
	prose_put(inner->object, &log->parts.content);
}

/* What only programs care for. */
static void say_nothing(struct log *log, struct take *inner,
			struct chat_message *message)
{
	(void)log;
	(void)inner;
	(void)message;
}

struct said {
	const char *word;
	void (*say)(struct log *log, struct take *inner,
		    struct chat_message *message);
};

static const struct said *find_said(const struct said *rows,
				    const struct jval *word)
{
	while (rows->word && !jval_is_text(word, rows->word))
		rows++;
	return rows;
}

static void say_message(struct log *log, struct take *line,
			struct chat_message *message)
{
	static const struct said roles[] = {
		{ "user", say_user },
		{ "assistant", say_assistant },
		{ "toolResult", say_result },
		{ "bashExecution", say_shell },
		{ "custom", say_custom },
		{ "hookMessage", say_custom },
		{ "branchSummary", say_summary },
		{ "compactionSummary", say_summary },
		{ "system", say_system },
		{ NULL, say_unknown }
	};
	struct take inner = take_inner(line, "message");
	const struct jval *role = take_see(&inner, "role");
	const struct said *said = find_said(roles, role);

	said->say(log, &inner, message);
	if (said->word && !strcmp(said->word, message->role))
		take_done(&inner, role);
	take_rest_under(&inner, "message", &log->native);
}

/* --- entries --------------------------------------------------------------- */

static void say_copy(struct log *log, const struct jval *id,
		     struct chat_message *message)
{
	struct pi *pi = log->own;

	if (!jval_text(id).len || !log->session.parent.len ||
	    message->created.micros == CHAT_TIME_UNKNOWN ||
	    message->created.micros >= pi->forked)
		return;
	buf_reset(&pi->entity);
	chat_put_entity(log->provider, log->session.parent, jval_text(id),
			&pi->entity);
	fields_fail(&log->native, buf_end(&pi->entity, NULL), NULL);
	message->copy_of = buf_span(&pi->entity);
}

void pi_say(struct log *log, struct take *line, struct chat_message *message)
{
	static const struct said types[] = {
		{ "message", say_message },
		{ "compaction", say_summary },
		{ "branch_summary", say_summary },
		{ "custom_message", say_custom },
		{ "custom", say_nothing },
		{ "label", say_nothing },
		{ "session_info", say_nothing },
		{ "model_change", say_nothing },
		{ "thinking_level_change", say_nothing },
		{ NULL, say_unknown }
	};
	const struct jval *type = take_see(line, "type");
	bool is_message = jval_is_text(type, "message");

	message->created = take_time(line, "timestamp");
	say_copy(log, take_see(line, "id"), message);
	(void)take_same(line, "id", message->key);
	log_take_parent(line, "parentId", message);
	if (is_message)
		take_done(line, type);
	if (is_message && !jval_is(take_see(line, "message"), JVAL_OBJECT))
		say_unknown(log, line, message);
	else
		find_said(types, type)->say(log, line, message);
}
