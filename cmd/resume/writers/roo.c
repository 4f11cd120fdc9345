/*
 * Roo Code: the folder of a task, with what the model is told, what the panel
 * shows of it, and what the list of tasks says; the list itself is made anew
 * of these. A person's words stand in tags.
 */
#include "cmd/resume/writers/writers.h"

#include "cmd/resume/pieces.h"
#include "lib/os/path.h"

enum roo_file { ROO_API, ROO_PANEL, ROO_ITEM, ROO_FILES };

struct roo {
	const struct passage *passage;
	size_t said;		/* messages so far */
	struct jcs_fields message;
	struct jcs_fields block;
	struct jcs_fields inner;
	struct buf content;
	struct buf result;
	struct buf api;		/* lists */
	struct buf panel;
	struct buf text;
};

static void roo_release(struct roo *to)
{
	jcs_fields_release(&to->message);
	jcs_fields_release(&to->block);
	jcs_fields_release(&to->inner);
	buf_release(&to->content);
	buf_release(&to->result);
	buf_release(&to->api);
	buf_release(&to->panel);
	buf_release(&to->text);
}

/* --- blocks ---------------------------------------------------------------- */

/* Tags for a person's words: the first that do not stand in these. */
static const char *tag_for(struct span text)
{
	static const char *const tags[] = {
		"user_message>", "feedback>", "task>", "answer>"
	};
	size_t i = 0;

	while (i < 3 && span_has(text, tags[i]))
		i++;
	return tags[i];
}

static void put_roo_words(struct roo *to, struct span text, bool is_prompt)
{
	const char *tag = tag_for(text);

	buf_reset(&to->text);
	if (is_prompt)
		buf_putf(&to->text, "<%s\n", tag);
	buf_put_span(&to->text, text);
	if (is_prompt)
		buf_putf(&to->text, "\n</%s", tag);
	fields_str(&to->block, "type", "text");
	fields_words(&to->block, "text", &to->text);
	resume_list_add(&to->content, &to->block);
}

static void put_picture(struct roo *to, const struct passage_file *file,
			struct buf *list)
{
	fields_str(&to->inner, "type", "base64");
	fields_text(&to->inner, "media_type", file->media);
	fields_base64(&to->inner, "data", file->bytes);
	fields_object(&to->block, "source", &to->inner);
	jcs_fields_reset(&to->inner);
	fields_str(&to->block, "type", "image");
	resume_list_add(list, &to->block);
}

static void put_roo_call(struct roo *to, const struct passage_call *call)
{
	fields_str(&to->block, "type", "tool_use");
	fields_text(&to->block, "id", call->id);
	fields_text(&to->block, "name", call->name);
	fields_raw(&to->block, "input", call->input);
	resume_list_add(&to->content, &to->block);
}

static void put_roo_result(struct roo *to, const struct passage_call *call)
{
	size_t i;

	fields_str(&to->block, "type", "text");
	fields_text(&to->block, "text", call->result);
	resume_list_add(&to->result, &to->block);
	for (i = 0; i < call->files_n; i++)
		put_picture(to, &call->files[i], &to->result);
	fields_str(&to->block, "type", "tool_result");
	fields_text(&to->block, "tool_use_id", call->id);
	fields_list(&to->block, "content", &to->result);
	if (call->is_error)
		fields_bool(&to->block, "is_error", true);
	resume_list_add(&to->content, &to->block);
}

/* --- messages -------------------------------------------------------------- */

static void roo_put_message(struct roo *to, const char *role, int64_t created)
{
	fields_str(&to->message, "role", role);
	fields_list(&to->message, "content", &to->content);
	fields_integer(&to->message, "ts", resume_ms(created));
	resume_list_add(&to->api, &to->message);
	to->said++;
}

/* The panel shows words alone. */
static void show_words(struct roo *to, const struct passage_step *step,
		       bool is_prompt)
{
	buf_reset(&to->text);
	resume_put_words(step, &to->text);
	if (!to->text.len && !to->text.failed)
		return;
	fields_integer(&to->message, "ts", resume_ms(step->created));
	fields_str(&to->message, "type", "say");
	fields_str(&to->message, "say", is_prompt && to->said ?
		   "user_feedback" : "text");
	fields_words(&to->message, "text", &to->text);
	fields_integer(&to->message, "conversationHistoryIndex",
		       (int64_t)to->said - 1);
	resume_list_add(&to->panel, &to->message);
}

static void put_step(struct roo *to, const struct passage_turn *turn,
		     const struct passage_step *step)
{
	bool is_prompt = turn->role == PASSAGE_USER;
	const struct passage_piece *piece;
	const struct passage_piece *end = step->pieces + step->n;
	int64_t ended = step->created;

	show_words(to, step, is_prompt);
	for (piece = step->pieces; piece < end; piece++) {
		if (piece->kind == PIECE_TEXT)
			put_roo_words(to, piece->text, is_prompt &&
				  !turn->is_summary);
		else if (piece->kind == PIECE_FILE)
			put_picture(to, &piece->file, &to->content);
		else
			put_roo_call(to, &piece->call);
	}
	if (turn->is_summary)
		fields_bool(&to->message, "isSummary", true);
	roo_put_message(to, is_prompt ? "user" : "assistant", step->created);
	/* All results of one answer are one message. */
	for (piece = step->pieces + step->said; piece < end; piece++) {
		put_roo_result(to, &piece->call);
		if (piece->call.ended > ended)
			ended = piece->call.ended;
	}
	if (step->said < step->n)
		roo_put_message(to, "user", ended);
}

/* --- files ----------------------------------------------------------------- */

static int put_roo_item(const struct passage *passage,
		    const struct resume_target *target, struct buf *out,
		    struct err *err)
{
	struct jcs_fields item = JCS_FIELDS_INIT;
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	resume_put_title(passage, &title);
	fields_str(&item, "id", target->id);
	fields_integer(&item, "number", 1);
	fields_integer(&item, "ts", resume_ms(passage->updated));
	fields_words(&item, "task", &title);
	fields_integer(&item, "tokensIn", 0);
	fields_integer(&item, "tokensOut", 0);
	fields_integer(&item, "totalCost", 0);
	fields_str(&item, "workspace", target->cwd);
	fields_str(&item, "mode", "code");
	rc = jcs_fields_write(&item, out, err);
	jcs_fields_release(&item);
	buf_release(&title);
	return rc;
}

static void end_list(const struct buf *list, struct buf *out)
{
	buf_fail(out, list->failed);
	buf_put_span(out, buf_span(list));
	buf_put_char(out, ']');
}

static int put_talk(const struct passage *passage, struct resume_out *out,
		    struct err *err)
{
	struct roo to = {
		.passage = passage, .message = JCS_FIELDS_INIT,
		.block = JCS_FIELDS_INIT, .inner = JCS_FIELDS_INIT,
		.content = BUF_INIT(BUF_NO_LIMIT),
		.result = BUF_INIT(BUF_NO_LIMIT),
		.api = BUF_INIT(BUF_NO_LIMIT),
		.panel = BUF_INIT(BUF_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT),
	};
	struct buf *panel = &out->files.at[ROO_PANEL].bytes;
	struct buf *api = &out->files.at[ROO_API].bytes;
	struct passage_step step;
	size_t i;
	int rc;

	for (i = 0; i < passage->n; i++) {
		step = (struct passage_step)PASSAGE_STEP_INIT;
		while (passage_step_next(&passage->turns[i], &step))
			put_step(&to, &passage->turns[i], &step);
	}
	end_list(&to.api, api);
	end_list(&to.panel, panel);
	rc = buf_end(api, err);
	if (rc == 0)
		rc = buf_end(panel, err);
	roo_release(&to);
	return rc;
}

static int add_files(const struct passage *passage,
		     const struct resume_target *target,
		     struct resume_out *out, struct err *err)
{
	static const char *const names[ROO_FILES] = {
		[ROO_API] = "api_conversation_history.json",
		[ROO_PANEL] = "ui_messages.json",
		[ROO_ITEM] = "history_item.json",
	};
	struct buf path = BUF_INIT(PATH_TEXT_MAX);
	struct resume_file *file;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < ROO_FILES; i++) {
		buf_reset(&path);
		buf_putf(&path, "%s/tasks/%s/%s", target->home, target->id,
			 names[i]);
		rc = buf_end(&path, err);
		if (rc == 0)
			rc = resume_add(out, RESUME_FILE, buf_text(&path),
					&file, err);
		if (rc == 0)
			file->modified = passage->updated;
	}
	buf_release(&path);
	return rc;
}

static int roo_write(const struct passage *passage,
		     const struct resume_target *target,
		     struct resume_out *out, struct err *err)
{
	int rc = add_files(passage, target, out, err);

	if (rc == 0)
		rc = put_talk(passage, out, err);
	if (rc == 0)
		rc = put_roo_item(passage, target,
			      &out->files.at[ROO_ITEM].bytes, err);
	resume_arg(&out->command, "code");
	resume_arg(&out->command, target->cwd);
	resume_note(out, "choose it from Roo Code's history of tasks, which "
		    "is made anew when the editor starts");
	resume_note(out, "Roo Code's messages do not say which model "
		    "answered, and have one time for all results of an "
		    "answer");
	return rc;
}

const struct resume_writer roo_writer = {
	.name = "roo",
	.title = "Roo Code",
	.lacks = RESUME_NO_ANSWER_FILES,
	.holds = resume_is_picture,
	.write = roo_write,
};
