#include "cmd/import/codex/codex.h"

#include <stdlib.h>

#include "cmd/import/input/whole.h"
#include "cmd/import/records/session_title.h"
#include "cmd/import/sniff.h"
#include "lib/base/xxh.h"

#define REASON_BYTES 96

/* --- recognising ---------------------------------------------------------- */

static bool is_record(struct span line)
{
	if (sniff_has(line, "payload"))
		return sniff_has(line, "type") &&
		       (sniff_has(line, "payload.type") ||
			sniff_has(line, "payload.turn_id") ||
			sniff_has(line, "payload.id"));
	if (sniff_has(line, "id") && sniff_has(line, "timestamp") &&
	    sniff_has(line, "instructions"))
		return true;
	if (sniff_has(line, "id") && sniff_has(line, "thread_name"))
		return sniff_has(line, "updated_at");
	return sniff_has(line, "session_id") && sniff_has(line, "ts") &&
	       sniff_has(line, "text");
}

static bool sniff_zstd(struct span head)
{
	const struct feed feed = whole_feed(&head);
	struct buf text = BUF_INIT(INPUT_HEAD_BYTES);
	struct zstd_feed *zstd = NULL;
	struct feed plain;
	size_t got = 1;
	bool is_ours = false;

	if (buf_reserve(&text, INPUT_HEAD_BYTES, NULL) < 0 ||
	    zstd_feed_new(feed, &zstd, NULL) < 0)
		goto out;
	plain = zstd_feed_of(zstd);
	while (got && text.len < INPUT_HEAD_BYTES) {
		got = 0;
		if (plain.read(plain.arg, text.data + text.len,
			       INPUT_HEAD_BYTES - text.len, &got, NULL) < 0)
			break;
		text.len += got;
	}
	is_ours = sniff_any_line(span_of(text.data, text.len),
				 is_record);
out:
	zstd_feed_free(zstd);
	buf_release(&text);
	return is_ours;
}

static bool sniff(const struct import_input *input)
{
	struct span head = buf_span(&input->head);

	if (input->is_folder || input->bundle)
		return false;
	return zstd_feed_is_magic(head) ? sniff_zstd(head) :
		sniff_any_line(head, is_record);
}

static int codex_identify(struct import_job *job, struct import_source *source,
			  struct err *err)
{
	struct codex_skeleton skeleton = CODEX_SKELETON_INIT;
	struct lineage *lineage;
	int rc;

	rc = import_name(job, source, span_str(CODEX), err);
	if (rc || job->sources_n < 2 || source->input.is_pipe)
		return rc;
	rc = lineage_get(job, CODEX, &lineage, err);
	if (rc >= 0)
		rc = codex_skeleton_read(&source->input, &skeleton, err);
	if (rc >= 0)
		rc = codex_skeleton_claim(&skeleton, lineage, err);
	codex_skeleton_release(&skeleton);
	return rc;
}

/* --- reading -------------------------------------------------------------- */

struct reading {
	struct import_job *job;
	struct import_source *source;
	struct codex_skeleton *skeleton;
	struct lineage *lineage;
	struct chat chat;
	struct codex_draft draft;
	struct buf key;
	struct buf parent;
	struct buf model;	/* of the turn */
	struct buf turn;	/* its context, for its first message */
	struct buf title;
	struct buf meta;	/* native of the session */
	size_t line;		/* of the skeleton, to come */
	bool is_wanted;
};

static int leave_out(struct reading *reading,
		     const struct codex_record *record, struct err *err)
{
	char reason[REASON_BYTES];

	codex_reason(record, reason, sizeof(reason));
	return import_leave_out(reading->source, reason, NULL, err);
}

/* Whose message a line's is, where that is not this session. */
static struct span home_of(const struct reading *reading, uint32_t at)
{
	const struct codex_line *line = &reading->skeleton->lines.at[at];
	const struct codex_turn *turn = &reading->skeleton->turns.at[line->turn];

	return turn->is_own ? span_of(NULL, 0) :
		lineage_key(reading->lineage, turn->owner);
}

/* Put the message that waits, if one does. */
static int put_draft(struct reading *reading, struct err *err)
{
	struct codex_draft *draft = &reading->draft;
	const struct codex_line *line;
	struct buf native = BUF_INIT(BUF_NO_LIMIT);
	struct chat_message message = {
		.role = draft->role,
		.created = draft->created,
		.content = buf_span(&draft->content),
		.visibility = draft->visibility
	};
	int rc;

	if (!draft->is_full)
		return 0;
	line = &reading->skeleton->lines.at[draft->line];
	message.index = line->index;
	rc = codex_key(reading->skeleton, draft->line, &reading->key, err);
	message.key = buf_span(&reading->key);
	if (rc >= 0 && line->parent != CODEX_NONE) {
		rc = codex_key(reading->skeleton, line->parent,
			       &reading->parent, err);
		message.parent = buf_span(&reading->parent);
		message.parent_session = home_of(reading, line->parent);
	}
	if (rc >= 0)
		rc = codex_draft_native(draft, &native, err);
	message.native = buf_span(&native);
	message.parts = buf_span(&draft->parts);
	if (draft->model.len)
		message.model = buf_span(&draft->model);
	if (rc >= 0)
		rc = chat_put_message(&reading->chat, &message, err);
	codex_draft_reset(draft);
	buf_release(&native);
	return rc;
}

static int read_message(struct reading *reading,
			const struct codex_record *record, struct err *err)
{
	const struct codex_line *line =
		&reading->skeleton->lines.at[reading->line];
	struct codex_draft *draft = &reading->draft;
	int rc;

	if (line->is_copy)
		return import_leave_out(reading->source, "copy of a message "
					"of another session", NULL, err);
	if (!reading->is_wanted)
		return import_leave_out(reading->source, "message of a "
					"session older than --since", NULL,
					err);
	rc = put_draft(reading, err);
	if (rc < 0)
		return rc;
	draft->line = (uint32_t)reading->line;
	codex_draft_fill(draft, &reading->chat, record, line);
	buf_put_span(&draft->turn, buf_span(&reading->turn));
	buf_reset(&reading->turn);
	if (!strcmp(draft->role, "assistant"))
		buf_put_span(&draft->model, buf_span(&reading->model));
	if (record->what == CODEX_COMPACTED &&
	    jval_is(jval_get(record->payload, "replacement_history"),
		    JVAL_ARRAY))
		rc = import_skip(reading->source, "replacement_history of a "
				 "compaction: copies of messages", NULL, err);
	return rc;
}

/* Times of these lines are told by no record. */
static struct chat_time written_time(const struct jval *value)
{
	static const struct chat_time none = CHAT_TIME_NONE;

	return jval_is(value, JVAL_STRING) ? chat_time_of(value) : none;
}

/* What is left of what makes no record of its own. */
static int tell_left(struct reading *reading, const struct take *take,
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

static int tell_around(struct reading *reading,
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
static int read_instructions(struct reading *reading, struct take *payload,
			     struct err *err)
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

/* What the context of a turn says goes with the turn's first message. */
static int read_turn(struct reading *reading,
		     const struct codex_record *record, struct err *err)
{
	struct take payload = take_begin(record->payload);
	struct span model = take_text(&payload, "model");
	int rc;

	if (!span_equals(record->type, span_str("turn_context")) ||
	    reading->skeleton->lines.at[reading->line].is_copy)
		return leave_out(reading, record, err);
	if (model.len) {
		buf_reset(&reading->model);
		buf_put_span(&reading->model, model);
	}
	(void)take_text(&payload, "turn_id");
	rc = read_instructions(reading, &payload, err);
	/* No message came of the one before. */
	if (rc >= 0 && reading->turn.len)
		rc = leave_out(reading, record, err);
	buf_reset(&reading->turn);
	take_put(&payload, &reading->turn);
	return rc < 0 ? rc : tell_around(reading, record, err);
}

/* Of the answer before it; the totals are not added up. */
static int read_usage(struct reading *reading,
		      const struct codex_record *record, struct err *err)
{
	struct take payload = take_begin(record->payload);
	struct take info = take_inner(&payload, "info");
	const struct jval *usage = take_any(&info, "last_token_usage");
	struct buf *out = &reading->draft.usage;
	int rc = 0;

	if (!usage || !reading->draft.is_full)
		return leave_out(reading, record, err);
	/* An answer may have several: the last one counts. */
	if (out->len)
		rc = leave_out(reading, record, err);
	buf_reset(out);
	buf_fail(out, jdoc_to_jcs(usage, out, NULL));
	(void)take_same(&payload, "type", record->type);
	if (rc >= 0 && (take_left(&info, NULL) || take_left(&payload, NULL)))
		rc = import_skip(reading->source, "totals and limits of "
				 "token_count events", NULL, err);
	return rc < 0 ? rc : tell_around(reading, record, err);
}

static int read_meta(struct reading *reading,
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

static int read_index(struct reading *reading,
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
		return leave_out(reading, record, err);
	rc = session_title_put(reading->job, reading->source, &title, err);
	return rc < 0 ? rc : tell_left(reading, &payload, err);
}

static int read_name(struct reading *reading,
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

static int read_record(struct reading *reading, const struct value_line *line,
		     struct err *err)
{
	struct codex_record record;

	codex_record_of(line->value, &record);
	if (reading->skeleton->lines.at[reading->line].is_message)
		return read_message(reading, &record, err);
	switch (record.what) {
	case CODEX_TURN:
		return read_turn(reading, &record, err);
	case CODEX_USAGE:
		return read_usage(reading, &record, err);
	case CODEX_META:
		return read_meta(reading, &record, err);
	case CODEX_INDEX:
		return read_index(reading, &record, err);
	case CODEX_NAME:
		return read_name(reading, &record, err);
	case CODEX_HISTORY:
		return import_leave_out(reading->source, "prompt of "
					"history.jsonl, which its session has "
					"too", NULL, err);
	default:
		return leave_out(reading, &record, err);
	}
}

/* False when the file is not what it was: a program is writing to it. */
static bool is_as_before(const struct reading *reading,
			 const struct value_line *line)
{
	return reading->skeleton->lines.at[reading->line].hash ==
	       xxh64_of(line->text.at, line->text.len);
}

static int read_line(struct reading *reading, struct codex_lines *lines,
		     bool *out_is_end, struct err *err)
{
	struct value_line line;
	struct err why = ERR_INIT;
	int rc;

	*out_is_end = true;
	rc = value_lines_next(lines->lines, &line, &why);
	/* Compressed data that is damaged or too good to be true. */
	if (lines->zstd && (rc == ERR_CORRUPT || rc == ERR_LIMIT))
		return import_malformed(reading->job, reading->source,
					why.text, 0, span_of(NULL, 0), err);
	if (rc < 0)
		return err_set(err, (enum err_code)rc, "%s", why.text);
	if (line.found == FOUND_BAD) {
		*out_is_end = false;
		return import_malformed_line(reading->job, reading->source,
					     &line, err);
	}
	/* What has come since waits for the next time. */
	if (line.found == FOUND_END ||
	    reading->line == reading->skeleton->lines.n)
		return 0;
	if (!is_as_before(reading, &line))
		return import_changed(reading->job, reading->source,
				      line.offset, err);
	*out_is_end = false;
	rc = read_record(reading, &line, err);
	reading->line++;
	return rc;
}

static int read_lines(struct reading *reading, struct err *err)
{
	struct codex_lines lines = { NULL, NULL };
	struct codex_record last = { .reason = "record: turn_context" };
	bool is_end = false;
	int rc;

	rc = codex_lines_open(&reading->source->input, &lines, err);
	while (rc == 0 && !is_end)
		rc = read_line(reading, &lines, &is_end, err);
	codex_lines_release(&lines);
	if (rc == 0)
		rc = put_draft(reading, err);
	if (rc >= 0 && reading->turn.len)
		rc = leave_out(reading, &last, err);
	return rc;
}

static int codex_put_session(struct reading *reading, struct err *err)
{
	const struct codex_skeleton *skeleton = reading->skeleton;
	struct chat_session session = {
		.key = skeleton->session, .created = { skeleton->first, 0 },
		.updated = { skeleton->last, 0 },
		.provider = CODEX, .parent = skeleton->parent,
		.native = buf_span(&reading->meta)
	};
	int rc = buf_end(&reading->meta, err);

	if ((skeleton->leaf == CODEX_NONE && !reading->meta.len) ||
	    !reading->is_wanted)
		return 0;
	if (reading->title.len)
		session.title = buf_span(&reading->title);
	if (reading->model.len)
		session.model = buf_span(&reading->model);
	if (skeleton->leaf != CODEX_NONE) {
		rc = codex_key(skeleton, skeleton->leaf, &reading->key, err);
		session.active = buf_span(&reading->key);
		session.active_session = home_of(reading, skeleton->leaf);
	}
	return rc < 0 ? rc : chat_put_session(&reading->chat, &session, err);
}

static int look_around(struct reading *reading, struct err *err)
{
	struct codex_skeleton *skeleton = reading->skeleton;
	int rc;

	rc = codex_skeleton_claim(skeleton, reading->lineage, err);
	if (rc >= 0 && skeleton->parent.at)
		rc = lineage_look(reading->lineage, reading->job,
				  reading->source->construct, codex_id_of,
				  err);
	if (rc >= 0)
		rc = codex_skeleton_judge(skeleton, reading->lineage, err);
	reading->is_wanted = import_is_wanted(reading->job, skeleton->last);
	return rc < 0 ? rc : chat_begin(&reading->chat, reading->job,
					reading->source, CODEX,
					skeleton->session, err);
}

static void release(struct reading *reading)
{
	codex_draft_release(&reading->draft);
	chat_release(&reading->chat);
	buf_release(&reading->key);
	buf_release(&reading->parent);
	buf_release(&reading->model);
	buf_release(&reading->turn);
	buf_release(&reading->title);
	buf_release(&reading->meta);
	codex_skeleton_release(reading->skeleton);
}

static int read_source(struct import_job *job, struct import_source *source,
		       struct err *err)
{
	static const struct buf empty = BUF_INIT(BUF_NO_LIMIT);
	struct codex_skeleton skeleton = CODEX_SKELETON_INIT;
	struct reading reading = {
		.job = job, .source = source, .skeleton = &skeleton,
		.chat = CHAT_INIT, .key = empty, .parent = empty,
		.model = empty, .turn = empty, .title = empty, .meta = empty,
		.draft = { .content = empty, .parts = empty,
			   .payload = empty, .around = empty, .turn = empty,
			   .usage = empty, .model = empty }
	};
	int rc;

	rc = input_hold(&source->input, err);
	if (rc >= 0)
		rc = lineage_get(job, CODEX, &reading.lineage, err);
	if (rc >= 0)
		rc = codex_skeleton_read(&source->input, &skeleton, err);
	if (rc >= 0)
		rc = look_around(&reading, err);
	if (rc >= 0)
		rc = input_rewind(&source->input, err);
	if (rc >= 0)
		rc = read_lines(&reading, err);
	if (rc >= 0)
		rc = codex_put_session(&reading, err);
	release(&reading);
	return rc;
}

const struct importer codex_importer = {
	.name = CODEX,
	.one = "rollout",
	.many = "rollouts",
	.construct = CODEX,
	.sniff = sniff,
	.identify = codex_identify,
	.read = read_source,
	.is_of_agents = true,
};
