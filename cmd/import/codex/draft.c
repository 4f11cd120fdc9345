#include "cmd/import/codex/codex.h"

#include <stdio.h>

#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

void codex_draft_reset(struct codex_draft *draft)
{
	buf_reset(&draft->content);
	buf_reset(&draft->parts);
	buf_reset(&draft->payload);
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
	buf_release(&draft->turn);
	buf_release(&draft->usage);
	buf_release(&draft->model);
}

/* The parts of a message while they are gathered. */
struct parts {
	struct codex_draft *draft;
	struct chat *chat;
	struct buf *out;	/* items, with commas */
	size_t n;
};

static int write_part(struct parts *parts, struct jcs_fields *fields,
		      struct err *err)
{
	int rc = parts->n++ ? buf_add_char(parts->out, ',', err) : 0;

	return rc < 0 ? rc : jcs_fields_write(fields, parts->out, err);
}

/* Text behind what there is; where it stands is told in the part. */
static int put_text(struct codex_draft *draft, struct jcs_fields *fields,
		    struct span text, struct err *err)
{
	int rc = 0;

	if (draft->content.len)
		rc = buf_add_str(&draft->content, "\n\n", err);
	if (rc >= 0)
		rc = jcs_fields_integer(fields, "start",
					(int64_t)draft->content.len, err);
	if (rc >= 0)
		rc = buf_add_span(&draft->content, text, err);
	if (rc >= 0)
		rc = jcs_fields_integer(fields, "end",
					(int64_t)draft->content.len, err);
	return rc;
}

/* "data:image/png;base64,...": the bytes go to a blob. Returns 1 when that
 * is what it was. */
static int put_image(struct chat *chat, struct jcs_fields *fields,
		     struct span url, struct err *err)
{
	static const char mark[] = ";base64,";
	struct buf bytes = BUF_INIT(BUF_NO_LIMIT);
	struct buf ref = BUF_INIT(BUF_NO_LIMIT);
	const char *comma;
	char media[80];
	size_t len;
	int rc = 0;

	comma = span_begins(url, "data:") ?
		memchr(url.at, ',', url.len < 120 ? url.len : 120) : NULL;
	len = comma ? (size_t)(comma + 1 - url.at) : 0;
	if (len < strlen("data:") + strlen(mark) || len >= sizeof(media) ||
	    memcmp(comma + 1 - strlen(mark), mark, strlen(mark)))
		return 0;
	if (base64_decode(span_of(url.at + len, url.len - len), &bytes,
			  NULL) < 0)
		goto out;
	snprintf(media, sizeof(media), "%.*s",
		 (int)(len - strlen("data:") - strlen(mark)),
		 url.at + strlen("data:"));
	rc = chat_add_blob(chat, buf_span(&bytes), media, &ref, err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "data", buf_span(&ref), err);
	if (rc >= 0)
		rc = 1;
out:
	buf_release(&bytes);
	buf_release(&ref);
	return rc;
}

static int add_block(struct parts *parts, const struct jval *block,
		     struct err *err)
{
	static const char *const of_text[] = { "type", "text", NULL };
	static const char *const of_image[] = { "type", "image_url", NULL };
	const struct jval *text = jval_get(block, "text");
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc = 0;

	if (jval_is(text, JVAL_STRING)) {
		rc = put_text(parts->draft, &fields, jval_text(text), err);
		if (rc >= 0)
			rc = rest_add_under(&fields, "native", block, of_text,
					    err);
	} else {
		rc = put_image(parts->chat, &fields,
			       jval_get_text(block, "image_url"), err);
		if (rc >= 0)
			rc = rest_add_under(&fields, "native", block,
					    rc ? of_image : of_text, err);
	}
	if (rc >= 0)
		rc = rest_add_value(&fields, "type", jval_get(block, "type"),
				    err);
	if (rc >= 0)
		rc = write_part(parts, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

static int add_string(struct parts *parts, const char *type, struct span text,
		      struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	rc = put_text(parts->draft, &fields, text, err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "type", span_str(type), err);
	if (rc >= 0)
		rc = write_part(parts, &fields, err);
	jcs_fields_release(&fields);
	return rc;
}

/* A list of blocks, or a text alone. */
static int add_blocks(struct parts *parts, const struct jval *content,
		      struct err *err)
{
	const struct jval *block;
	int rc = 0;

	if (jval_is(content, JVAL_STRING))
		return add_string(parts, "text", jval_text(content), err);
	if (!jval_is(content, JVAL_ARRAY))
		return 0;
	for (block = jval_first(content); rc >= 0 && block;
	     block = block->next)
		rc = add_block(parts, block, err);
	return rc;
}

/* One text and nothing else needs no list. */
static bool is_plain(const struct jval *content)
{
	const struct jval *block = jval_first(content);

	return jval_is(content, JVAL_STRING) ||
	       (jval_is(content, JVAL_ARRAY) && jval_count(content) == 1 &&
		jval_count(block) == 2 && jval_get(block, "text") &&
		jval_get(block, "type"));
}

static int fill_message(struct codex_draft *draft, struct parts *parts,
			const struct codex_record *record,
			const struct codex_line *line, struct err *err)
{
	static const char *const taken[] = { "type", "role", "content", NULL };
	static const char *const roles[] = { "user", "assistant", "system",
					     "developer", "tool", NULL };
	const struct jval *role = jval_get(record->payload, "role");
	const struct jval *content = jval_get(record->payload, "content");
	size_t i = 0;
	int rc;

	while (roles[i] && !jval_is_text(role, roles[i]))
		i++;
	draft->role = roles[i] ? roles[i] : "system";
	draft->visibility = line->is_injected || i > 1 ? "meta" : "visible";
	rc = add_blocks(parts, content, err);
	if (rc >= 0 && is_plain(content))
		buf_reset(parts->out);
	return rc < 0 ? rc : chat_add_rest(&draft->payload, record->payload,
					   roles[i] ? taken : NULL, err);
}

static int fill_reasoning(struct codex_draft *draft, struct parts *parts,
			  const struct codex_record *record, struct err *err)
{
	static const char *const taken[] = { "type", "summary", "content",
					     NULL };
	int rc;

	draft->visibility = "thinking";
	rc = add_blocks(parts, jval_get(record->payload, "summary"), err);
	if (rc >= 0)
		rc = add_blocks(parts, jval_get(record->payload, "content"),
				err);
	return rc < 0 ? rc : chat_add_rest(&draft->payload, record->payload,
					   taken, err);
}

static int fill_call(struct codex_draft *draft, struct parts *parts,
		     const struct codex_record *record, struct err *err)
{
	static const char *const told[] = { "name", "arguments", "input",
					    "action", NULL };
	static const char *const taken[] = { "name", "arguments", "input",
					     "action", "type", "call_id",
					     NULL };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	size_t i;
	int rc;

	draft->visibility = "tool";
	rc = jcs_fields_text(&fields, "type", span_str("tool_use"), err);
	if (rc >= 0)
		rc = rest_add_value(&fields, "call", jval_get(record->payload,
							 "type"), err);
	if (rc >= 0)
		rc = rest_add_value(&fields, "id", jval_get(record->payload,
						       "call_id"), err);
	for (i = 0; rc >= 0 && told[i]; i++)
		rc = rest_add_value(&fields, told[i],
			       jval_get(record->payload, told[i]), err);
	if (rc >= 0)
		rc = write_part(parts, &fields, err);
	jcs_fields_release(&fields);
	return rc < 0 ? rc : chat_add_rest(&draft->payload, record->payload,
					   taken, err);
}

static int put_output(struct codex_draft *draft, struct parts *parts,
		      struct jcs_fields *fields, const struct jval *output,
		      struct err *err)
{
	struct buf items = BUF_INIT(BUF_NO_LIMIT);
	struct parts inner = { draft, parts->chat, &items, 0 };
	int rc;

	if (jval_is(output, JVAL_STRING))
		return put_text(draft, fields, jval_text(output), err);
	if (jval_is(jval_get(output, "content"), JVAL_STRING)) {
		static const char *const taken[] = { "content", NULL };

		rc = put_text(draft, fields, jval_get_text(output, "content"),
			      err);
		return rc < 0 ? rc : rest_add_under(fields, "native", output,
						    taken, err);
	}
	if (!jval_is(output, JVAL_ARRAY))
		return rest_add_value(fields, "output", output, err);
	rc = buf_add_char(&items, '[', err);
	if (rc >= 0)
		rc = add_blocks(&inner, output, err);
	if (rc >= 0)
		rc = buf_add_char(&items, ']', err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "content", buf_span(&items), err);
	buf_release(&items);
	return rc;
}

static int fill_output(struct codex_draft *draft, struct parts *parts,
		       const struct codex_record *record, struct err *err)
{
	static const char *const taken[] = { "type", "call_id", "output",
					     NULL };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	draft->role = "tool";
	draft->visibility = "tool";
	rc = jcs_fields_text(&fields, "type", span_str("tool_result"), err);
	if (rc >= 0)
		rc = rest_add_value(&fields, "call", jval_get(record->payload,
							 "type"), err);
	if (rc >= 0)
		rc = rest_add_value(&fields, "tool_use_id",
			       jval_get(record->payload, "call_id"), err);
	if (rc >= 0)
		rc = put_output(draft, parts, &fields,
				jval_get(record->payload, "output"), err);
	if (rc >= 0)
		rc = write_part(parts, &fields, err);
	jcs_fields_release(&fields);
	return rc < 0 ? rc : chat_add_rest(&draft->payload, record->payload,
					   taken, err);
}

static bool ends_with(struct span text, const char *end)
{
	size_t len = strlen(end);

	return text.len >= len && !memcmp(text.at + text.len - len, end, len);
}

static int fill_item(struct codex_draft *draft, struct parts *parts,
		     const struct codex_record *record,
		     const struct codex_line *line, struct err *err)
{
	if (span_equals(record->type, span_str("message")))
		return fill_message(draft, parts, record, line, err);
	if (span_equals(record->type, span_str("reasoning")))
		return fill_reasoning(draft, parts, record, err);
	if (ends_with(record->type, "_output"))
		return fill_output(draft, parts, record, err);
	return fill_call(draft, parts, record, err);
}

/* An event's text, and the rest of it. */
static int fill_text(struct codex_draft *draft, const char *role,
		     const char *visibility,
		     const struct codex_record *record, const char *member,
		     struct err *err)
{
	const char *const taken[] = { "type", member, "replacement_history",
				      NULL };
	int rc;

	draft->role = role;
	draft->visibility = visibility;
	rc = codex_add_text(jval_get(record->payload, member),
			    &draft->content, err);
	return rc < 0 ? rc : chat_add_rest(&draft->payload, record->payload,
					   taken, err);
}

static int fill(struct codex_draft *draft, struct parts *parts,
		const struct codex_record *record,
		const struct codex_line *line, struct err *err)
{
	switch (record->what) {
	case CODEX_ITEM:
		return fill_item(draft, parts, record, line, err);
	case CODEX_USER_EVENT:
		return fill_text(draft, "user", "visible", record, "message",
				 err);
	case CODEX_AGENT_EVENT:
		return fill_text(draft, "assistant", "visible", record,
				 "message", err);
	case CODEX_THOUGHT_EVENT:
		return fill_text(draft, "assistant", "thinking", record,
				 "text", err);
	case CODEX_COMPACTED:
		return fill_text(draft, "system", "meta", record, "message",
				 err);
	default:
		draft->role = "system";
		draft->visibility = "meta";
		return chat_add_rest(&draft->payload, record->line, NULL,
				     err);
	}
}

int codex_draft_fill(struct codex_draft *draft, struct chat *chat,
		     const struct codex_record *record,
		     const struct codex_line *line, struct err *err)
{
	struct buf items = BUF_INIT(BUF_NO_LIMIT);
	struct parts parts = { draft, chat, &items, 0 };
	int rc;

	draft->role = "assistant";
	draft->visibility = "visible";
	draft->created = codex_time_of(record);
	rc = fill(draft, &parts, record, line, err);
	if (rc >= 0 && items.len)
		rc = buf_add_char(&draft->parts, '[', err);
	if (rc >= 0 && items.len)
		rc = buf_add_span(&draft->parts, buf_span(&items), err);
	if (rc >= 0 && items.len)
		rc = buf_add_char(&draft->parts, ']', err);
	draft->is_full = rc >= 0;
	buf_release(&items);
	return rc < 0 ? rc : 0;
}
