#include "cmd/import/codex/reading_internal.h"

#include "cmd/import/records/rest.h"
#include "cmd/import/records/session_title.h"

#define REASON_BYTES 96

int codex_leave_out(struct codex_reading *reading,
		     const struct codex_record *record, struct err *err)
{
	char reason[REASON_BYTES];

	codex_reason(record, reason, sizeof(reason));
	return import_leave_out(reading->source, reason, NULL, err);
}

/* Times of these lines are told by no record. */
static struct chat_time written_time(const struct jval *value)
{
	static const struct chat_time none = CHAT_TIME_NONE;

	return jval_is(value, JVAL_STRING) ? chat_time_of(value) : none;
}

/* What is left of what makes no record of its own. */
static int tell_left(struct codex_reading *reading, const struct take *take,
		     struct err *err)
{
	const struct jval *left = take_left(take, NULL);
	int rc = 0;

	for (; rc >= 0 && left; left = take_left(take, left)) {
		if (!jval_is(left, JVAL_NULL))
			rc = import_skip(reading->source, "members of lines "
					 "that are not known", NULL, err);
	}
	return rc;
}

static int tell_around(struct codex_reading *reading,
		       const struct codex_record *record, struct err *err)
{
	struct take line = take_begin(record->line);
	long long ordinal;

	if (record->payload == record->line)
		return 0;
	(void)take_any(&line, "payload");
	(void)take_any(&line, "type");
	(void)take_time_as(&line, "timestamp", written_time);
	(void)take_integer(&line, "ordinal", &ordinal);
	return tell_left(reading, &line, err);
}

/* Messages say again what a turn's context has of instructions. */
static int read_instructions(struct codex_reading *reading,
			     struct take *payload, struct err *err)
{
	static const char *const names[] = {
		"user_instructions", "developer_instructions"
	};
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < 2; i++) {
		if (take_text(payload, names[i]).len)
			rc = import_skip(reading->source, "instructions in "
					 "the context of a turn", NULL, err);
	}
	return rc;
}

/* The model of a turn. One that gave no answer before another took its place
 * is kept with the last message that was for it. */
static void read_model(struct codex_reading *reading, struct span model)
{
	struct jcs_fields asked = JCS_FIELDS_INIT;

	if (!model.len || span_equals(model, buf_span(&reading->model)))
		return;
	if (reading->model.len && !reading->is_model_told &&
	    reading->draft.is_full) {
		fields_str(&asked, "type", "turn_context");
		fields_said(&asked, "model", buf_span(&reading->model));
		codex_draft_item(&reading->draft, &asked);
	}
	buf_reset(&reading->model);
	buf_put_span(&reading->model, model);
	reading->is_model_told = false;
}

/* What the context of a turn says goes with the turn's first message. */
static int read_turn(struct codex_reading *reading,
		     const struct codex_record *record, struct err *err)
{
	struct take payload = take_begin(record->payload);
	struct span model = take_text(&payload, "model");
	struct jcs_fields fields = JCS_FIELDS_INIT;
	int rc;

	if (!span_equals(record->type, span_str("turn_context")) ||
	    reading->skeleton->lines.at[reading->line].is_copy)
		return codex_leave_out(reading, record, err);
	read_model(reading, model);
	(void)take_text(&payload, "turn_id");
	rc = read_instructions(reading, &payload, err);
	/* No message came of the one before. */
	if (rc >= 0 && reading->turn.len)
		rc = codex_leave_out(reading, record, err);
	buf_reset(&reading->turn);
	codex_put_line(record, &fields);
	take_rest(&payload, &fields);
	fields_put(&fields, &reading->turn);
	jcs_fields_release(&fields);
	return rc;
}

/* A record of what an answer took, with all that it says. */
static void put_usage_record(struct codex_reading *reading,
			     const struct codex_record *record,
			     struct take *payload)
{
	struct jcs_fields rest = JCS_FIELDS_INIT;

	fields_said(&rest, "type", record->type);
	take_rest(payload, &rest);
	codex_put_line(record, &rest);
	codex_draft_item(&reading->draft, &rest);
}

/* Of the answer before it; the totals are not added up. Events repeat what
 * records of usage say. */
static int read_usage(struct codex_reading *reading,
		      const struct codex_record *record, struct err *err)
{
	struct take payload = take_begin(record->payload);
	struct take info = take_inner(&payload, "info");
	const struct jval *usage = take_any(&info, "last_token_usage");
	struct buf *out = &reading->draft.usage;
	bool is_record = !usage && (usage = take_any(&payload, "usage"));
	int rc = 0;

	if (reading->has_usage && !is_record)
		usage = NULL;
	reading->has_usage |= is_record;
	if (!usage || !reading->draft.is_full)
		return codex_leave_out(reading, record, err);
	/* An answer may have several: the last one counts. */
	if (out->len)
		rc = codex_leave_out(reading, record, err);
	buf_reset(out);
	buf_fail(out, jdoc_to_jcs(usage, out, NULL));
	if (is_record) {
		put_usage_record(reading, record, &payload);
		return rc;
	}
	(void)take_same(&payload, "type", record->type);
	if (rc >= 0 && (take_left(&info, NULL) || take_left(&payload, NULL)))
		rc = import_skip(reading->source, "totals and limits of "
				 "token_count events", NULL, err);
	return rc < 0 ? rc : tell_around(reading, record, err);
}

static int read_meta(struct codex_reading *reading,
		     const struct codex_record *record, struct err *err)
{
	struct take payload = take_begin(record->payload);

	if (reading->meta.len)
		return import_leave_out(reading->source, "session_meta of "
					"another session", NULL, err);
	(void)take_text(&payload, "id");
	(void)take_time_as(&payload, "timestamp", written_time);
	take_put(&payload, &reading->meta);
	return tell_around(reading, record, err);
}

static int read_index(struct codex_reading *reading,
		      const struct codex_record *record, struct err *err)
{
	struct take payload = take_begin(record->payload);
	const struct session_title title = {
		.provider = CODEX,
		.session = take_text(&payload, "id"),
		.title = take_text(&payload, "thread_name"),
		.time = take_time(&payload, "updated_at")
	};
	int rc;

	if (!title.session.len)
		return codex_leave_out(reading, record, err);
	rc = session_title_put(reading->job, reading->source, &title, err);
	return rc < 0 ? rc : tell_left(reading, &payload, err);
}

static int read_name(struct codex_reading *reading,
		     const struct codex_record *record, struct err *err)
{
	struct take payload = take_begin(record->payload);
	struct span name = take_text(&payload, "thread_name");
	int rc;

	(void)take_same(&payload, "type", record->type);
	(void)take_same(&payload, "thread_id", reading->skeleton->session);
	buf_reset(&reading->title);
	buf_put_span(&reading->title, name);
	rc = tell_left(reading, &payload, err);
	return rc < 0 ? rc : tell_around(reading, record, err);
}

int codex_read_about(struct codex_reading *reading,
		     const struct codex_record *record, struct err *err)
{
	switch (record->what) {
	case CODEX_TURN:
		return read_turn(reading, record, err);
	case CODEX_USAGE:
		return read_usage(reading, record, err);
	case CODEX_META:
		return read_meta(reading, record, err);
	case CODEX_INDEX:
		return read_index(reading, record, err);
	case CODEX_NAME:
		return read_name(reading, record, err);
	case CODEX_HISTORY:
		return codex_read_prompt(reading, record, err);
	default:
		return codex_leave_out(reading, record, err);
	}
}
