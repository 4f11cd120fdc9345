#include "cmd/import/codex/draft_internal.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

void codex_draft_reset(struct codex_draft *draft)
{
	buf_reset(&draft->content);
	buf_reset(&draft->parts);
	jcs_fields_reset(&draft->result);
	buf_reset(&draft->joined);
	buf_reset(&draft->items);
	buf_reset(&draft->payload);
	buf_reset(&draft->around);
	buf_reset(&draft->turn);
	buf_reset(&draft->usage);
	buf_reset(&draft->model);
	draft->is_full = false;
	draft->is_result = false;
	draft->is_failed = false;
}

void codex_draft_release(struct codex_draft *draft)
{
	buf_release(&draft->content);
	buf_release(&draft->parts);
	jcs_fields_release(&draft->result);
	buf_release(&draft->joined);
	buf_release(&draft->items);
	buf_release(&draft->payload);
	buf_release(&draft->around);
	buf_release(&draft->turn);
	buf_release(&draft->usage);
	buf_release(&draft->model);
}

static const struct take_role roles[] = {
	{ "user", "user" },
	{ "assistant", "assistant" },
	{ "system", "system" },
	{ "developer", "developer" },
	{ "tool", "tool" },
	{ NULL, "system" },
};

static const struct jval *take_blocks(struct take *payload, const char *name)
{
	const struct jval *blocks = take_see(payload, name);

	if (jval_is(blocks, JVAL_STRING) || jval_is(blocks, JVAL_ARRAY) ||
	    jval_is(blocks, JVAL_NULL))
		take_done(payload, blocks);
	return blocks;
}

/* What a person had the shell do is theirs; what came of it is a result. */
static bool fill_shell(struct codex_draft *draft, const struct jval *content)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span command;
	struct span result;

	codex_put_text(content, &text);
	command = codex_shell_command(buf_span(&text));
	result = codex_inside(buf_span(&text), "result");
	if (command.at) {
		draft->visibility = "visible";
		buf_put_span(&draft->content, command);
		draft->is_result = true;
		draft->is_failed = codex_output_failed(NULL, result);
		fields_str(&draft->result, "type", "tool_result");
		fields_said(&draft->result, "content", result);
	}
	buf_fail(&draft->content, text.failed);
	buf_release(&text);
	return command.at != NULL;
}

static bool has_picture(const struct jval *content)
{
	const struct jval *block = jval_is(content, JVAL_ARRAY) ?
		jval_first(content) : NULL;

	while (block && !codex_is_around_picture(jval_get_text(block, "text")))
		block = block->next;
	return block != NULL;
}

static enum codex_how how_typed(const struct codex_line *line,
				const struct jval *content)
{
	if (!line->is_user || line->is_injected)
		return CODEX_AS_READ;
	return line->is_typed || line->author == CODEX_PERSON ||
	       has_picture(content) ? CODEX_AS_TYPED : CODEX_APART;
}

static void fill_message(struct codex_draft *draft, struct chat *chat,
			 struct take *payload, const struct codex_line *line)
{
	const struct jval *content = take_see(payload, "content");
	bool is_spoken;

	draft->role = take_role(payload, "role", roles);
	is_spoken = !strcmp(draft->role, "user") ||
		!strcmp(draft->role, "assistant");
	draft->visibility = line->is_injected || !is_spoken ? "meta" :
		"visible";
	/* What stands around the command is kept as it stands. */
	if (line->is_user && fill_shell(draft, content))
		return;
	(void)take_blocks(payload, "content");
	codex_put_blocks(draft, chat, content, how_typed(line, content),
			 &draft->parts);
	if (codex_is_plain(content, &draft->content))
		buf_reset(&draft->parts);
}

static void fill_reasoning(struct codex_draft *draft, struct chat *chat,
			   struct take *payload)
{
	draft->visibility = "thinking";
	codex_put_blocks(draft, chat, take_blocks(payload, "summary"),
			 CODEX_AS_READ, &draft->parts);
	codex_put_blocks(draft, chat, take_blocks(payload, "content"),
			 CODEX_AS_READ, &draft->parts);
}

static void fill_call(struct codex_draft *draft, struct take *payload)
{
	static const char *const told[] = { "name", "namespace", "arguments",
					    "input", "action", "summary",
					    NULL };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t i;

	draft->visibility = "tool";
	fields_str(&fields, "type", "tool_use");
	fields_value(&fields, "call", take_any(payload, "type"));
	fields_value(&fields, "id", take_any(payload, "call_id"));
	for (i = 0; told[i]; i++)
		fields_value(&fields, told[i], take_any(payload, told[i]));
	codex_put_part(&fields, &draft->parts);
}

static void put_output(struct codex_draft *draft, struct chat *chat,
		       const struct jval *value, struct jcs_fields *fields)
{
	struct take output = take_begin(value);
	struct span text = take_text(&output, "content");
	struct buf items = BUF_INIT(BUF_NO_LIMIT);

	if (jval_is(value, JVAL_STRING)) {
		part_place(&draft->content, jval_text(value), fields);
	} else if (text.at) {
		part_place(&draft->content, text, fields);
		take_rest_under(&output, "native", fields);
	} else if (jval_is(value, JVAL_ARRAY)) {
		codex_put_blocks(draft, chat, value, CODEX_AS_READ, &items);
		buf_put_str(&items, items.len ? "]" : "[]");
		fields_buf(fields, "content", &items);
	} else {
		fields_value(fields, "output", value);
	}
	buf_release(&items);
}

/* Its part is written when all is known of it. */
static void fill_output(struct codex_draft *draft, struct chat *chat,
			struct take *payload)
{
	struct jcs_fields *fields = &draft->result;
	const struct jval *output = take_any(payload, "output");

	draft->role = "tool";
	draft->visibility = "tool";
	draft->is_result = true;
	fields_str(fields, "type", "tool_result");
	fields_value(fields, "call", take_any(payload, "type"));
	fields_value(fields, "tool_use_id", take_any(payload, "call_id"));
	put_output(draft, chat, output, fields);
	draft->is_failed = codex_output_failed(output,
					       buf_span(&draft->content));
}

/* A picture that the model made. */
static void fill_picture(struct codex_draft *draft, struct chat *chat,
			 struct take *payload)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	const struct jval *result = take_see(payload, "result");

	fields_str(&fields, "type", "image");
	if (codex_put_picture(chat, jval_text(result), &fields)) {
		take_done(payload, result);
		codex_put_part(&fields, &draft->parts);
	}
	jcs_fields_release(&fields);
}

/* What the history that a compaction hands on has beside copies. */
static void fill_history(struct codex_draft *draft,
			 const struct codex_skeleton *skeleton,
			 const struct jval *history)
{
	const struct jval *item = jval_first(history);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	for (; item; item = item->next) {
		buf_reset(&text);
		codex_put_text(jval_get(item, "content"), &text);
		if (codex_twins_say(skeleton, buf_span(&text)))
			continue;
		prose_place(&draft->content, item, &fields);
		codex_put_part(&fields, &draft->parts);
	}
	buf_fail(&draft->content, text.failed);
	buf_release(&text);
}

static void fill_item(struct codex_draft *draft, struct chat *chat,
		      const struct codex_record *record,
		      const struct codex_line *line, struct take *payload)
{
	if (span_equals(record->type, span_str("image_generation_call")))
		fill_picture(draft, chat, payload);
	if (span_equals(record->type, span_str("message")))
		fill_message(draft, chat, payload, line);
	else if (span_equals(record->type, span_str("reasoning")))
		fill_reasoning(draft, chat, payload);
	else if (span_ends(record->type, "_output"))
		fill_output(draft, chat, payload);
	else
		fill_call(draft, payload);
}

/* An event's text, and the rest of it. */
static void fill_text(struct codex_draft *draft, const char *role,
		      const char *visibility, struct take *payload,
		      const char *member)
{
	draft->role = role;
	draft->visibility = visibility;
	codex_put_text(take_see(payload, member), &draft->content);
	(void)take_value(payload, member, JVAL_STRING);
}

/* What nobody knows here is kept as it stands, and shown where it has words. */
static void fill_words(struct codex_draft *draft,
		       const struct codex_record *record)
{
	draft->role = "system";
	draft->visibility = span_equals(record->type, span_str("error")) ||
		span_equals(record->type, span_str("stream_error")) ?
		"visible" : "meta";
	prose_put(record->payload, &draft->content);
}

static void fill(struct codex_draft *draft, struct chat *chat,
		 const struct codex_skeleton *skeleton,
		 const struct codex_record *record,
		 const struct codex_line *line, struct take *payload)
{
	draft->role = "assistant";
	switch (record->what) {
	case CODEX_ITEM:
		fill_item(draft, chat, record, line, payload);
		break;
	case CODEX_USER_EVENT:
		fill_text(draft, "user", "visible", payload, "message");
		codex_put_pictures(chat, payload, &draft->parts);
		break;
	case CODEX_AGENT_EVENT:
		fill_text(draft, "assistant", "visible", payload, "message");
		break;
	case CODEX_THOUGHT_EVENT:
		fill_text(draft, "assistant", "thinking", payload, "text");
		break;
	case CODEX_TURN_ITEM:
		codex_fill_turn_item(draft, chat, skeleton, record, line,
				     payload);
		break;
	case CODEX_COMPACTED:
		fill_text(draft, "system", "meta", payload, "message");
		fill_history(draft, skeleton,
			     take_value(payload, "replacement_history",
					JVAL_ARRAY));
		break;
	default:
		fill_words(draft, record);
		*payload = take_begin(record->line);
		return;
	}
	(void)take_same(payload, "type", record->type);
}

void codex_draft_fill(struct codex_draft *draft, struct chat *chat,
		      const struct codex_skeleton *skeleton,
		      const struct codex_record *record,
		      const struct codex_line *line)
{
	struct take payload = take_begin(record->payload);
	struct take around = take_begin(record->line);

	draft->created = codex_time_of(record);
	fill(draft, chat, skeleton, record, line, &payload);
	take_put(&payload, &draft->payload);
	if (payload.object != record->line) {
		(void)take_any(&around, "payload");
		(void)take_any(&around, "type");
		(void)take_time(&around, "timestamp");
		take_put(&around, &draft->around);
	}
	draft->is_full = true;
}

void codex_put_line(const struct codex_record *record,
		    struct jcs_fields *fields)
{
	struct take line = take_begin(record->line);
	struct chat_time time = take_time(&line, "timestamp");

	(void)take_any(&line, "payload");
	(void)take_any(&line, "type");
	fields_time(fields, "created", &time);
	take_rest_under(&line, "line", fields);
}

void codex_draft_item(struct codex_draft *draft, struct jcs_fields *fields)
{
	codex_put_part(fields, &draft->items);
}

struct span codex_draft_parts(struct codex_draft *draft)
{
	struct buf *parts = &draft->parts;

	if (draft->is_result) {
		if (draft->is_failed)
			fields_bool(&draft->result, "is_error", 1);
		codex_put_part(&draft->result, parts);
	}
	if (draft->joined.len || draft->joined.failed) {
		buf_put_char(parts, parts->len ? ',' : '[');
		buf_put(parts, buf_text(&draft->joined) + 1,
			draft->joined.len ? draft->joined.len - 1 : 0);
		buf_fail(parts, draft->joined.failed);
	}
	if (parts->len)
		buf_put_char(parts, ']');
	return buf_span(parts);
}

static void put_native(struct jcs_fields *fields, const char *name,
		       const struct buf *value)
{
	if (value->len || value->failed)
		fields_buf(fields, name, value);
}

int codex_draft_native(struct codex_draft *draft, struct buf *out,
		       struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	if (draft->items.len)
		buf_put_char(&draft->items, ']');
	put_native(&fields, "payload", &draft->payload);
	put_native(&fields, "line", &draft->around);
	put_native(&fields, "turn", &draft->turn);
	put_native(&fields, "usage", &draft->usage);
	put_native(&fields, "items", &draft->items);
	fields_fail(&fields, draft->content.failed, NULL);
	fields_fail(&fields, draft->parts.failed, NULL);
	fields_fail(&fields, draft->model.failed, NULL);
	rc = fields_end(&fields, err);
	fields_put(&fields, out);
	jcs_fields_release(&fields);
	return rc < 0 ? rc : buf_end(out, err);
}
