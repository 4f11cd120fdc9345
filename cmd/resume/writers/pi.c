/*
 * Pi, and OpenClaw, which writes the same files: a line of the session, then
 * lines that each name the one before. Pictures stand in prompts and results;
 * an answer must say by which interface and model it came and what it cost.
 */
#include "cmd/resume/writers/writers.h"

#include <stdio.h>
#include <string.h>

#include "cmd/resume/pieces.h"
#include "cmd/resume/registry.h"
#include "cmd/resume/tool_names.h"
#include "lib/os/path.h"

#define AGENT "main"		/* of OpenClaw */

struct pi {
	const struct passage *passage;
	struct buf *out;
	size_t lines;		/* that name one before */
	struct jcs_fields line;
	struct jcs_fields message;
	struct jcs_fields inner;
	struct buf content;	/* a list */
};

static void pi_release(struct pi *pi)
{
	jcs_fields_release(&pi->line);
	jcs_fields_release(&pi->message);
	jcs_fields_release(&pi->inner);
	buf_release(&pi->content);
}

/* --- lines ----------------------------------------------------------------- */

/* Write the line, with its id and that of the one before. */
static void put_pi_entry(struct pi *pi, const char *type, int64_t created)
{
	char id[24];

	fields_str(&pi->line, "type", type);
	if (pi->lines) {
		snprintf(id, sizeof(id), "%08zx", pi->lines);
		fields_str(&pi->line, "parentId", id);
	} else {
		fields_null(&pi->line, "parentId");
	}
	snprintf(id, sizeof(id), "%08zx", ++pi->lines);
	fields_str(&pi->line, "id", id);
	fields_resume_time(&pi->line, "timestamp", created);
	resume_put_line(pi->out, &pi->line);
}

/* Write the message that was begun, with its content. */
static void pi_put_message(struct pi *pi, const char *role, int64_t created)
{
	fields_str(&pi->message, "role", role);
	fields_list(&pi->message, "content", &pi->content);
	fields_integer(&pi->message, "timestamp", resume_ms(created));
	fields_object(&pi->line, "message", &pi->message);
	jcs_fields_reset(&pi->message);
	put_pi_entry(pi, "message", created);
}

/* --- content --------------------------------------------------------------- */

static void put_pi_text(struct pi *pi, struct span text)
{
	fields_str(&pi->inner, "type", "text");
	fields_text(&pi->inner, "text", text);
	resume_list_add(&pi->content, &pi->inner);
}

static void put_picture(struct pi *pi, const struct passage_file *file)
{
	fields_str(&pi->inner, "type", "image");
	fields_text(&pi->inner, "mimeType", file->media);
	fields_base64(&pi->inner, "data", file->bytes);
	resume_list_add(&pi->content, &pi->inner);
}

static void put_pi_call(struct pi *pi, const struct passage_call *call)
{
	fields_str(&pi->inner, "type", "toolCall");
	fields_text(&pi->inner, "id", call->id);
	fields_text(&pi->inner, "name", call->name);
	fields_raw(&pi->inner, "arguments", call->input);
	resume_list_add(&pi->content, &pi->inner);
}

/* --- messages -------------------------------------------------------------- */

static void put_pi_result(struct pi *pi, const struct passage_call *call)
{
	size_t i;

	put_pi_text(pi, call->result);
	for (i = 0; i < call->files_n; i++)
		put_picture(pi, &call->files[i]);
	fields_text(&pi->message, "toolCallId", call->id);
	fields_text(&pi->message, "toolName", call->name);
	fields_bool(&pi->message, "isError", call->is_error);
	pi_put_message(pi, "toolResult", call->ended);
}

static const char *interface_of(const char *maker)
{
	return !strcmp(maker, "anthropic") ? "anthropic-messages" :
		!strcmp(maker, "google") ? "google-generative-ai" :
		!strcmp(maker, "openai") ? "openai-responses" :
		"openai-completions";
}

static void fill_answer(struct pi *pi, const struct passage_turn *turn,
			bool has_calls)
{
	struct span model = resume_model(pi->passage, turn);
	const char *maker = resume_maker(model);

	fields_str(&pi->message, "api", interface_of(maker));
	fields_str(&pi->message, "provider", maker);
	fields_text(&pi->message, "model", model);
	fields_str(&pi->message, "stopReason", has_calls ? "toolUse" : "stop");
	fields_raw(&pi->message, "usage", span_str(
		"{\"cacheRead\":0,\"cacheWrite\":0,\"cost\":{\"cacheRead\":0,"
		"\"cacheWrite\":0,\"input\":0,\"output\":0,\"total\":0},"
		"\"input\":0,\"output\":0,\"totalTokens\":0}"));
}

/* From here on the model is told this and what follows; all before it stays
 * where a person finds it. It keeps none of that: no line has this id yet. */
static void put_summary(struct pi *pi, const struct passage_turn *turn,
			const struct passage_step *step)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	char id[24];

	resume_put_words(step, &text);
	snprintf(id, sizeof(id), "%08zx", pi->lines + 1);
	fields_words(&pi->line, "summary", &text);
	fields_str(&pi->line, "firstKeptEntryId", id);
	fields_integer(&pi->line, "tokensBefore", 0);
	put_pi_entry(pi, "compaction", turn->created);
	buf_release(&text);
}

static void put_step(struct pi *pi, const struct passage_turn *turn,
		     const struct passage_step *step)
{
	bool is_answer = turn->role == PASSAGE_MODEL;
	const struct passage_piece *piece;

	for (piece = step->pieces; piece < step->pieces + step->n; piece++) {
		if (piece->kind == PIECE_TEXT)
			put_pi_text(pi, piece->text);
		else if (piece->kind == PIECE_FILE)
			put_picture(pi, &piece->file);
		else
			put_pi_call(pi, &piece->call);
	}
	if (is_answer)
		fill_answer(pi, turn, step->said < step->n);
	pi_put_message(pi, is_answer ? "assistant" : "user", step->created);
	for (piece = step->pieces + step->said;
	     piece < step->pieces + step->n; piece++)
		put_pi_result(pi, &piece->call);
}

/* --- the session ----------------------------------------------------------- */

static int put_pi_session(const struct passage *passage,
		       const struct resume_target *target, struct buf *out,
		       struct err *err)
{
	struct pi pi = {
		.passage = passage, .out = out, .line = JCS_FIELDS_INIT,
		.message = JCS_FIELDS_INIT, .inner = JCS_FIELDS_INIT,
		.content = BUF_INIT(BUF_NO_LIMIT),
	};
	struct passage_step step;
	size_t i;

	fields_str(&pi.line, "type", "session");
	fields_integer(&pi.line, "version", 3);
	fields_str(&pi.line, "id", target->id);
	fields_resume_time(&pi.line, "timestamp", passage->created);
	fields_str(&pi.line, "cwd", target->cwd);
	resume_put_line(out, &pi.line);
	for (i = 0; i < passage->n; i++) {
		step = (struct passage_step)PASSAGE_STEP_INIT;
		while (passage_step_next(&passage->turns[i], &step)) {
			if (passage->turns[i].is_summary)
				put_summary(&pi, &passage->turns[i], &step);
			else
				put_step(&pi, &passage->turns[i], &step);
		}
	}
	if (passage->title.len) {
		fields_text(&pi.line, "name", passage->title);
		put_pi_entry(&pi, "session_info", passage->updated);
	}
	pi_release(&pi);
	return buf_end(out, err);
}

/* "--srv-proj--" */
static void put_folder(const char *cwd, struct buf *out)
{
	buf_put_str(out, "--");
	for (cwd += *cwd == '/'; *cwd; cwd++)
		buf_put_char(out, strchr("/\\:", *cwd) ? '-' : *cwd);
	buf_put_str(out, "--");
}

static void put_path(const struct passage *passage,
		     const struct resume_target *target, struct buf *out)
{
	char time[RESUME_TIME_MAX];
	char *at;

	resume_time_text(passage->created, time);
	for (at = time; *at; at++) {
		if (*at == ':' || *at == '.')
			*at = '-';
	}
	buf_putf(out, "%s/", target->home);
	put_folder(target->cwd, out);
	buf_putf(out, "/%s_%s.jsonl", time, target->id);
}

static int put_file_of(const struct passage *passage,
		       const struct resume_target *target, struct buf *path,
		       struct resume_out *out, struct err *err)
{
	struct resume_file *file;
	int rc = buf_end(path, err);

	if (rc == 0)
		rc = resume_add(out, RESUME_FILE, buf_text(path), &file, err);
	if (rc < 0)
		return rc;
	file->modified = passage->updated;
	return put_pi_session(passage, target, &file->bytes, err);
}

static int pi_write(const struct passage *passage,
		    const struct resume_target *target,
		    struct resume_out *out, struct err *err)
{
	struct buf path = BUF_INIT(PATH_TEXT_MAX);
	int rc;

	put_path(passage, target, &path);
	rc = put_file_of(passage, target, &path, out, err);
	buf_release(&path);
	resume_arg(&out->command, "pi");
	resume_option(&out->command, "--session");
	resume_arg(&out->command, target->id);
	return rc;
}

/* Its list of sessions, by the name under which each goes on. */
static int list_openclaw(const struct passage *passage,
			 const struct resume_target *target, const char *name,
			 const char *path, struct resume_out *out,
			 struct err *err)
{
	struct registry_entry entry = {
		.name = name, .by = "sessionId", .is = span_str(target->id),
	};
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct buf file = BUF_INIT(PATH_TEXT_MAX);
	int rc;

	buf_putf(&file, "%s.jsonl", target->id);
	fields_str(&fields, "sessionId", target->id);
	fields_integer(&fields, "updatedAt", resume_ms(passage->updated));
	fields_words(&fields, "sessionFile", &file);
	if (passage->title.len)
		fields_text(&fields, "displayName", passage->title);
	rc = jcs_fields_write(&fields, &value, err);
	entry.value = buf_span(&value);
	if (rc == 0)
		rc = registry_put(target, out, path, &entry, err);
	jcs_fields_release(&fields);
	buf_release(&value);
	buf_release(&file);
	return rc;
}

static int openclaw_write(const struct passage *passage,
			  const struct resume_target *target,
			  struct resume_out *out, struct err *err)
{
	/* Its database takes up the files, and puts them away. */
	static const char *const taking[] = {
		"openclaw", "doctor", "--session-sqlite", "import",
		"--session-sqlite-agent", AGENT, NULL
	};
	struct buf path = BUF_INIT(PATH_TEXT_MAX);
	char name[64];
	size_t folder;
	size_t i;
	int rc;

	snprintf(name, sizeof(name), "agent:" AGENT ":%s", target->id);
	buf_putf(&path, "%s/" AGENT "/sessions/", target->home);
	folder = path.len;
	buf_putf(&path, "%s.jsonl", target->id);
	rc = put_file_of(passage, target, &path, out, err);
	buf_cut(&path, folder);
	buf_put_str(&path, "sessions.json");
	if (rc == 0)
		rc = buf_end(&path, err);
	if (rc == 0)
		rc = list_openclaw(passage, target, name, buf_text(&path), out,
				   err);
	buf_release(&path);
	for (i = 0; taking[i]; i++)
		resume_option(&out->before, taking[i]);
	resume_arg(&out->command, "openclaw");
	resume_arg(&out->command, "tui");
	resume_option(&out->command, "--session");
	resume_arg(&out->command, name);
	resume_note(out, "stop OpenClaw's gateway first, and start it again "
		    "behind; one that keeps its sessions in files takes up "
		    "what lies there by itself");
	return rc;
}

const struct resume_writer pi_writer = {
	.name = "pi",
	.title = "Pi",
	.tools = &tool_names_pi,
	.lacks = RESUME_NO_ANSWER_FILES,
	.holds = resume_is_picture,
	.write = pi_write,
};

const struct resume_writer openclaw_writer = {
	.name = "openclaw",
	.title = "OpenClaw",
	.lacks = RESUME_NO_ANSWER_FILES,
	.holds = resume_is_picture,
	.write = openclaw_write,
};
