#include "cmd/import/codex/codex.h"

#include <stdio.h>

#include "lib/base/text.h"

/* Of the type of a line, then of its payload. */
struct row {
	const char *type;
	enum codex_what what;
};

static const struct row lines_of[] = {
	{ "session_meta", CODEX_META },
	{ "turn_context", CODEX_TURN },
	{ "response_item", CODEX_ITEM },
	{ "event_msg", CODEX_WORDS },
	{ "compacted", CODEX_COMPACTED },
	{ "token_usage_record", CODEX_USAGE },
	{ "rollout_reference", CODEX_REFERENCE },
	{ "world_state", CODEX_LEFT_OUT },
	{ NULL, CODEX_OTHER },
};

/* What is said in others is shown. */
static const struct row events[] = {
	{ "user_message", CODEX_USER_EVENT },
	{ "agent_message", CODEX_AGENT_EVENT },
	{ "agent_reasoning", CODEX_THOUGHT_EVENT },
	{ "agent_reasoning_raw_content", CODEX_THOUGHT_EVENT },
	{ "item_completed", CODEX_TURN_ITEM },
	{ "item_started", CODEX_TURN_ITEM },
	{ "item_updated", CODEX_TURN_ITEM },
	{ "exec_command_end", CODEX_TURN_ITEM },
	{ "patch_apply_end", CODEX_TURN_ITEM },
	{ "mcp_tool_call_end", CODEX_TURN_ITEM },
	{ "dynamic_tool_call_response", CODEX_TURN_ITEM },
	{ "web_search_end", CODEX_TURN_ITEM },
	{ "view_image_tool_call", CODEX_TURN_ITEM },
	{ "image_generation_end", CODEX_TURN_ITEM },
	{ "collab_agent_spawn_end", CODEX_TURN_ITEM },
	{ "collab_agent_interaction_end", CODEX_TURN_ITEM },
	{ "collab_waiting_end", CODEX_TURN_ITEM },
	{ "collab_close_end", CODEX_TURN_ITEM },
	{ "collab_resume_end", CODEX_TURN_ITEM },
	{ "task_started", CODEX_TURN },
	{ "turn_started", CODEX_TURN },
	{ "token_count", CODEX_USAGE },
	{ "thread_rolled_back", CODEX_ROLLBACK },
	{ "thread_name_updated", CODEX_NAME },
	{ "thread_settings_applied", CODEX_LEFT_OUT },
	{ "session_configured", CODEX_LEFT_OUT },
	{ "raw_response_item", CODEX_LEFT_OUT },
	{ NULL, CODEX_WORDS },
};

static const struct row items[] = {
	{ "message", CODEX_ITEM },
	{ "reasoning", CODEX_ITEM },
	{ "function_call", CODEX_ITEM },
	{ "function_call_output", CODEX_ITEM },
	{ "custom_tool_call", CODEX_ITEM },
	{ "custom_tool_call_output", CODEX_ITEM },
	{ "local_shell_call", CODEX_ITEM },
	{ "local_shell_call_output", CODEX_ITEM },
	{ "web_search_call", CODEX_ITEM },
	{ "image_generation_call", CODEX_ITEM },
	{ "tool_search_call", CODEX_ITEM },
	{ "tool_search_output", CODEX_ITEM },
	{ "tool_search_call_output", CODEX_ITEM },
	{ "ghost_snapshot", CODEX_LEFT_OUT },
	{ NULL, CODEX_OTHER },
};

static enum codex_what line_find(const struct row *rows, struct span type)
{
	while (rows->type && !span_equals(type, span_str(rows->type)))
		rows++;
	return rows->what;
}

/* Pieces of what follows as a whole. */
static bool is_piece(struct span type)
{
	return span_ends(type, "_delta") || span_ends(type, "_begin");
}

/* An item, which some programs leave without a type. */
static void item_record(struct codex_record *out)
{
	if (!out->type.at && jval_get(out->payload, "role") &&
	    jval_get(out->payload, "content"))
		out->type = span_str("message");
	out->what = line_find(items, out->type);
}

static void event_record(struct codex_record *out)
{
	const struct jval *item = jval_get(out->payload, "item");

	out->what = is_piece(out->type) ? CODEX_LEFT_OUT :
		line_find(events, out->type);
	if (out->what != CODEX_TURN_ITEM)
		return;
	out->item = out->payload;
	if (span_begins(out->type, "item_"))
		out->item = item;
	if (!jval_is(out->item, JVAL_OBJECT)) {
		out->item = NULL;
		out->what = CODEX_WORDS;
	}
}

/* A line of the first releases, or of another file of the program. */
static void bare_record(const struct jval *line, struct codex_record *out)
{
	out->payload = line;
	out->type = jval_get_text(line, "type");
	if (out->type.len) {
		item_record(out);
	} else if (jval_get_text(line, "thread_name").at) {
		out->what = CODEX_INDEX;
	} else if (jval_get_text(line, "session_id").len &&
		   jval_get(line, "ts")) {
		out->what = CODEX_HISTORY;
	} else if (jval_get_text(line, "id").len &&
		   jval_get(line, "timestamp")) {
		out->what = CODEX_META;
	} else if (jval_get(line, "record_type")) {
		out->what = CODEX_LEFT_OUT;
		out->reason = "state record";
	} else {
		out->what = CODEX_OTHER;
	}
}

void codex_record_of(const struct jval *line, struct codex_record *out)
{
	struct span type = jval_get_text(line, "type");

	memset(out, 0, sizeof(*out));
	out->line = line;
	out->payload = jval_get(line, "payload");
	if (!jval_is(line, JVAL_OBJECT)) {
		out->payload = line;
		out->reason = "value that is no record";
		return;
	}
	if (!jval_is(out->payload, JVAL_OBJECT) || !type.len) {
		bare_record(line, out);
		return;
	}
	out->type = jval_get_text(out->payload, "type");
	out->what = line_find(lines_of, type);
	if (span_equals(type, span_str("response_item")))
		item_record(out);
	else if (span_equals(type, span_str("event_msg")))
		event_record(out);
	else
		out->type = type;
}

/* Types are words of the program: what else stands there is not shown. */
static bool is_word(struct span type)
{
	size_t i;

	for (i = 0; i < type.len; i++) {
		char c = type.at[i];

		if (!(c == '_' || (c >= 'a' && c <= 'z') ||
		      (c >= '0' && c <= '9')))
			return false;
	}
	return type.len && type.len <= 60;
}

void codex_reason(const struct codex_record *record, char *text, size_t size)
{
	bool is_event = jval_is_text(jval_get(record->line, "type"),
				     "event_msg");

	if (record->reason)
		snprintf(text, size, "%s", record->reason);
	else if (is_word(record->type))
		snprintf(text, size, "%s: %.*s", is_event ? "event" :
			 "record", (int)record->type.len, record->type.at);
	else
		snprintf(text, size, "%s of an unknown type",
			 is_event ? "event" : "record");
}

struct chat_time codex_time_of(const struct codex_record *record)
{
	struct chat_time time = chat_time_of(jval_get(record->line,
						      "timestamp"));

	struct chat_time inner;

	if (time.micros != CHAT_TIME_UNKNOWN)
		return time;
	inner = chat_time_of(jval_get(record->payload, "timestamp"));
	return inner.micros == CHAT_TIME_UNKNOWN && time.flags ? time : inner;
}
