#include "cmd/import/claude_code/claude_code.h"

#include <stdlib.h>

#include "cmd/import/records/prose.h"
#include "cmd/import/records/rest.h"
#include "lib/json/jcs_scan.h"

int cc_draft_new(struct cc_draft **out, struct err *err)
{
	static const struct buf empty = BUF_INIT(BUF_NO_LIMIT);
	static const struct table blocks = TABLE_INIT(SHA256_BYTES,
						      TABLE_NO_LIMIT);
	struct cc_draft *draft = calloc(1, sizeof(*draft));

	if (!draft)
		return err_set(err, ERR_NOMEM, "out of memory");
	draft->content = empty;
	draft->parts = empty;
	draft->record = empty;
	draft->about = empty;
	draft->best = empty;
	draft->abouts = empty;
	draft->lines = empty;
	draft->result = empty;
	draft->model = empty;
	draft->blocks = blocks;
	*out = draft;
	return 0;
}

void cc_draft_reset(struct cc_draft *draft)
{
	buf_reset(&draft->content);
	buf_reset(&draft->parts);
	buf_reset(&draft->record);
	buf_reset(&draft->about);
	buf_reset(&draft->best);
	buf_reset(&draft->abouts);
	buf_reset(&draft->lines);
	buf_reset(&draft->result);
	buf_reset(&draft->model);
	table_reset(&draft->blocks);
	draft->role = NULL;
	draft->before = NULL;
	draft->visibility = NULL;
	draft->has_text = false;
	draft->told = CC_TOLD_NOTHING;
	draft->has_thinking = false;
	draft->has_call = false;
	draft->has_result = false;
	draft->names_file = false;
}

void cc_draft_free(struct cc_draft *draft)
{
	if (!draft)
		return;
	buf_release(&draft->content);
	buf_release(&draft->parts);
	buf_release(&draft->record);
	buf_release(&draft->about);
	buf_release(&draft->best);
	buf_release(&draft->abouts);
	buf_release(&draft->lines);
	buf_release(&draft->result);
	buf_release(&draft->model);
	table_release(&draft->blocks);
	free(draft);
}

static bool is_true(const struct jval *record, const char *name)
{
	return jval_is(jval_get(record, name), JVAL_TRUE);
}

/* An answer that no model gave. */
static bool is_synthetic(const struct jval *message)
{
	return span_begins(jval_get_text(message, "model"), "<");
}

/* Who speaks, and whether a person reading along should see it, as far as the
 * line says so itself. */
static void read_role(struct cc_draft *draft, const struct cc_piece *piece)
{
	const struct jval *record = piece->record;
	const struct jval *message = jval_get(record, "message");
	bool is_known = jval_is(message, JVAL_OBJECT);

	draft->is_queued = cc_queued(record) != NULL;
	if (cc_is_type(record, "assistant") && is_known) {
		/* Why no answer came is what the program says. */
		draft->role = is_true(record, "isApiErrorMessage") ||
			is_synthetic(message) ? "system" : "assistant";
		if (!strcmp(draft->role, "system"))
			draft->visibility = "meta";
	} else if (cc_is_typed(record) || piece->queued != CC_NOT_QUEUED) {
		draft->role = "user";
		if (piece->queued == CC_TAKEN_BACK)
			draft->visibility = "hidden";
	} else if (cc_is_type(record, "user") && is_known) {
		draft->role = "user";
		draft->visibility =
			is_true(record, "isVisibleInTranscriptOnly") &&
			!is_true(record, "isCompactSummary") ?
			"hidden" : "meta";
	} else {
		draft->role = "system";
		draft->visibility = "meta";
	}
}

/* What a line holds for the model; what the program writes for itself is
 * not looked into. */
static const struct jval *message_of(const struct jval *record)
{
	const struct jval *queued = cc_queued(record);

	if (queued)
		return queued;
	return cc_what_is(record) == CC_ASIDE ? NULL :
		jval_get(record, "message");
}

/* The name of the member of it that is said. */
static const char *said_in(const struct cc_draft *draft)
{
	return draft->is_queued ? "prompt" : "content";
}

/* The members of a line that the message says in other words. */
static void take_record(const struct cc_draft *draft,
			const struct cc_piece *piece, struct take *record)
{
	(void)take_same(record, "uuid", piece->key);
	(void)take_filled(record, "sessionId");
	if (piece->is_agent)
		(void)take_text(record, "agentId");
	if (piece->is_raw_parent)
		(void)take_text(record, "parentUuid");
	if (chat_time_is_whole(&draft->created))
		(void)take_any(record, "timestamp");
	if (strcmp(draft->role, "system"))
		(void)take_word(record, "type", draft->role);
	if (jval_is(message_of(piece->record), JVAL_OBJECT))
		(void)take_any(record, draft->is_queued ? "attachment" :
			       "message");
	else
		(void)take_value(record, "content", JVAL_STRING);
}

/* Of `message` what is not told elsewhere; its model too, unless it is
 * told. */
static void put_about(const struct cc_draft *draft, const struct jval *value,
		      bool has_model, struct buf *out)
{
	struct take message = take_begin(value);
	const struct jval *content = take_see(&message, said_in(draft));

	(void)take_word(&message, "role", draft->role);
	(void)take_word(&message, "type", "message");
	if (has_model)
		(void)take_text(&message, "model");
	if (jval_is(content, JVAL_STRING) || jval_is(content, JVAL_ARRAY))
		take_done(&message, content);
	take_put(&message, out);
}

/* An item of a list, unless there is none. */
static void put_item(struct buf *list, const struct buf *item)
{
	buf_fail(list, item->failed);
	if (list->len && item->len)
		buf_put_char(list, ',');
	buf_put_span(list, buf_span(item));
}

/* What a further line of a message has of its own. */
static void put_line(struct cc_draft *draft, const struct cc_piece *piece)
{
	static const char *const known[] = { "parentUuid", "uuid",
					     "timestamp", NULL };
	struct take record = take_begin(piece->record);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; known[i]; i++)
		fields_value(&fields, known[i], take_any(&record, known[i]));
	take_record(draft, piece, &record);
	take_put(&record, &rest);
	if (rest.failed || (rest.len && !span_equals(buf_span(&rest),
						     buf_span(&draft->record))))
		fields_buf(&fields, "record", &rest);
	buf_reset(&rest);
	buf_fail(&rest, jcs_fields_write(&fields, &rest, NULL));
	put_item(&draft->lines, &rest);
	jcs_fields_release(&fields);
	buf_release(&rest);
}

static void put_first(struct cc_draft *draft, struct chat *chat,
		      const struct cc_piece *piece)
{
	struct take record = take_begin(piece->record);

	draft->created = cc_time_of(piece->record);
	read_role(draft, piece);
	cc_put_result(draft, chat, take_any(&record, "toolUseResult"));
	take_record(draft, piece, &record);
	take_put(&record, &draft->record);
}

/* The line with the final usage tells of the message; the others are compared
 * with it when all are there. */
static void put_message(struct cc_draft *draft, const struct cc_piece *piece,
			const struct jval *message)
{
	struct span model = is_synthetic(message) ? span_of(NULL, 0) :
		jval_get_text(message, "model");
	struct buf about = BUF_INIT(BUF_NO_LIMIT);

	if (!piece->is_alone)
		put_about(draft, message, false, &about);
	put_item(&draft->abouts, &about);
	if (piece->is_best || !draft->about.len) {
		buf_reset(&draft->about);
		put_about(draft, message, model.at, &draft->about);
		buf_reset(&draft->best);
		buf_put_span(&draft->best, buf_span(&about));
	}
	if (model.at && (piece->is_best || !draft->model.len)) {
		buf_reset(&draft->model);
		buf_put_span(&draft->model, model);
	}
	buf_release(&about);
}

/* What is said in a record of a type that came later is read as well. */
static void put_unknown(struct cc_draft *draft, const struct jval *record)
{
	if (!strcmp(draft->role, "system") &&
	    cc_what_is(record) != CC_ASIDE && !cc_is_type(record, "system") &&
	    !cc_is_type(record, "attachment"))
		prose_put(record, &draft->content);
}

void cc_draft_add(struct cc_draft *draft, struct chat *chat,
		  const struct cc_piece *piece)
{
	const struct jval *message = message_of(piece->record);
	const struct jval *content = jval_get(piece->record, "content");
	struct cc_piece further = *piece;

	further.is_raw_parent = true;
	draft->is_alone = piece->is_alone;
	draft->before = piece->before;
	if (piece->is_first)
		put_first(draft, chat, piece);
	else
		put_line(draft, &further);
	put_message(draft, piece, message);
	if (jval_is(message, JVAL_OBJECT))
		content = jval_get(message, said_in(draft));
	else if (!jval_is(content, JVAL_STRING))
		content = NULL;
	cc_put_content(draft, chat, content);
	if (!content && piece->is_first)
		put_unknown(draft, piece->record);
}

static bool says(struct span object, struct span name, struct span value)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct span known;
	struct span said;

	while (jcs_next(&iter, &known, &said)) {
		if (span_equals(known, name))
			return span_equals(said, value);
	}
	return false;
}

static void put_member(struct jcs_fields *fields, struct span name,
		       struct span value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;

	fields_fail(fields, jcs_inner_decode(name, &text, &why), &why);
	fields_add(fields, buf_span(&text), value);
	buf_release(&text);
}

/*
 * What a line says otherwise than the best one. What an answer will be is not
 * known while it comes: what is null, and how many tokens there are so far.
 */
static void put_difference(struct span said, struct span best,
			   struct jcs_fields *fields)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct jcs_iter iter = jcs_iter_object(said);
	struct span usage;
	struct span name;
	struct span value;

	while (jcs_next(&iter, &name, &value)) {
		if (jcs_type_of(value) == JCS_NULL || says(best, name, value))
			continue;
		if (span_equals(name, span_str("output_tokens")) &&
		    jcs_type_of(value) == JCS_NUMBER)
			continue;
		if (span_equals(name, span_str("usage")) &&
		    jcs_type_of(value) == JCS_OBJECT) {
			(void)jcs_find(best, "usage", &usage);
			put_difference(value, usage, &inner);
			fields_inner(fields, "usage", &inner);
			continue;
		}
		put_member(fields, name, value);
	}
	jcs_fields_release(&inner);
}

void cc_fields_list(struct jcs_fields *fields, const char *name,
		    const struct buf *items)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);

	buf_fail(&list, items->failed);
	buf_put_char(&list, '[');
	buf_put_span(&list, buf_span(items));
	buf_put_char(&list, ']');
	if (items->len || items->failed)
		fields_buf(fields, name, &list);
	buf_release(&list);
}

static void put_others(const struct cc_draft *draft, struct jcs_fields *fields)
{
	struct jcs_fields other = JCS_FIELDS_INIT;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	struct span said;

	if (!draft->abouts.len && !draft->abouts.failed)
		return;
	buf_put_char(&list, '[');
	buf_put_span(&list, buf_span(&draft->abouts));
	buf_put_char(&list, ']');
	iter = jcs_iter_array(buf_span(&list));
	buf_fail(&text, draft->abouts.failed);
	while (jcs_next(&iter, NULL, &said)) {
		put_difference(said, buf_span(&draft->best), &other);
		if (text.len && other.count)
			buf_put_char(&text, ',');
		fields_put(&other, &text);
		jcs_fields_reset(&other);
	}
	cc_fields_list(fields, "others", &text);
	jcs_fields_release(&other);
	buf_release(&text);
	buf_release(&list);
}

static void put_native(struct jcs_fields *fields, const char *name,
		       const struct buf *value)
{
	if (value->len || value->failed)
		fields_buf(fields, name, value);
}

int cc_draft_native(struct cc_draft *draft, struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	put_native(&fields, "record", &draft->record);
	put_native(&fields, draft->is_queued ? "attachment" : "message",
		   &draft->about);
	put_native(&fields, "toolUseResult", &draft->result);
	cc_fields_list(&fields, "lines", &draft->lines);
	put_others(draft, &fields);
	fields_fail(&fields, draft->content.failed, NULL);
	fields_fail(&fields, draft->parts.failed, NULL);
	fields_fail(&fields, draft->model.failed, NULL);
	rc = fields_end(&fields, err);
	fields_put(&fields, out);
	jcs_fields_release(&fields);
	return rc < 0 ? rc : buf_end(out, err);
}
