/*
 * updates.jsonl: {"timestamp":<seconds>,"params":{"update":{"sessionUpdate",
 * ..}}}. Words come in chunks, one after the other.
 */
#include "cmd/import/agents/grok_build.h"

#include "cmd/import/input/whole.h"

struct chunks {
	struct log_times *times;
	const char *kind;	/* of the words so far */
	struct buf text;
	struct chat_time begun;
};

static void end_chunks(struct chunks *chunks)
{
	log_times_add(chunks->times, chunks->kind, buf_span(&chunks->text),
		      chunks->begun);
	buf_reset(&chunks->text);
	chunks->begun.micros = CHAT_TIME_UNKNOWN;
}

static void add_chunk(struct chunks *chunks, const char *kind,
		      const struct jval *update, struct chat_time time)
{
	if (strcmp(kind, chunks->kind) != 0)
		end_chunks(chunks);
	chunks->kind = kind;
	if (chunks->begun.micros == CHAT_TIME_UNKNOWN)
		chunks->begun = time;
	buf_put_span(&chunks->text, jval_text(jval_at(update,
						      "content.text")));
}

static void take_update(struct chunks *chunks, const struct jval *update,
			struct chat_time time)
{
	const struct jval *what = jval_get(update, "sessionUpdate");
	const struct jval *status = jval_get(update, "status");
	struct span call = jval_get_text(update, "toolCallId");

	if (jval_is_text(what, "user_message_chunk")) {
		add_chunk(chunks, GROK_SAID_USER, update, time);
		return;
	}
	if (jval_is_text(what, "agent_message_chunk")) {
		add_chunk(chunks, GROK_SAID_TEXT, update, time);
		return;
	}
	end_chunks(chunks);
	if (jval_is_text(what, "tool_call"))
		log_times_add(chunks->times, GROK_SAID_CALL, call, time);
	else if (jval_is_text(what, "tool_call_update") &&
		 (jval_is_text(status, "completed") ||
		  jval_is_text(status, "failed")))
		log_times_add(chunks->times, GROK_SAID_RESULT, call, time);
}

int grok_build_read_times(struct span updates, struct log_times *times,
			  struct err *err)
{
	struct chunks chunks = {
		.times = times, .kind = GROK_SAID_USER,
		.text = BUF_INIT(BUF_NO_LIMIT), .begun = CHAT_TIME_NONE,
	};
	struct value_lines *lines = NULL;
	struct value_line line;
	const struct jval *update;
	int rc;

	if (!updates.len)
		return 0;
	rc = value_lines_new(whole_feed(&updates), &lines, err);
	while (rc >= 0 && (rc = value_lines_next(lines, &line, err)) == 0 &&
	       line.found != FOUND_END) {
		if (line.found == FOUND_BAD)
			continue;
		update = jval_at(line.value, "params.update");
		if (!update)
			update = jval_get(line.value, "update");
		if (update)
			take_update(&chunks, update, chat_time_of(
				    jval_get(line.value, "timestamp")));
	}
	end_chunks(&chunks);
	if (rc >= 0)
		rc = buf_end(&chunks.text, err);
	value_lines_free(lines);
	buf_release(&chunks.text);
	return rc < 0 ? rc : log_times_end(times, err);
}
