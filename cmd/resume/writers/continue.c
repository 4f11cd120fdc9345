/*
 * Continue: a document of the session, where each call stands with what came
 * of it (as a message besides it would be told twice), and an entry in the
 * list of sessions, which alone says when each was begun.
 */
#include "cmd/resume/writers/writers.h"

#include <stdio.h>

#include "cmd/resume/pieces.h"
#include "cmd/resume/registry.h"
#include "lib/os/path.h"

struct continues {
	struct jcs_fields item;
	struct jcs_fields message;
	struct jcs_fields part;
	struct jcs_fields inner;
	struct buf history;
	struct buf list;
	struct buf text;
};

static void continue_release(struct continues *to)
{
	jcs_fields_release(&to->item);
	jcs_fields_release(&to->message);
	jcs_fields_release(&to->part);
	jcs_fields_release(&to->inner);
	buf_release(&to->history);
	buf_release(&to->list);
	buf_release(&to->text);
}

/* --- messages -------------------------------------------------------------- */

static void put_continue_item(struct continues *to, const char *role)
{
	fields_str(&to->message, "role", role);
	fields_object(&to->item, "message", &to->message);
	jcs_fields_reset(&to->message);
	fields_raw(&to->item, "contextItems", span_str("[]"));
	resume_list_add(&to->history, &to->item);
}

static void put_picture(struct continues *to, const struct passage_file *file)
{
	buf_reset(&to->text);
	resume_put_data_url(file, &to->text);
	fields_words(&to->inner, "url", &to->text);
	fields_object(&to->part, "imageUrl", &to->inner);
	jcs_fields_reset(&to->inner);
	fields_str(&to->part, "type", "imageUrl");
	resume_list_add(&to->list, &to->part);
}

static void put_continue_prompt(struct continues *to,
				const struct passage_turn *turn,
		       const struct passage_step *step)
{
	const struct passage_piece *piece = step->pieces;

	for (; piece < step->pieces + step->n; piece++) {
		if (piece->kind == PIECE_FILE) {
			put_picture(to, &piece->file);
			continue;
		}
		fields_str(&to->part, "type", "text");
		fields_text(&to->part, "text", piece->text);
		resume_list_add(&to->list, &to->part);
	}
	fields_list(&to->message, "content", &to->list);
	if (turn->is_summary)
		fields_bool(&to->item, "isSummary", true);
	put_continue_item(to, "user");
}

/* {"id","type":"function","function":{"name","arguments"}} */
static void fill_call(struct continues *to, const struct passage_call *call)
{
	fields_text(&to->inner, "name", call->name);
	fields_text(&to->inner, "arguments", call->input);
	fields_object(&to->part, "function", &to->inner);
	jcs_fields_reset(&to->inner);
	fields_text(&to->part, "id", call->id);
	fields_str(&to->part, "type", "function");
}

/* The call, and the one thing that came of it. */
static void put_state(struct continues *to, const struct passage_call *call)
{
	struct jcs_fields state = JCS_FIELDS_INIT;
	struct buf output = BUF_INIT(BUF_NO_LIMIT);

	fill_call(to, call);
	fields_object(&state, "toolCall", &to->part);
	jcs_fields_reset(&to->part);
	fields_text(&to->part, "name", call->name);
	fields_str(&to->part, "description", "");
	fields_text(&to->part, "content", call->result);
	resume_list_add(&output, &to->part);
	fields_text(&state, "toolCallId", call->id);
	fields_str(&state, "status", call->is_error ? "errored" : "done");
	fields_raw(&state, "parsedArgs", call->input);
	fields_list(&state, "output", &output);
	resume_list_add(&to->list, &state);
	jcs_fields_release(&state);
	buf_release(&output);
}

static void put_calls(struct continues *to, const struct passage_step *step)
{
	size_t n = step->n - step->said;
	size_t i;

	for (i = 0; i < n; i++) {
		fill_call(to, passage_step_call(step, i));
		resume_list_add(&to->list, &to->part);
	}
	if (n)
		fields_list(&to->message, "toolCalls", &to->list);
	for (i = 0; i < n; i++)
		put_state(to, passage_step_call(step, i));
	if (n)
		fields_list(&to->item, "toolCallStates", &to->list);
}

static void put_answer(struct continues *to, const struct passage_step *step)
{
	buf_reset(&to->text);
	resume_put_words(step, &to->text);
	fields_words(&to->message, "content", &to->text);
	put_calls(to, step);
	put_continue_item(to, "assistant");
}

/* --- the session ----------------------------------------------------------- */

/* "file:///srv/my%20project" */
static void put_uri(const char *path, struct buf *out)
{
	buf_put_str(out, "file://");
	for (; *path; path++) {
		if (*path > ' ' && *path < 0x7f && *path != '%' &&
		    *path != '#' && *path != '?')
			buf_put_char(out, *path);
		else
			buf_putf(out, "%%%02X", (unsigned char)*path);
	}
}

/* What both the document and the list say of it. */
static void fill_session(const struct passage *passage,
			 const struct resume_target *target,
			 struct jcs_fields *fields)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	fields_str(fields, "sessionId", target->id);
	resume_put_title(passage, &text);
	fields_words(fields, "title", &text);
	buf_reset(&text);
	put_uri(target->cwd, &text);
	fields_words(fields, "workspaceDirectory", &text);
	buf_release(&text);
}

static int put_continue_session(const struct passage *passage,
		       const struct resume_target *target,
		       struct buf *bytes, struct err *err)
{
	struct continues to = {
		.item = JCS_FIELDS_INIT, .message = JCS_FIELDS_INIT,
		.part = JCS_FIELDS_INIT, .inner = JCS_FIELDS_INIT,
		.history = BUF_INIT(BUF_NO_LIMIT),
		.list = BUF_INIT(BUF_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct passage_turn *turn = passage->turns;
	struct passage_step step;
	int rc;

	for (; turn < passage->turns + passage->n; turn++) {
		step = (struct passage_step)PASSAGE_STEP_INIT;
		while (passage_step_next(turn, &step)) {
			if (turn->role == PASSAGE_USER)
				put_continue_prompt(&to, turn, &step);
			else
				put_answer(&to, &step);
		}
	}
	fill_session(passage, target, &to.item);
	if (passage->model.len)
		fields_text(&to.item, "chatModelTitle", passage->model);
	resume_put_with(bytes, &to.item, "history", &to.history);
	rc = buf_end(bytes, err);
	continue_release(&to);
	return rc;
}

static int list_session(const struct passage *passage,
			const struct resume_target *target,
			struct resume_out *out, struct err *err)
{
	struct registry_entry entry = {
		.by = "sessionId", .is = span_str(target->id),
	};
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct buf path = PATH_BUF_INIT;
	char time[24];
	int rc;

	snprintf(time, sizeof(time), "%lld",
		 (long long)resume_ms(passage->created));
	fill_session(passage, target, &fields);
	fields_str(&fields, "dateCreated", time);
	rc = jcs_fields_write(&fields, &value, err);
	entry.value = buf_span(&value);
	if (rc == 0)
		rc = path_join(&path, target->home, "sessions.json", err);
	if (rc == 0)
		rc = registry_put(target, out, buf_text(&path), &entry, err);
	jcs_fields_release(&fields);
	buf_release(&value);
	buf_release(&path);
	return rc;
}

static int continue_write(const struct passage *passage,
			  const struct resume_target *target,
			  struct resume_out *out, struct err *err)
{
	struct buf path = BUF_INIT(PATH_TEXT_MAX);
	struct resume_file *file;
	int rc;

	buf_putf(&path, "%s/%s.json", target->home, target->id);
	rc = buf_end(&path, err);
	if (rc == 0)
		rc = resume_add(out, RESUME_FILE, buf_text(&path), &file, err);
	if (rc == 0)
		rc = put_continue_session(passage, target, &file->bytes, err);
	if (rc == 0)
		rc = list_session(passage, target, out, err);
	buf_release(&path);
	resume_arg(&out->command, "cn");
	resume_option(&out->command, "--resume");
	resume_note(out, "cn goes on with the session that was written last; "
		    "in an editor it stands in Continue's list of sessions");
	resume_note(out, "Continue's messages have no times, and no model of "
		    "their own");
	return rc;
}

const struct resume_writer continue_writer = {
	.name = "continue",
	.title = "Continue",
	.lacks = RESUME_NO_RESULT_FILES | RESUME_NO_ANSWER_FILES,
	.holds = resume_is_picture,
	.wants_uuid = true,
	.goes_by_time = true,
	.write = continue_write,
};
