/*
 * A session of Gemini CLI, ~/.gemini/tmp/<slug>/chats/session-<time>-<x>.jsonl:
 * a header, then a line for each message, with results inside of calls. Files
 * whose x is the begin of the session's id are deleted together with others at
 * a later start, and so is what was not updated for 30 days.
 */
#include <stdio.h>

#include "cmd/resume/pieces.h"
#include "cmd/resume/tool_names.h"
#include "cmd/resume/writers/gemini_slug.h"
#include "cmd/resume/writers/writers.h"
#include "lib/id/encode.h"
#include "lib/json/jdoc.h"
#include "lib/os/file.h"
#include "lib/os/path.h"
#include "lib/time/timestamp.h"

#define HEADER_MAX ((size_t)1 << 20)
#define SHORT_ID 8		/* of an id, in names of files */

struct gemini_draft {
	const struct passage *passage;
	const struct resume_target *target;
	struct buf *out;
	struct jcs_fields line;
	struct buf parts;
	struct buf calls;
	size_t messages;
};

/* When the file says that it was updated last: now, else it is deleted soon; in
 * one that is there already what it says. */
static int64_t updated_of(const struct resume_target *target, const char *path)
{
	const struct jdoc_options options = { .max_bytes = HEADER_MAX };
	struct file_map map = FILE_MAP_INIT;
	struct err why = ERR_INIT;
	struct jdoc *doc = NULL;
	int64_t updated = target->now;
	struct span rest;

	if (!file_exists(path) ||
	    file_map_open(&map, path, BUF_NO_LIMIT, &why) < 0)
		return updated;
	rest = map.bytes;
	if (jdoc_parse(span_take_line(&rest), &options, &doc, &why) < 0 ||
	    timestamp_parse(jval_get_text(jdoc_root(doc), "lastUpdated"),
			    &updated, NULL, &why) < 0)
		updated = target->now;
	jdoc_free(doc);
	file_map_release(&map);
	return updated;
}

static void put_header(struct gemini_draft *draft, int64_t updated)
{
	const struct passage *passage = draft->passage;
	struct jcs_fields *line = &draft->line;
	const char *cwd = draft->target->cwd;
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	unsigned char digest[SHA256_BYTES];
	char hex[HEX_TEXT(SHA256_BYTES) + 1];

	sha256_of(cwd, strlen(cwd), digest);
	hex_text(digest, SHA256_BYTES, hex);
	resume_put_title(passage, &title);
	fields_str(line, "sessionId", draft->target->id);
	fields_str(line, "projectHash", hex);
	fields_resume_time(line, "startTime", passage->created);
	fields_resume_time(line, "lastUpdated", updated);
	fields_str(line, "kind", "main");
	fields_words(line, "summary", &title);
	resume_put_line(draft->out, line);
	buf_release(&title);
}

/* --- parts ---------------------------------------------------------------- */

/*
 * What begins so was typed to the program: it is not sent to the model again.
 * A part that says that it is no thought counts by that.
 */
static bool is_passed_over(struct span text)
{
	while (text.len && strchr(" \t\r\n\v\f", text.at[0]))
		text = span_of(text.at + 1, text.len - 1);
	return !text.len || text.at[0] == '/' || text.at[0] == '?' ||
	       span_begins(text, "<session_context>") ||
	       span_begins(text, "<hook_context>");
}

static void add_text(struct gemini_draft *draft, struct span text,
		     bool is_first)
{
	struct jcs_fields part = JCS_FIELDS_INIT;

	fields_text(&part, "text", text);
	if (is_first && is_passed_over(text))
		fields_bool(&part, "thought", false);
	resume_list_add(&draft->parts, &part);
	jcs_fields_release(&part);
}

static void add_gemini_file(struct buf *list, const struct passage_file *file)
{
	struct jcs_fields part = JCS_FIELDS_INIT;
	struct jcs_fields data = JCS_FIELDS_INIT;

	fields_text(&data, "mimeType", file->media);
	fields_base64(&data, "data", file->bytes);
	fields_object(&part, "inlineData", &data);
	resume_list_add(list, &part);
	jcs_fields_release(&data);
	jcs_fields_release(&part);
}

static void add_parts(struct gemini_draft *draft,
		      const struct passage_step *step, bool is_user)
{
	size_t i;

	for (i = 0; i < step->said; i++) {
		const struct passage_piece *piece = &step->pieces[i];

		if (piece->kind == PIECE_TEXT)
			add_text(draft, piece->text, is_user && !i);
		else
			add_gemini_file(&draft->parts, &piece->file);
	}
}

/* --- calls ---------------------------------------------------------------- */

/* {"functionResponse":{"id","name","response":{"output"}}}, or "error". */
static void add_response(struct buf *list, const struct passage_call *call)
{
	struct jcs_fields part = JCS_FIELDS_INIT;
	struct jcs_fields function = JCS_FIELDS_INIT;
	struct jcs_fields response = JCS_FIELDS_INIT;

	fields_text(&response, call->is_error ? "error" : "output",
		    call->result);
	fields_text(&function, "id", call->id);
	fields_text(&function, "name", call->name);
	fields_object(&function, "response", &response);
	fields_object(&part, "functionResponse", &function);
	resume_list_add(list, &part);
	jcs_fields_release(&response);
	jcs_fields_release(&function);
	jcs_fields_release(&part);
}

static void add_call(struct gemini_draft *draft,
		     const struct passage_call *call)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf result = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	add_response(&result, call);
	for (i = 0; i < call->files_n; i++)
		add_gemini_file(&result, &call->files[i]);
	fields_text(&fields, "id", call->id);
	fields_text(&fields, "name", call->name);
	fields_raw(&fields, "args", call->input);
	fields_str(&fields, "status", call->is_error ? "error" : "success");
	fields_resume_time(&fields, "timestamp", call->ended);
	fields_list(&fields, "result", &result);
	resume_list_add(&draft->calls, &fields);
	buf_release(&result);
	jcs_fields_release(&fields);
}

/* --- messages ------------------------------------------------------------- */

static void put_gemini_message(struct gemini_draft *draft,
			const struct passage_turn *turn,
			const struct passage_step *step)
{
	bool is_user = turn->role == PASSAGE_USER;
	struct jcs_fields *line = &draft->line;
	char id[37];
	size_t i;

	add_parts(draft, step, is_user);
	for (i = step->said; i < step->n; i++)
		add_call(draft, &step->pieces[i].call);
	resume_uuid(draft->target, "message", draft->messages++, id);
	fields_str(line, "id", id);
	fields_resume_time(line, "timestamp", step->created);
	fields_str(line, "type", is_user ? "user" : "gemini");
	fields_list(line, "content", &draft->parts);
	if (!is_user)
		fields_text(line, "model", resume_model(draft->passage,
							turn));
	if (draft->calls.len)
		fields_list(line, "toolCalls", &draft->calls);
	resume_put_line(draft->out, line);
}

static void put_turn(struct gemini_draft *draft,
		     const struct passage_turn *turn)
{
	struct passage_step step = PASSAGE_STEP_INIT;

	while (passage_step_next(turn, &step))
		put_gemini_message(draft, turn, &step);
}

/* <slug>/chats/session-2026-05-04T09-00-<x>.jsonl */
static int put_path(const struct passage *passage,
		    const struct resume_target *target, const char *slug,
		    struct buf *out, struct err *err)
{
	char time[RESUME_TIME_MAX];
	char name[64];
	char id[37];
	size_t nth = 0;
	int rc;

	resume_time_text(passage->created, time);
	time[13] = '-';
	do {
		resume_uuid(target, "file", nth++, id);
	} while (!strncmp(id, target->id, SHORT_ID));
	snprintf(name, sizeof(name), "chats/session-%.16s-%.*s.jsonl", time,
		 SHORT_ID, id);
	rc = path_join(out, target->home, slug, err);
	return rc < 0 ? rc : path_add(out, name, err);
}

static int write_session(const struct passage *passage,
			 const struct resume_target *target, const char *slug,
			 struct resume_out *out, struct err *err)
{
	struct gemini_draft draft = {
		.passage = passage, .target = target,
		.line = JCS_FIELDS_INIT, .parts = BUF_INIT(BUF_NO_LIMIT),
		.calls = BUF_INIT(BUF_NO_LIMIT)
	};
	struct buf path = PATH_BUF_INIT;
	struct resume_file *file = NULL;
	size_t i;
	int rc = put_path(passage, target, slug, &path, err);

	if (rc == 0)
		rc = resume_add(out, RESUME_FILE, path.data, &file, err);
	if (rc < 0)
		goto out;
	draft.out = &file->bytes;
	put_header(&draft, updated_of(target, path.data));
	for (i = 0; i < passage->n; i++)
		put_turn(&draft, &passage->turns[i]);
	rc = buf_end(&file->bytes, err);
out:
	jcs_fields_release(&draft.line);
	buf_release(&draft.parts);
	buf_release(&draft.calls);
	buf_release(&path);
	return rc;
}

static int write_gemini(const struct passage *passage,
			const struct resume_target *target,
			struct resume_out *out, struct err *err)
{
	struct buf slug = PATH_BUF_INIT;
	int rc = gemini_slug(target, out, &slug, err);

	if (rc == 0)
		rc = write_session(passage, target, slug.data, out, err);
	resume_note(out, "Gemini CLI deletes sessions after 30 days without "
		    "a new turn: capture before that");
	resume_arg(&out->command, "gemini");
	resume_option(&out->command, "--resume");
	resume_arg(&out->command, target->id);
	buf_release(&slug);
	return rc;
}

const struct resume_writer gemini_writer = {
	.name = "gemini-cli",
	.title = "Gemini CLI",
	.tools = &tool_names_gemini_cli,
	.lacks = RESUME_NO_ANSWER_FILES,
	.wants_uuid = true,
	.write = write_gemini,
};
