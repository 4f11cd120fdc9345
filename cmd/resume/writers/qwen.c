/*
 * A session of Qwen Code, ~/.qwen/projects/<cwd>/chats/<id>.jsonl: a line is a
 * record that names the one before, with what Gemini's interface takes in its
 * parts. Each result is a record of its own; the title is one, too, the last.
 */
#include <stdio.h>

#include "cmd/resume/pieces.h"
#include "cmd/resume/tool_names.h"
#include "cmd/resume/writers/writers.h"
#include "lib/base/utf8.h"
#include "lib/os/path.h"

#define VERSION "0.24.4"	/* whose format this is */

struct qwen_draft {
	const struct passage *passage;
	const struct resume_target *target;
	struct buf *out;
	struct jcs_fields line;
	struct buf parts;
	size_t records;
	char last[37];		/* the id of the record before; empty: none */
};

/* The record that the line has begun. */
static void put_qwen_record(struct qwen_draft *draft, const char *type,
		       int64_t time)
{
	struct jcs_fields *line = &draft->line;
	char id[37];

	resume_uuid(draft->target, "record", draft->records++, id);
	fields_str(line, "uuid", id);
	if (*draft->last)
		fields_str(line, "parentUuid", draft->last);
	else
		fields_null(line, "parentUuid");
	memcpy(draft->last, id, sizeof(id));
	fields_str(line, "sessionId", draft->target->id);
	fields_resume_time(line, "timestamp", time);
	fields_str(line, "type", type);
	fields_str(line, "cwd", draft->target->cwd);
	fields_str(line, "version", VERSION);
	resume_put_line(draft->out, line);
}

/* {"role","parts"}, of the parts that were added. */
static void put_qwen_message(struct qwen_draft *draft, const char *role)
{
	struct jcs_fields message = JCS_FIELDS_INIT;

	fields_str(&message, "role", role);
	fields_list(&message, "parts", &draft->parts);
	fields_object(&draft->line, "message", &message);
	jcs_fields_release(&message);
}

/* --- parts ---------------------------------------------------------------- */

static void add_text(struct qwen_draft *draft, struct span text)
{
	struct jcs_fields part = JCS_FIELDS_INIT;

	fields_text(&part, "text", text);
	resume_list_add(&draft->parts, &part);
	jcs_fields_release(&part);
}

static void add_image(struct qwen_draft *draft,
		      const struct passage_file *file)
{
	struct jcs_fields part = JCS_FIELDS_INIT;
	struct jcs_fields data = JCS_FIELDS_INIT;

	fields_text(&data, "mimeType", file->media);
	fields_base64(&data, "data", file->bytes);
	fields_object(&part, "inlineData", &data);
	resume_list_add(&draft->parts, &part);
	jcs_fields_release(&data);
	jcs_fields_release(&part);
}

/* {"functionCall":{"id","name","args"}} */
static void add_call(struct qwen_draft *draft, const struct passage_call *call)
{
	struct jcs_fields part = JCS_FIELDS_INIT;
	struct jcs_fields inner = JCS_FIELDS_INIT;

	fields_text(&inner, "id", call->id);
	fields_text(&inner, "name", call->name);
	fields_raw(&inner, "args", call->input);
	fields_object(&part, "functionCall", &inner);
	resume_list_add(&draft->parts, &part);
	jcs_fields_release(&inner);
	jcs_fields_release(&part);
}

/* {"functionResponse":{"id","name","response":{"output"}}}, or "error". */
static void add_response(struct qwen_draft *draft,
			 const struct passage_call *call)
{
	struct jcs_fields part = JCS_FIELDS_INIT;
	struct jcs_fields inner = JCS_FIELDS_INIT;
	struct jcs_fields response = JCS_FIELDS_INIT;

	fields_text(&response, call->is_error ? "error" : "output",
		    call->result);
	fields_text(&inner, "id", call->id);
	fields_text(&inner, "name", call->name);
	fields_object(&inner, "response", &response);
	fields_object(&part, "functionResponse", &inner);
	resume_list_add(&draft->parts, &part);
	jcs_fields_release(&response);
	jcs_fields_release(&inner);
	jcs_fields_release(&part);
}

/* --- records -------------------------------------------------------------- */

static void put_said(struct qwen_draft *draft, const struct passage_turn *turn,
		     const struct passage_step *step)
{
	bool is_user = turn->role == PASSAGE_USER;
	const struct passage_piece *piece = step->pieces;

	for (; piece < step->pieces + step->n; piece++) {
		if (piece->kind == PIECE_TEXT)
			add_text(draft, piece->text);
		else if (piece->kind == PIECE_FILE)
			add_image(draft, &piece->file);
		else
			add_call(draft, &piece->call);
	}
	put_qwen_message(draft, is_user ? "user" : "model");
	if (!is_user)
		fields_text(&draft->line, "model",
			    resume_model(draft->passage, turn));
	put_qwen_record(draft, is_user ? "user" : "assistant", step->created);
}

static void put_qwen_result(struct qwen_draft *draft,
		       const struct passage_call *call)
{
	struct jcs_fields result = JCS_FIELDS_INIT;
	size_t i;

	add_response(draft, call);
	for (i = 0; i < call->files_n; i++)
		add_image(draft, &call->files[i]);
	put_qwen_message(draft, "user");
	fields_text(&result, "callId", call->id);
	fields_str(&result, "status", call->is_error ? "error" : "success");
	fields_object(&draft->line, "toolCallResult", &result);
	put_qwen_record(draft, "tool_result", call->ended);
	jcs_fields_release(&result);
}

static void put_turn(struct qwen_draft *draft, const struct passage_turn *turn)
{
	struct passage_step step = PASSAGE_STEP_INIT;
	size_t i;

	while (passage_step_next(turn, &step)) {
		put_said(draft, turn, &step);
		for (i = step.said; i < step.n; i++)
			put_qwen_result(draft, &step.pieces[i].call);
	}
}

static void put_qwen_title(struct qwen_draft *draft)
{
	struct jcs_fields payload = JCS_FIELDS_INIT;
	struct buf title = BUF_INIT(BUF_NO_LIMIT);

	resume_put_title(draft->passage, &title);
	fields_words(&payload, "customTitle", &title);
	fields_str(&payload, "titleSource", "manual");
	fields_object(&draft->line, "systemPayload", &payload);
	fields_str(&draft->line, "subtype", "custom_title");
	put_qwen_record(draft, "system", draft->passage->updated);
	buf_release(&title);
	jcs_fields_release(&payload);
}

/* Each unit of UTF-16 that is no letter or digit of ASCII becomes "-". */
static void put_folder(const char *cwd, struct buf *out)
{
	struct span rest = span_str(cwd);
	uint32_t point;
	size_t len;

	while (rest.len) {
		len = utf8_decode(rest, &point);
		if (len == 1 && ((point >= '0' && point <= '9') ||
				 (point >= 'A' && point <= 'Z') ||
				 (point >= 'a' && point <= 'z')))
			buf_put_char(out, (char)point);
		else
			buf_put_str(out, len == UTF8_MAX ? "--" : "-");
		len += !len;
		rest = span_of(rest.at + len, rest.len - len);
	}
}

static int put_path(const struct resume_target *target, struct buf *out,
		    struct err *err)
{
	struct buf folder = BUF_INIT(BUF_NO_LIMIT);
	char name[64];
	int rc;

	put_folder(target->cwd, &folder);
	snprintf(name, sizeof(name), "chats/%s.jsonl", target->id);
	rc = buf_end(&folder, err);
	if (rc == 0)
		rc = path_join(out, target->home, folder.data, err);
	buf_release(&folder);
	return rc < 0 ? rc : path_add(out, name, err);
}

static int write_qwen(const struct passage *passage,
		      const struct resume_target *target,
		      struct resume_out *out, struct err *err)
{
	struct qwen_draft draft = {
		.passage = passage, .target = target,
		.line = JCS_FIELDS_INIT, .parts = BUF_INIT(BUF_NO_LIMIT)
	};
	struct buf path = PATH_BUF_INIT;
	struct resume_file *file = NULL;
	size_t i;
	int rc = put_path(target, &path, err);

	if (rc == 0)
		rc = resume_add(out, RESUME_FILE, path.data, &file, err);
	if (rc < 0)
		goto out;
	file->modified = passage->updated;
	draft.out = &file->bytes;
	for (i = 0; i < passage->n; i++)
		put_turn(&draft, &passage->turns[i]);
	put_qwen_title(&draft);
	rc = buf_end(&file->bytes, err);
	resume_arg(&out->command, "qwen");
	resume_option(&out->command, "--resume");
	resume_arg(&out->command, target->id);
out:
	jcs_fields_release(&draft.line);
	buf_release(&draft.parts);
	buf_release(&path);
	return rc;
}

const struct resume_writer qwen_writer = {
	.name = "qwen",
	.title = "Qwen Code",
	.tools = &tool_names_qwen,
	.lacks = RESUME_NO_ANSWER_FILES,
	.holds = resume_is_picture,
	.wants_uuid = true,
	.write = write_qwen,
};
