#include "cmd/import/claude_code/claude_code.h"

#include <stdlib.h>

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
	buf_reset(&draft->lines);
	buf_reset(&draft->result);
	buf_reset(&draft->model);
	table_reset(&draft->blocks);
	draft->parts_n = 0;
	draft->role = NULL;
	draft->visibility = NULL;
	draft->has_text = false;
	draft->has_thinking = false;
	draft->has_call = false;
	draft->has_result = false;
}

void cc_draft_free(struct cc_draft *draft)
{
	if (!draft)
		return;
	buf_release(&draft->content);
	buf_release(&draft->parts);
	buf_release(&draft->record);
	buf_release(&draft->about);
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

/* Who speaks, and whether a person reading along should see it, as far as the
 * line says so itself. */
static void take_role(struct cc_draft *draft, const struct jval *record)
{
	const struct jval *message = jval_get(record, "message");
	bool is_known = jval_is(message, JVAL_OBJECT);

	if (cc_is_type(record, "assistant") && is_known) {
		draft->role = "assistant";
		if (is_true(record, "isApiErrorMessage") ||
		    jval_is_text(jval_get(message, "model"), "<synthetic>"))
			draft->visibility = "meta";
	} else if (cc_is_type(record, "user") && is_known) {
		draft->role = "user";
		if (is_true(record, "isVisibleInTranscriptOnly") &&
		    !is_true(record, "isCompactSummary"))
			draft->visibility = "hidden";
		else if (is_true(record, "isMeta") ||
			 is_true(record, "isCompactSummary"))
			draft->visibility = "meta";
	} else {
		draft->role = "system";
		draft->visibility = "meta";
	}
}

/* What a line holds for the model; what the program writes for itself is
 * not looked into. */
static const struct jval *message_of(const struct jval *record)
{
	return cc_what_is(record) == CC_ASIDE ? NULL :
		jval_get(record, "message");
}

/* The members of a line that the message says in other words. */
static int add_record(struct cc_draft *draft, const struct cc_piece *piece,
		      struct buf *out, struct err *err)
{
	const char *taken[12];
	size_t n = 0;

	if (jval_get_text(piece->record, "uuid").len)
		taken[n++] = "uuid";
	if (jval_get_text(piece->record, "sessionId").len)
		taken[n++] = "sessionId";
	if (piece->is_agent)
		taken[n++] = "agentId";
	if (piece->is_raw_parent)
		taken[n++] = "parentUuid";
	if (draft->created.micros != CHAT_TIME_UNKNOWN)
		taken[n++] = "timestamp";
	if (cc_is_type(piece->record, "user") ||
	    cc_is_type(piece->record, "assistant"))
		taken[n++] = "type";
	if (jval_is(message_of(piece->record), JVAL_OBJECT))
		taken[n++] = "message";
	else if (jval_is(jval_get(piece->record, "content"), JVAL_STRING))
		taken[n++] = "content";
	taken[n++] = "toolUseResult";
	taken[n] = NULL;
	return chat_add_rest(out, piece->record, taken, err);
}

/* The rest of `message`; its content is told elsewhere, if it can be. */
static int add_about(struct cc_draft *draft, const struct jval *message,
		     struct err *err)
{
	const struct jval *content = jval_get(message, "content");
	const char *taken[5];
	size_t n = 0;

	if (jval_is_text(jval_get(message, "role"), draft->role))
		taken[n++] = "role";
	if (jval_is_text(jval_get(message, "type"), "message"))
		taken[n++] = "type";
	if (jval_is(jval_get(message, "model"), JVAL_STRING))
		taken[n++] = "model";
	if (jval_is(content, JVAL_STRING) || jval_is(content, JVAL_ARRAY))
		taken[n++] = "content";
	taken[n] = NULL;
	buf_reset(&draft->about);
	return chat_add_rest(&draft->about, message, taken, err);
}

/* What a further line of a message has of its own. */
static int add_line(struct cc_draft *draft, const struct cc_piece *piece,
		    struct err *err)
{
	static const char *const known[] = { "parentUuid", "uuid",
					     "timestamp", NULL };
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *member;
	size_t i;
	int rc;

	rc = add_record(draft, piece, &rest, err);
	for (i = 0; rc >= 0 && known[i]; i++) {
		member = jval_get(piece->record, known[i]);
		buf_reset(&value);
		if (member)
			rc = jdoc_to_jcs(member, &value, err);
		if (rc >= 0 && member)
			rc = jcs_fields_raw(&fields, known[i],
					    buf_span(&value), err);
	}
	if (rc >= 0 && rest.len &&
	    !span_equals(buf_span(&rest), buf_span(&draft->record)))
		rc = jcs_fields_raw(&fields, "record", buf_span(&rest), err);
	if (rc >= 0 && draft->lines.len)
		rc = buf_add_char(&draft->lines, ',', err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, &draft->lines, err);
	jcs_fields_release(&fields);
	buf_release(&rest);
	buf_release(&value);
	return rc;
}

static int add_first(struct cc_draft *draft, struct chat *chat,
		     const struct cc_piece *piece, struct err *err)
{
	const struct jval *result = jval_get(piece->record, "toolUseResult");
	int rc;

	draft->created = cc_time_of(piece->record);
	take_role(draft, piece->record);
	rc = add_record(draft, piece, &draft->record, err);
	if (rc >= 0 && result)
		rc = cc_add_result(chat, result, &draft->result, err);
	return rc;
}

int cc_draft_add(struct cc_draft *draft, struct chat *chat,
		 const struct cc_piece *piece, struct err *err)
{
	const struct jval *message = message_of(piece->record);
	struct cc_piece further = *piece;
	struct span model = jval_get_text(message, "model");
	int rc;

	further.is_raw_parent = true;
	draft->is_alone = piece->is_alone;
	rc = piece->is_first ? add_first(draft, chat, piece, err) :
		add_line(draft, &further, err);
	if (rc >= 0 && (piece->is_best || !draft->about.len))
		rc = add_about(draft, message, err);
	if (rc >= 0 && model.at) {
		buf_reset(&draft->model);
		rc = buf_add_span(&draft->model, model, err);
	}
	if (rc < 0)
		return rc;
	if (jval_is(message, JVAL_OBJECT))
		return cc_add_content(draft, chat, jval_get(message,
							    "content"), err);
	return cc_add_content(draft, chat,
			      jval_is(jval_get(piece->record, "content"),
				      JVAL_STRING) ?
			      jval_get(piece->record, "content") : NULL, err);
}
