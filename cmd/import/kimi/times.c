/*
 * wire.jsonl of Kimi CLI: {"timestamp":<seconds>,"message":{"type","payload"}}.
 * What an answer says comes in pieces, until something else does.
 */
#include "cmd/import/kimi/times.h"

#include "cmd/import/input/whole.h"
#include "cmd/import/kimi/kimi_internal.h"

struct answer {
	struct log_times *times;
	struct buf text;
	struct buf thought;
	struct chat_time begun;
};

/* All of it was said when its first piece was. */
static void end_answer(struct answer *answer)
{
	log_times_add(answer->times, KIMI_SAID_TEXT, buf_span(&answer->text),
		      answer->begun);
	log_times_add(answer->times, KIMI_SAID_THOUGHT,
		      buf_span(&answer->thought), answer->begun);
	buf_reset(&answer->text);
	buf_reset(&answer->thought);
	answer->begun.micros = CHAT_TIME_UNKNOWN;
}

static void begin_answer(struct answer *answer, struct chat_time time)
{
	if (answer->begun.micros == CHAT_TIME_UNKNOWN)
		answer->begun = time;
}

static void take_event(struct answer *answer, const struct jval *type,
		       const struct jval *payload, struct chat_time time)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (jval_is_text(type, "ContentPart")) {
		begin_answer(answer, time);
		if (jval_is_text(jval_get(payload, "type"), "text"))
			buf_put_span(&answer->text,
				     jval_get_text(payload, "text"));
		buf_put_span(&answer->thought,
			     jval_get_text(payload, "think"));
	} else if (jval_is_text(type, "ToolCall")) {
		begin_answer(answer, time);
		log_times_add(answer->times, KIMI_SAID_CALL,
			      jval_get_text(payload, "id"), answer->begun);
	} else if (jval_is_text(type, "ToolResult")) {
		end_answer(answer);
		log_times_add(answer->times, KIMI_SAID_RESULT,
			      jval_get_text(payload, "tool_call_id"), time);
	} else if (jval_is_text(type, "TurnBegin") ||
		   jval_is_text(type, "SteerInput")) {
		end_answer(answer);
		kimi_put_texts(jval_get(payload, "user_input"), &text);
		log_times_add(answer->times, KIMI_SAID_USER, buf_span(&text),
			      time);
	} else if (jval_is_text(type, "StepBegin") ||
		   jval_is_text(type, "StepInterrupted") ||
		   jval_is_text(type, "TurnEnd")) {
		end_answer(answer);
	}
	buf_release(&text);
}

int kimi_read_times(struct span wire, struct log_times *times,
		    struct err *err)
{
	struct answer answer = {
		.times = times, .text = BUF_INIT(BUF_NO_LIMIT),
		.thought = BUF_INIT(BUF_NO_LIMIT),
		.begun = CHAT_TIME_NONE,
	};
	struct value_lines *lines = NULL;
	struct value_line line;
	const struct jval *message;
	int rc;

	if (!wire.len)
		return 0;
	rc = value_lines_new(whole_feed(&wire), &lines, err);
	while (rc >= 0 && (rc = value_lines_next(lines, &line, err)) == 0 &&
	       line.found != FOUND_END) {
		if (line.found == FOUND_BAD)
			continue;
		message = jval_get(line.value, "message");
		take_event(&answer, jval_get(message, "type"),
			   jval_get(message, "payload"),
			   chat_time_of(jval_get(line.value, "timestamp")));
	}
	end_answer(&answer);
	value_lines_free(lines);
	buf_release(&answer.text);
	buf_release(&answer.thought);
	return rc < 0 ? rc : log_times_end(times, err);
}
