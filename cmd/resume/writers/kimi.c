/*
 * Kimi CLI: context.jsonl is what the model is told, wire.jsonl what a person
 * is shown of it, with the times. Folders of sessions are called by the MD5 of
 * the folder they are about, which kimi.json beside them names.
 */
#include "cmd/resume/writers/writers.h"

#include "cmd/resume/pieces.h"
#include "cmd/resume/registry.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/os/path.h"

struct kimi {
	struct buf *context;
	struct buf *wire;
	int64_t steps;		/* of the turn */
	struct jcs_fields line;
	struct jcs_fields inner;
	struct jcs_fields part;
	struct buf content;
	struct buf calls;
	struct buf text;
};

static void kimi_release(struct kimi *to)
{
	jcs_fields_release(&to->line);
	jcs_fields_release(&to->inner);
	jcs_fields_release(&to->part);
	buf_release(&to->content);
	buf_release(&to->calls);
	buf_release(&to->text);
}

/* --- the wire -------------------------------------------------------------- */

/* What happened, of which inner is the payload. */
static void put_event(struct kimi *to, const char *type, int64_t at)
{
	fields_str(&to->line, "type", type);
	fields_object(&to->line, "payload", &to->inner);
	jcs_fields_reset(&to->inner);
	fields_object(&to->inner, "message", &to->line);
	jcs_fields_reset(&to->line);
	fields_number(&to->inner, "timestamp", (double)at / 1e6);
	resume_put_line(to->wire, &to->inner);
}

static void fill_call(struct kimi *to, const struct passage_call *call,
		      struct jcs_fields *fields)
{
	fields_str(fields, "type", "function");
	fields_text(fields, "id", call->id);
	fields_text(&to->part, "name", call->name);
	fields_text(&to->part, "arguments", call->input);
	fields_object(fields, "function", &to->part);
	jcs_fields_reset(&to->part);
}

static void show_text(struct kimi *to, struct span text, int64_t at)
{
	fields_str(&to->inner, "type", "text");
	fields_text(&to->inner, "text", text);
	put_event(to, "ContentPart", at);
}

static void show_result(struct kimi *to, const struct passage_call *call)
{
	fields_bool(&to->part, "is_error", call->is_error);
	fields_text(&to->part, "output", call->result);
	fields_str(&to->part, "message", "");
	fields_raw(&to->part, "display", span_str("[]"));
	fields_text(&to->inner, "tool_call_id", call->id);
	fields_object(&to->inner, "return_value", &to->part);
	jcs_fields_reset(&to->part);
	put_event(to, "ToolResult", call->ended);
}

/* --- content --------------------------------------------------------------- */

/* What begins so would be the program's. */
static void put_kimi_text(struct kimi *to, struct span text)
{
	buf_reset(&to->text);
	if (span_begins(text, "<system>") || span_begins(text, "<notification"))
		buf_put_char(&to->text, '\n');
	buf_put_span(&to->text, text);
	fields_str(&to->part, "type", "text");
	fields_words(&to->part, "text", &to->text);
	resume_list_add(&to->content, &to->part);
}

static void put_picture(struct kimi *to, const struct passage_file *file)
{
	buf_reset(&to->text);
	resume_put_data_url(file, &to->text);
	fields_words(&to->part, "url", &to->text);
	fields_object(&to->inner, "image_url", &to->part);
	jcs_fields_reset(&to->part);
	fields_str(&to->inner, "type", "image_url");
	resume_list_add(&to->content, &to->inner);
}

static void put_kimi_result(struct kimi *to, const struct passage_call *call)
{
	put_kimi_text(to, call->result);
	fields_str(&to->line, "role", "tool");
	fields_text(&to->line, "tool_call_id", call->id);
	fields_list(&to->line, "content", &to->content);
	resume_put_line(to->context, &to->line);
	show_result(to, call);
}

/* --- turns ----------------------------------------------------------------- */

static void put_content(struct kimi *to, const struct passage_step *step)
{
	const struct passage_piece *piece = step->pieces;

	for (; piece < step->pieces + step->said; piece++) {
		if (piece->kind == PIECE_TEXT)
			put_kimi_text(to, piece->text);
		else
			put_picture(to, &piece->file);
	}
}

static void put_kimi_prompt(struct kimi *to, const struct passage_turn *turn,
		       const struct passage_step *step)
{
	put_content(to, step);
	buf_put_str(&to->content, "]");
	fields_str(&to->line, "role", "user");
	if (turn->is_summary)
		fields_bool(&to->line, "isSummary", true);
	fields_buf(&to->line, "content", &to->content);
	resume_put_line(to->context, &to->line);
	fields_buf(&to->inner, "user_input", &to->content);
	buf_reset(&to->content);
	put_event(to, "TurnBegin", turn->created);
	to->steps = 0;
}

static void put_step(struct kimi *to, const struct passage_step *step)
{
	const struct passage_piece *piece;
	size_t i;

	fields_integer(&to->inner, "n", ++to->steps);
	put_event(to, "StepBegin", step->created);
	for (piece = step->pieces; piece < step->pieces + step->said; piece++)
		show_text(to, piece->text, step->created);
	for (i = 0; i < step->n - step->said; i++) {
		fill_call(to, passage_step_call(step, i), &to->inner);
		put_event(to, "ToolCall", step->created);
	}
	put_content(to, step);
	fields_str(&to->line, "role", "assistant");
	fields_list(&to->line, "content", &to->content);
	for (i = 0; i < step->n - step->said; i++) {
		fill_call(to, passage_step_call(step, i), &to->inner);
		resume_list_add(&to->calls, &to->inner);
	}
	if (step->said < step->n)
		fields_list(&to->line, "tool_calls", &to->calls);
	resume_put_line(to->context, &to->line);
	for (i = 0; i < step->n - step->said; i++)
		put_kimi_result(to, passage_step_call(step, i));
}

static void put_turns(struct kimi *to, const struct passage *passage)
{
	const struct passage_turn *turn = passage->turns;
	struct passage_step step;

	fields_integer(&to->line, "id", 0);
	fields_str(&to->line, "role", "_checkpoint");
	resume_put_line(to->context, &to->line);
	fields_str(&to->line, "type", "metadata");
	fields_str(&to->line, "protocol_version", "1.9");
	resume_put_line(to->wire, &to->line);
	for (; turn < passage->turns + passage->n; turn++) {
		step = (struct passage_step)PASSAGE_STEP_INIT;
		while (passage_step_next(turn, &step)) {
			if (turn->role == PASSAGE_USER)
				put_kimi_prompt(to, turn, &step);
			else
				put_step(to, &step);
		}
		if (turn + 1 == passage->turns + passage->n ||
		    (turn->role == PASSAGE_MODEL &&
		     turn[1].role == PASSAGE_USER))
			put_event(to, "TurnEnd", step.created);
	}
}

/* --- files ----------------------------------------------------------------- */

static int put_state(const struct passage *passage, struct buf *out,
		     struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	resume_put_title(passage, &title);
	fields_integer(&fields, "version", 1);
	fields_words(&fields, "custom_title", &title);
	fields_bool(&fields, "archived", false);
	fields_raw(&fields, "todos", span_str("[]"));
	rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	buf_release(&title);
	return rc;
}

static int put_content_files(const struct passage *passage,
			     struct resume_out *out, struct err *err)
{
	struct kimi to = {
		.context = &out->files.at[0].bytes,
		.wire = &out->files.at[1].bytes, .line = JCS_FIELDS_INIT,
		.inner = JCS_FIELDS_INIT, .part = JCS_FIELDS_INIT,
		.content = BUF_INIT(BUF_NO_LIMIT),
		.calls = BUF_INIT(BUF_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc;

	put_turns(&to, passage);
	rc = buf_end(to.context, err);
	if (rc == 0)
		rc = buf_end(to.wire, err);
	kimi_release(&to);
	return rc < 0 ? rc : put_state(passage, &out->files.at[2].bytes, err);
}

static int add_files(const struct passage *passage,
		     const struct resume_target *target,
		     struct resume_out *out, struct err *err)
{
	static const char *const names[] = {
		"context.jsonl", "wire.jsonl", "state.json"
	};
	struct span cwd = span_str(target->cwd);
	unsigned char digest[MD5_BYTES];
	char hex[HEX_TEXT(MD5_BYTES) + 1];
	struct buf path = BUF_INIT(PATH_TEXT_MAX);
	struct resume_file *file;
	size_t i;
	int rc = 0;

	md5_of(cwd.at, cwd.len, digest);
	hex_text(digest, sizeof(digest), hex);
	for (i = 0; rc == 0 && i < 3; i++) {
		buf_reset(&path);
		buf_putf(&path, "%s/%s/%s/%s", target->home, hex, target->id,
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

/* The folder is named there once, whichever sessions it has. */
static int list_folder(const struct resume_target *target,
		       struct resume_out *out, struct err *err)
{
	struct registry_entry entry = {
		.list = "work_dirs", .by = "path", .is = span_str(target->cwd),
	};
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct buf path = PATH_BUF_INIT;
	int rc;

	fields_str(&fields, "path", target->cwd);
	fields_str(&fields, "kaos", "local");
	fields_str(&fields, "last_session_id", target->id);
	rc = jcs_fields_write(&fields, &value, err);
	entry.value = buf_span(&value);
	if (rc == 0)
		rc = path_parent(&path, target->home, err);
	if (rc == 0)
		rc = path_add(&path, "kimi.json", err);
	if (rc == 0)
		rc = registry_put(target, out, buf_text(&path), &entry, err);
	jcs_fields_release(&fields);
	buf_release(&value);
	buf_release(&path);
	return rc;
}

static int kimi_write(const struct passage *passage,
		      const struct resume_target *target,
		      struct resume_out *out, struct err *err)
{
	int rc = add_files(passage, target, out, err);

	if (rc == 0)
		rc = put_content_files(passage, out, err);
	if (rc == 0)
		rc = list_folder(target, out, err);
	resume_arg(&out->command, "kimi");
	resume_option(&out->command, "--session");
	resume_arg(&out->command, target->id);
	resume_note(out, "Kimi's files do not say which model answered");
	return rc;
}

const struct resume_writer kimi_writer = {
	.name = "kimi",
	.title = "Kimi CLI",
	.lacks = RESUME_NO_RESULT_FILES | RESUME_NO_ANSWER_FILES |
		RESUME_NO_ERRORS,
	.holds = resume_is_picture,
	.wants_uuid = true,
	.write = kimi_write,
};
