#include "cmd/import/codex/codex.h"

#include <stdio.h>

#include "cmd/import/records/part.h"
#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

void codex_draft_reset(struct codex_draft *draft)
{
	buf_reset(&draft->content);
	buf_reset(&draft->parts);
	buf_reset(&draft->payload);
	buf_reset(&draft->around);
	buf_reset(&draft->turn);
	buf_reset(&draft->usage);
	buf_reset(&draft->model);
	draft->is_full = false;
}

void codex_draft_release(struct codex_draft *draft)
{
	buf_release(&draft->content);
	buf_release(&draft->parts);
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

/* The part that these fields are. */
static void put_part(struct jcs_fields *fields, struct buf *list)
{
	buf_put_char(list, list->len ? ',' : '[');
	buf_fail(list, jcs_fields_write(fields, list, NULL));
	jcs_fields_release(fields);
}

/* "data:image/png;base64,...": the bytes go to a blob, the field `data`. */
static void take_image(struct chat *chat, struct take *block,
		       struct jcs_fields *fields)
{
	static const char mark[] = ";base64,";
	const struct jval *value = take_see(block, "image_url");
	struct span url = jval_text(value);
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf ref = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;
	const char *comma;
	char media[80];
	size_t len;

	comma = span_begins(url, "data:") ?
		memchr(url.at, ',', url.len < 120 ? url.len : 120) : NULL;
	len = comma ? (size_t)(comma + 1 - url.at) : 0;
	if (len < strlen("data:") + strlen(mark) || len >= sizeof(media) ||
	    memcmp(comma + 1 - strlen(mark), mark, strlen(mark)) ||
	    base64_decode(span_of(url.at + len, url.len - len), &bytes,
			  NULL) < 0)
		goto out;
	snprintf(media, sizeof(media), "%.*s",
		 (int)(len - strlen("data:") - strlen(mark)),
		 url.at + strlen("data:"));
	fields_fail(fields, chat_add_blob(chat, buf_span(&bytes), media, &ref,
					  &why), &why);
	fields_raw(fields, "data", buf_span(&ref));
	take_done(block, value);
out:
	buf_release(&bytes);
	buf_release(&ref);
}

static void put_block(struct codex_draft *draft, struct chat *chat,
		      const struct jval *value, struct buf *list)
{
	struct take block = take_begin(value);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span text = take_text(&block, "text");

	if (text.at)
		part_place(&draft->content, text, &fields);
	else
		take_image(chat, &block, &fields);
	fields_value(&fields, "type", take_any(&block, "type"));
	if (block.object)
		take_rest_under(&block, "native", &fields);
	else
		fields_value(&fields, "native", value);
	put_part(&fields, list);
}

/* A list of blocks, or a text alone. */
static void put_blocks(struct codex_draft *draft, struct chat *chat,
		       const struct jval *content, struct buf *list)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct jval *block = NULL;

	if (jval_is(content, JVAL_STRING)) {
		part_place(&draft->content, jval_text(content), &fields);
		fields_str(&fields, "type", "text");
		put_part(&fields, list);
	} else if (jval_is(content, JVAL_ARRAY)) {
		block = jval_first(content);
	}
	for (; block; block = block->next)
		put_block(draft, chat, block, list);
}

static const struct jval *take_blocks(struct take *payload, const char *name)
{
	const struct jval *blocks = take_see(payload, name);

	if (jval_is(blocks, JVAL_STRING) || jval_is(blocks, JVAL_ARRAY) ||
	    jval_is(blocks, JVAL_NULL))
		take_done(payload, blocks);
	return blocks;
}

/* One text and nothing else needs no list. */
static bool is_plain(const struct jval *content)
{
	const struct jval *block = jval_first(content);
	const struct jval *type = jval_get(block, "type");

	return jval_is(content, JVAL_STRING) ||
	       (jval_is(content, JVAL_ARRAY) && jval_count(content) == 1 &&
		jval_count(block) == 2 &&
		jval_is(jval_get(block, "text"), JVAL_STRING) &&
		(jval_is_text(type, "input_text") ||
		 jval_is_text(type, "output_text") ||
		 jval_is_text(type, "text")));
}

static void fill_message(struct codex_draft *draft, struct chat *chat,
			 struct take *payload, const struct codex_line *line)
{
	const struct jval *content = take_blocks(payload, "content");
	bool is_spoken;

	draft->role = take_role(payload, "role", roles);
	is_spoken = !strcmp(draft->role, "user") ||
		!strcmp(draft->role, "assistant");
	draft->visibility = line->is_injected || !is_spoken ? "meta" :
		"visible";
	put_blocks(draft, chat, content, &draft->parts);
	if (is_plain(content))
		buf_reset(&draft->parts);
}

static void fill_reasoning(struct codex_draft *draft, struct chat *chat,
			   struct take *payload)
{
	draft->visibility = "thinking";
	put_blocks(draft, chat, take_blocks(payload, "summary"),
		   &draft->parts);
	put_blocks(draft, chat, take_blocks(payload, "content"),
		   &draft->parts);
}

static void fill_call(struct codex_draft *draft, struct take *payload)
{
	static const char *const told[] = { "name", "arguments", "input",
					    "action", NULL };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t i;

	draft->visibility = "tool";
	fields_str(&fields, "type", "tool_use");
	fields_value(&fields, "call", take_any(payload, "type"));
	fields_value(&fields, "id", take_any(payload, "call_id"));
	for (i = 0; told[i]; i++)
		fields_value(&fields, told[i], take_any(payload, told[i]));
	put_part(&fields, &draft->parts);
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
		put_blocks(draft, chat, value, &items);
		buf_put_str(&items, items.len ? "]" : "[]");
		fields_buf(fields, "content", &items);
	} else {
		fields_value(fields, "output", value);
	}
	buf_release(&items);
}

static void fill_output(struct codex_draft *draft, struct chat *chat,
			struct take *payload)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	draft->role = "tool";
	draft->visibility = "tool";
	fields_str(&fields, "type", "tool_result");
	fields_value(&fields, "call", take_any(payload, "type"));
	fields_value(&fields, "tool_use_id", take_any(payload, "call_id"));
	put_output(draft, chat, take_any(payload, "output"), &fields);
	put_part(&fields, &draft->parts);
}

static void fill_item(struct codex_draft *draft, struct chat *chat,
		      const struct codex_record *record,
		      const struct codex_line *line, struct take *payload)
{
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

static void fill(struct codex_draft *draft, struct chat *chat,
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
		break;
	case CODEX_AGENT_EVENT:
		fill_text(draft, "assistant", "visible", payload, "message");
		break;
	case CODEX_THOUGHT_EVENT:
		fill_text(draft, "assistant", "thinking", payload, "text");
		break;
	case CODEX_COMPACTED:
		fill_text(draft, "system", "meta", payload, "message");
		(void)take_value(payload, "replacement_history", JVAL_ARRAY);
		break;
	default:
		draft->role = "system";
		draft->visibility = "meta";
		*payload = take_begin(record->line);
		return;
	}
	(void)take_same(payload, "type", record->type);
}

void codex_draft_fill(struct codex_draft *draft, struct chat *chat,
		      const struct codex_record *record,
		      const struct codex_line *line)
{
	struct take payload = take_begin(record->payload);
	struct take around = take_begin(record->line);

	draft->created = codex_time_of(record);
	fill(draft, chat, record, line, &payload);
	if (draft->parts.len)
		buf_put_char(&draft->parts, ']');
	take_put(&payload, &draft->payload);
	if (payload.object != record->line) {
		(void)take_any(&around, "payload");
		(void)take_any(&around, "type");
		(void)take_time(&around, "timestamp");
		take_put(&around, &draft->around);
	}
	draft->is_full = true;
}

static void put_native(struct jcs_fields *fields, const char *name,
		       const struct buf *value)
{
	if (value->len || value->failed)
		fields_buf(fields, name, value);
}

int codex_draft_native(const struct codex_draft *draft, struct buf *out,
		       struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	put_native(&fields, "payload", &draft->payload);
	put_native(&fields, "line", &draft->around);
	put_native(&fields, "turn", &draft->turn);
	put_native(&fields, "usage", &draft->usage);
	fields_fail(&fields, draft->content.failed, NULL);
	fields_fail(&fields, draft->parts.failed, NULL);
	fields_fail(&fields, draft->model.failed, NULL);
	rc = fields_end(&fields, err);
	fields_put(&fields, out);
	jcs_fields_release(&fields);
	return rc < 0 ? rc : buf_end(out, err);
}
