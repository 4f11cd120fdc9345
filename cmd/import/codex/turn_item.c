#include "cmd/import/codex/draft_internal.h"

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"

static const struct jval *take_either(struct take *take, const char *one,
				      const char *other)
{
	return take_any(take, take_see(take, one) ? one : other);
}

/* --- tools ---------------------------------------------------------------- */

/* What the program calls the tools that it has itself. */
static struct span tool_name(struct take *item, struct span type)
{
	static const struct {
		const char *type;
		const char *name;
	} rows[] = {
		{ "commandexecution", "shell" },
		{ "execcommandend", "shell" },
		{ "filechange", "apply_patch" },
		{ "patchapplyend", "apply_patch" },
		{ "websearch", "web_search" },
		{ "websearchend", "web_search" },
		{ "imageview", "view_image" },
		{ "viewimagetoolcall", "view_image" },
		{ "imagegeneration", "image_generation" },
		{ "imagegenerationend", "image_generation" },
	};
	struct span name = take_filled(item, "tool");
	size_t i;

	for (i = 0; !name.len && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (codex_is_called(type, rows[i].type))
			return span_str(rows[i].name);
	}
	return name.len ? name : type;
}

/* What it was given: its arguments, or what stands for them. */
static void put_input(struct take *item, struct jcs_fields *fields)
{
	static const char *const names[] = {
		"command", "cwd", "interaction_input", "changes", "query",
		"action", "path", "prompt", "revised_prompt", NULL
	};
	struct jcs_fields input = JCS_FIELDS_INIT;
	const struct jval *arguments = take_any(item, "arguments");
	size_t i;

	if (arguments) {
		fields_value(fields, "input", arguments);
		return;
	}
	for (i = 0; names[i]; i++)
		fields_value(&input, names[i], take_any(item, names[i]));
	fields_inner(fields, "input", &input);
	jcs_fields_release(&input);
}

static bool is_failed_status(struct span status)
{
	return span_equals(status, span_str("failed")) ||
	       span_equals(status, span_str("declined")) ||
	       span_equals(status, span_str("error"));
}

static bool is_failure(const struct jval *item)
{
	const struct jval *error = jval_get(item, "error");
	long long code = 0;

	if (!jval_integer(jval_get(item, "exit_code"), &code))
		(void)jval_integer(jval_get(item, "exitCode"), &code);
	return code || is_failed_status(jval_get_text(item, "status")) ||
	       (error && !jval_is(error, JVAL_NULL)) ||
	       jval_is(jval_get(item, "success"), JVAL_FALSE) ||
	       jval_get(jval_get(item, "result"), "Err") ||
	       jval_is(jval_at(item, "result.isError"), JVAL_TRUE) ||
	       jval_is(jval_at(item, "result.Ok.isError"), JVAL_TRUE);
}

/* Does a text end with that already? */
static bool is_there(const struct buf *text, struct span end)
{
	struct span whole = span_trim(buf_span(text), SPAN_BLANKS);

	end = span_trim(end, SPAN_BLANKS);
	return !end.len || (whole.len >= end.len &&
			    !memcmp(whole.at + whole.len - end.len, end.at,
				    end.len));
}

/* What a tool has to say, and what the message says already. */
struct telling {
	struct buf text;
	const struct buf *content;
};

static void put_once(struct telling *telling, struct span text)
{
	if (!is_there(telling->content, text) &&
	    !is_there(&telling->text, text))
		codex_put_piece(&telling->text, text);
}

static void tell_value(struct telling *telling, const struct jval *value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (!value)
		return;
	prose_put(value, &text);
	put_once(telling, buf_span(&text));
	buf_fail(&telling->text, text.failed);
	buf_release(&text);
}

/* All that a command said, once: what says it again goes. */
static void tell_streams(struct telling *telling, struct take *item)
{
	static const char *const names[] = {
		"aggregated_output", "aggregatedOutput", "stdout", "stderr",
		"formatted_output", NULL
	};
	struct span whole = { NULL, 0 };
	struct span text;
	size_t i;

	for (i = 0; names[i]; i++) {
		text = jval_text(take_see(item, names[i]));
		if (!text.at)
			continue;
		/* Streams stand in the whole, as does the model's form. */
		if (i < 2 || !whole.at)
			put_once(telling, text);
		if (i < 2 || !whole.at || span_equals(text, whole) ||
		    !text.len)
			(void)take_text(item, names[i]);
		if (i < 2)
			whole = text;
	}
}

static bool put_made(struct chat *chat, struct take *item,
		     struct jcs_fields *fields)
{
	const struct jval *result = take_see(item, "result");

	if (!codex_put_picture(chat, jval_text(result), fields))
		return false;
	take_done(item, result);
	return true;
}

/*
 * What came of a tool, as fields of its part: its words go to the content, but
 * for those that stand there; a person's own are alone there. What is no text
 * stays in the rest.
 */
static void put_outcome(struct codex_draft *draft, struct chat *chat,
			struct take *item, struct jcs_fields *fields)
{
	static const char *const said[] = {
		"error", "result", "content_items", "contentItems", "results",
		"agents_states", "statuses", NULL
	};
	struct telling telling = { BUF_INIT(BUF_NO_LIMIT), &draft->content };
	size_t i;

	draft->is_failed |= is_failure(item->object);
	fields_value(fields, "exit_code", take_either(item, "exit_code",
						      "exitCode"));
	fields_value(fields, "status", take_any(item, "status"));
	tell_streams(&telling, item);
	if (!put_made(chat, item, fields)) {
		for (i = 0; said[i]; i++)
			tell_value(&telling, take_see(item, said[i]));
	}
	if (!strcmp(draft->role, "user"))
		fields_said(fields, "content", buf_span(&telling.text));
	else if (telling.text.len)
		part_place(&draft->content, buf_span(&telling.text), fields);
	fields_fail(fields, telling.text.failed, NULL);
	take_rest_under(item, "native", fields);
	buf_release(&telling.text);
}

static void fill_done(struct codex_draft *draft, struct chat *chat,
		      const struct codex_record *record, struct take *item)
{
	struct span type = take_filled(item, "type");
	struct take call = take_inner(item, "invocation");
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span id = codex_item_id(record);

	if (item->object == record->payload)
		type = record->type;
	(void)take_filled(item, "id");
	(void)take_filled(item, "call_id");
	draft->role = "tool";
	draft->visibility = "tool";
	if (codex_item_command(item->object).at) {
		draft->role = "user";
		draft->visibility = "visible";
		buf_put_span(&draft->content,
			     codex_item_command(item->object));
	}
	fields_str(&fields, "type", "tool_use");
	fields_said(&fields, "call", type);
	fields_said(&fields, "id", id.len ? id : span_of(NULL, 0));
	fields_said(&fields, "name", tool_name(call.object ? &call : item,
					       type));
	put_input(call.object ? &call : item, &fields);
	take_rest_under(&call, "native", &fields);
	codex_put_part(&fields, &draft->parts);
	draft->is_result = true;
	fields_str(&draft->result, "type", "tool_result");
	fields_said(&draft->result, "call", type);
	fields_said(&draft->result, "tool_use_id", id.len ? id :
		    span_of(NULL, 0));
	put_outcome(draft, chat, item, &draft->result);
}

/* --- words ---------------------------------------------------------------- */

static void fill_said(struct codex_draft *draft, struct chat *chat,
		      struct take *item)
{
	const struct jval *content = take_any(item, "content");

	draft->role = "user";
	draft->visibility = "visible";
	codex_put_blocks(draft, chat, content, CODEX_AS_TYPED, &draft->parts);
	if (codex_is_plain(content, &draft->content))
		buf_reset(&draft->parts);
}

static void fill_answered(struct codex_draft *draft, struct chat *chat,
			  struct take *item)
{
	const struct jval *content = take_any(item, "content");

	draft->visibility = "visible";
	codex_put_blocks(draft, chat, content, CODEX_AS_READ, &draft->parts);
	if (codex_is_plain(content, &draft->content))
		buf_reset(&draft->parts);
}

static void fill_thought(struct codex_draft *draft, struct chat *chat,
			 struct take *item)
{
	draft->visibility = "thinking";
	codex_put_blocks(draft, chat, take_either(item, "summary_text",
						  "summaryText"),
			 CODEX_AS_READ, &draft->parts);
	codex_put_blocks(draft, chat, take_either(item, "raw_content",
						  "rawContent"),
			 CODEX_AS_READ, &draft->parts);
}

static void fill_planned(struct codex_draft *draft, struct take *item)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	draft->visibility = "visible";
	fields_str(&fields, "type", "plan");
	part_place(&draft->content, take_text(item, "text"), &fields);
	codex_put_part(&fields, &draft->parts);
}

static void fill_strange(struct codex_draft *draft, const struct jval *item)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	draft->role = "system";
	draft->visibility = "meta";
	prose_place(&draft->content, item, &fields);
	codex_put_part(&fields, &draft->parts);
}

static void fill_by_kind(struct codex_draft *draft, struct chat *chat,
			 const struct codex_record *record, struct take *item)
{
	switch (codex_kind_of(record)) {
	case CODEX_SAID:
		fill_said(draft, chat, item);
		break;
	case CODEX_HOOKED:
		draft->role = "user";
		draft->visibility = "meta";
		codex_put_blocks(draft, chat, take_any(item, "fragments"),
				 CODEX_AS_READ, &draft->parts);
		break;
	case CODEX_ANSWERED:
		fill_answered(draft, chat, item);
		break;
	case CODEX_THOUGHT:
		fill_thought(draft, chat, item);
		break;
	case CODEX_PLANNED:
		fill_planned(draft, item);
		break;
	case CODEX_DONE:
		fill_done(draft, chat, record, item);
		*item = take_begin(NULL);
		break;
	case CODEX_KIND_NONE:
		fill_strange(draft, item->object);
		*item = take_begin(NULL);
		break;
	}
}

/* What is left of an item, and of the event around it, but for what is known
 * of it: whether it is joined or stands alone. Of an older event the part has
 * all. */
static void put_left(struct codex_draft *draft,
		     const struct codex_skeleton *skeleton,
		     const struct codex_record *record,
		     const struct codex_line *line, struct take *payload,
		     const struct take *item)
{
	struct jcs_fields rest = JCS_FIELDS_INIT;

	if (record->item == record->payload)
		return;
	(void)take_any(payload, "item");
	(void)take_same(payload, "type", record->type);
	(void)take_same(payload, "thread_id", skeleton->session);
	(void)take_same(payload, "turn_id",
			skeleton->turns.at[line->turn].id);
	take_rest(payload, &rest);
	take_rest_under(item, "item", &rest);
	if (line->is_joined)
		codex_put_line(record, &rest);
	if (rest.count || rest.err.code)
		codex_put_part(&rest, &draft->items);
	jcs_fields_release(&rest);
}

void codex_fill_turn_item(struct codex_draft *draft, struct chat *chat,
			  const struct codex_skeleton *skeleton,
			  const struct codex_record *record,
			  const struct codex_line *line, struct take *payload)
{
	struct take item = take_begin(record->item);

	fill_by_kind(draft, chat, record, &item);
	put_left(draft, skeleton, record, line, payload, &item);
	*payload = take_begin(NULL);
}

/* --- joining -------------------------------------------------------------- */

struct joining {
	struct codex_draft *draft;
	struct chat *chat;
	const struct codex_skeleton *skeleton;
	const struct codex_line *line;
};

/* A piece that the message says already, but for what it says beside. */
static void join_known(const struct joining *joining, const struct jval *piece)
{
	struct take take = take_begin(piece);
	const struct jval *marks = take_see(&take, "text_elements");
	struct jcs_fields fields = JCS_FIELDS_INIT;

	(void)take_text(&take, "text");
	(void)!(take_word(&take, "type", "text") ||
		take_word(&take, "type", "Text"));
	if (jval_is(marks, JVAL_ARRAY) && !jval_count(marks))
		take_done(&take, marks);
	if (!take_left(&take, NULL))
		return;
	fields_str(&fields, "type", "marks");
	take_rest_under(&take, "native", &fields);
	codex_put_part(&fields, &joining->draft->joined);
}

/* Texts that the message says already go; others become a part of it. */
static void join_texts(const struct joining *joining,
		       const struct jval *texts)
{
	const struct jval *at = jval_is(texts, JVAL_ARRAY) ?
		jval_first(texts) : texts;
	struct codex_draft *draft = joining->draft;
	const struct jval *text;

	for (; at; at = at == texts ? NULL : at->next) {
		text = jval_is(at, JVAL_STRING) ? at : jval_get(at, "text");
		if (jval_is(text, JVAL_STRING) &&
		    codex_twins_have(joining->skeleton, joining->line,
				     jval_text(text)))
			join_known(joining, at);
		else
			codex_put_block(draft, joining->chat, at,
					CODEX_AS_READ, &draft->joined);
	}
}

/* A picture that the message has not. */
static void join_picture(const struct joining *joining,
			 const struct jval *url, const char *name)
{
	struct codex_draft *draft = joining->draft;
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (codex_put_picture(joining->chat, jval_text(url), &fields)) {
		buf_fail(&text, jcs_fields_write(&fields, &text, NULL));
		if (text.len)
			text.data[text.len - 1] = '\0';
		if (text.len && span_has(buf_span(&draft->parts),
					 text.data + 1))
			goto out;
	} else {
		fields_value(&fields, name, url);
	}
	fields_str(&fields, "type", "image");
	codex_put_part(&fields, &draft->joined);
out:
	buf_fail(&draft->joined, text.failed);
	jcs_fields_release(&fields);
	buf_release(&text);
}

/* The message has a person's text: marks in it and pictures are what is new. */
static void join_said(const struct joining *joining,
		      const struct jval *content)
{
	struct codex_draft *draft = joining->draft;
	const struct jval *at = jval_first(content);

	for (; at; at = at->next) {
		if (jval_is(jval_get(at, "image_url"), JVAL_STRING))
			join_picture(joining, jval_get(at, "image_url"),
				     "url");
		else if (jval_is(jval_get(at, "text"), JVAL_STRING))
			join_known(joining, at);
		else
			codex_put_block(draft, joining->chat, at,
					CODEX_AS_TYPED, &draft->joined);
	}
}

static void join_done(const struct joining *joining,
		      const struct codex_record *record, struct take *item)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	(void)take_filled(item, "id");
	(void)take_filled(item, "call_id");
	fields_str(&fields, "type", "execution");
	fields_said(&fields, "call", item->object == record->payload ?
		    record->type : take_filled(item, "type"));
	put_input(item, &fields);
	put_outcome(joining->draft, joining->chat, item, &fields);
	codex_put_part(&fields, &joining->draft->joined);
	*item = take_begin(NULL);
}

static void join_strange(const struct joining *joining,
			 const struct jval *item)
{
	struct codex_draft *draft = joining->draft;
	struct telling telling = { BUF_INIT(BUF_NO_LIMIT), &draft->content };
	struct jcs_fields fields = JCS_FIELDS_INIT;

	tell_value(&telling, item);
	if (telling.text.len) {
		prose_place(&draft->content, item, &fields);
		codex_put_part(&fields, &draft->joined);
	}
	buf_fail(&draft->joined, telling.text.failed);
	buf_release(&telling.text);
}

static void join_item(const struct joining *joining,
		      const struct codex_record *record, struct take *item)
{
	switch (codex_kind_of(record)) {
	case CODEX_SAID:
		join_said(joining, take_any(item, "content"));
		break;
	case CODEX_HOOKED:
		join_texts(joining, take_any(item, "fragments"));
		break;
	case CODEX_ANSWERED:
		join_texts(joining, take_any(item, "content"));
		break;
	case CODEX_THOUGHT:
		join_texts(joining, take_either(item, "summary_text",
						"summaryText"));
		join_texts(joining, take_either(item, "raw_content",
						"rawContent"));
		break;
	case CODEX_PLANNED:
		join_texts(joining, take_any(item, "text"));
		break;
	case CODEX_DONE:
		join_done(joining, record, item);
		break;
	case CODEX_KIND_NONE:
		join_strange(joining, item->object);
		break;
	}
}

/* What a person typed, as an older event has it. */
static void join_event(const struct joining *joining, struct take *payload)
{
	const struct jval *at =
		jval_first(take_value(payload, "images", JVAL_ARRAY));

	(void)take_text(payload, "message");
	for (; at; at = at->next)
		join_picture(joining, at, "url");
	at = jval_first(take_value(payload, "local_images", JVAL_ARRAY));
	for (; at; at = at->next)
		join_picture(joining, at, "path");
}

void codex_draft_join(struct codex_draft *draft, struct chat *chat,
		      const struct codex_skeleton *skeleton,
		      const struct codex_record *record,
		      const struct codex_line *line)
{
	const struct joining joining = { draft, chat, skeleton, line };
	struct take payload = take_begin(record->payload);
	struct take item = take_begin(record->item);

	if (record->what != CODEX_TURN_ITEM)
		join_event(&joining, &payload);
	else
		join_item(&joining, record, &item);
	put_left(draft, skeleton, record, line, &payload, &item);
}
