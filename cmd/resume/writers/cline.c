/*
 * Cline, as it keeps sessions since its program for the terminal: a manifest,
 * which must say where the messages lie, and the messages. Each result is a
 * message of its own, as Cline itself has them once it has gone on.
 */
#include "cmd/resume/writers/writers.h"

#include <stdio.h>
#include <string.h>

#include "cmd/resume/pieces.h"
#include "lib/json/jdoc.h"
#include "lib/os/file.h"
#include "lib/os/path.h"

#define MANIFEST_MAX ((size_t)16 << 20)

struct cline {
	const struct passage *passage;
	const char *session;
	size_t number;		/* of the last message */
	struct jcs_fields message;
	struct jcs_fields block;
	struct buf content;
	struct buf inner;	/* content of a result */
	struct buf messages;
	struct buf text;
};

static void cline_release(struct cline *to)
{
	jcs_fields_release(&to->message);
	jcs_fields_release(&to->block);
	buf_release(&to->content);
	buf_release(&to->inner);
	buf_release(&to->messages);
	buf_release(&to->text);
}

/* "anthropic" is called so, others otherwise. */
static const char *provider_of(struct span model)
{
	const char *maker = resume_maker(model);

	return !strcmp(maker, "openai") ? "openai-native" :
		!strcmp(maker, "google") ? "gemini" :
		!strcmp(maker, "unknown") ? "cline" : maker;
}

/* --- blocks ---------------------------------------------------------------- */

static void put_cline_text(struct cline *to, struct span text, struct buf *list)
{
	fields_str(&to->block, "type", "text");
	fields_text(&to->block, "text", text);
	resume_list_add(list, &to->block);
}

static void put_picture(struct cline *to, const struct passage_file *file,
			struct buf *list)
{
	fields_str(&to->block, "type", "image");
	fields_text(&to->block, "mediaType", file->media);
	fields_base64(&to->block, "data", file->bytes);
	resume_list_add(list, &to->block);
}

static void put_cline_call(struct cline *to, const struct passage_call *call)
{
	fields_str(&to->block, "type", "tool_use");
	fields_text(&to->block, "id", call->id);
	fields_text(&to->block, "name", call->name);
	fields_raw(&to->block, "input", call->input);
	resume_list_add(&to->content, &to->block);
}

/* A result must have the name of its tool. */
static void put_cline_result(struct cline *to, const struct passage_call *call)
{
	size_t i;

	if (call->files_n)
		put_cline_text(to, call->result, &to->inner);
	for (i = 0; i < call->files_n; i++)
		put_picture(to, &call->files[i], &to->inner);
	fields_str(&to->block, "type", "tool_result");
	fields_text(&to->block, "tool_use_id", call->id);
	fields_text(&to->block, "name", call->name);
	if (call->files_n)
		fields_list(&to->block, "content", &to->inner);
	else
		fields_text(&to->block, "content", call->result);
	if (call->is_error)
		fields_bool(&to->block, "is_error", true);
	resume_list_add(&to->content, &to->block);
}

/* --- messages -------------------------------------------------------------- */

/* call: that it is the result of; empty: none. */
static void cline_put_message(struct cline *to, const char *role,
			      struct span call, int64_t created)
{
	buf_reset(&to->text);
	buf_putf(&to->text, "vv_%06zu", to->number);
	if (call.len) {
		buf_put_str(&to->text, "_tool_");
		buf_put_span(&to->text, call);
	}
	fields_words(&to->message, "id", &to->text);
	fields_str(&to->message, "role", role);
	fields_list(&to->message, "content", &to->content);
	fields_integer(&to->message, "ts", resume_ms(created));
	resume_list_add(&to->messages, &to->message);
}

static void fill_model(struct cline *to, const struct passage_turn *turn)
{
	struct span model = resume_model(to->passage, turn);

	fields_text(&to->block, "id", model);
	fields_str(&to->block, "provider", provider_of(model));
	fields_object(&to->message, "modelInfo", &to->block);
	jcs_fields_reset(&to->block);
}

static void put_step(struct cline *to, const struct passage_turn *turn,
		     const struct passage_step *step)
{
	static const struct span none = { NULL, 0 };
	bool is_answer = turn->role == PASSAGE_MODEL;
	const struct passage_piece *piece;

	to->number++;
	for (piece = step->pieces; piece < step->pieces + step->n; piece++) {
		if (piece->kind == PIECE_TEXT)
			put_cline_text(to, piece->text, &to->content);
		else if (piece->kind == PIECE_FILE)
			put_picture(to, &piece->file, &to->content);
		else
			put_cline_call(to, &piece->call);
	}
	if (is_answer)
		fill_model(to, turn);
	if (turn->is_summary)
		fields_bool(&to->message, "isSummary", true);
	cline_put_message(to, is_answer ? "assistant" : "user", none,
			  step->created);
	for (piece = step->pieces + step->said;
	     piece < step->pieces + step->n; piece++) {
		put_cline_result(to, &piece->call);
		cline_put_message(to, "user", piece->call.id,
				  piece->call.ended);
	}
}

static int put_messages(struct cline *to, struct buf *out, struct err *err)
{
	const struct passage *passage = to->passage;
	struct passage_step step;
	size_t i;

	for (i = 0; i < passage->n; i++) {
		step = (struct passage_step)PASSAGE_STEP_INIT;
		while (passage_step_next(&passage->turns[i], &step))
			put_step(to, &passage->turns[i], &step);
	}
	fields_integer(&to->message, "version", 1);
	fields_resume_time(&to->message, "updated_at", passage->updated);
	fields_str(&to->message, "agent", "lead");
	fields_str(&to->message, "sessionId", to->session);
	resume_put_with(out, &to->message, "messages", &to->messages);
	return buf_end(out, err);
}

/* --- the manifest ---------------------------------------------------------- */

static void fill_manifest(const struct passage *passage,
			  const struct resume_target *target,
			  struct jcs_fields *manifest)
{
	struct span model = passage->model.len ? passage->model :
		span_str("unknown");

	fields_integer(manifest, "version", 1);
	fields_str(manifest, "source", "cli");
	fields_integer(manifest, "pid", 1);
	fields_resume_time(manifest, "started_at", passage->created);
	fields_resume_time(manifest, "ended_at", passage->updated);
	fields_integer(manifest, "exit_code", 0);
	fields_str(manifest, "status", "completed");
	fields_bool(manifest, "interactive", true);
	fields_str(manifest, "provider", provider_of(model));
	fields_text(manifest, "model", model);
	fields_str(manifest, "cwd", target->cwd);
	fields_str(manifest, "workspace_root", target->cwd);
	fields_bool(manifest, "enable_tools", true);
	fields_bool(manifest, "enable_spawn", true);
	fields_bool(manifest, "enable_teams", true);
}

static int put_manifest(const struct passage *passage,
			const struct resume_target *target,
			const char *session, const char *messages_path,
			struct buf *out, struct err *err)
{
	struct jcs_fields manifest = JCS_FIELDS_INIT;
	struct jcs_fields metadata = JCS_FIELDS_INIT;
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	resume_put_title(passage, &title);
	fill_manifest(passage, target, &manifest);
	fields_str(&manifest, "session_id", session);
	fields_text(&manifest, "prompt", resume_first_words(passage));
	fields_words(&metadata, "title", &title);
	fields_object(&manifest, "metadata", &metadata);
	fields_str(&manifest, "messages_path", messages_path);
	rc = jcs_fields_write(&manifest, out, err);
	jcs_fields_release(&manifest);
	jcs_fields_release(&metadata);
	buf_release(&title);
	return rc;
}

/* --- the session ----------------------------------------------------------- */

static int put_both(struct cline *to, const struct resume_target *target,
		    struct buf *path, struct resume_out *out, struct err *err)
{
	struct resume_file *file;
	size_t stem;
	int rc;

	buf_putf(path, "%s/sessions/%s/%s", target->home, to->session,
		 to->session);
	stem = path->len;
	buf_put_str(path, ".messages.json");
	rc = buf_end(path, err);
	if (rc == 0)
		rc = resume_add(out, RESUME_FILE, buf_text(path), &file, err);
	if (rc < 0)
		return rc;
	file->modified = to->passage->updated;
	rc = put_messages(to, &file->bytes, err);
	buf_cut(path, stem);
	buf_put_str(path, ".json");
	if (rc == 0)
		rc = resume_add(out, RESUME_FILE, buf_text(path), &file, err);
	if (rc < 0)
		return rc;
	file->modified = to->passage->updated;
	return put_manifest(to->passage, target, to->session,
			    buf_text(&out->files.at[0].path), &file->bytes,
			    err);
}

static int cline_write(const struct passage *passage,
		       const struct resume_target *target,
		       struct resume_out *out, struct err *err)
{
	struct cline to = {
		.passage = passage, .session = target->id,
		.message = JCS_FIELDS_INIT,
		.block = JCS_FIELDS_INIT, .content = BUF_INIT(BUF_NO_LIMIT),
		.inner = BUF_INIT(BUF_NO_LIMIT),
		.messages = BUF_INIT(BUF_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT),
	};
	struct buf path = BUF_INIT(PATH_TEXT_MAX);
	int rc;

	rc = put_both(&to, target, &path, out, err);
	resume_arg(&out->command, "cline");
	resume_option(&out->command, "--id");
	resume_arg(&out->command, to.session);
	cline_release(&to);
	buf_release(&path);
	return rc;
}

/* Its manifest says so. */
static bool cline_is_open(const struct resume_target *target)
{
	const struct jdoc_options options = { .flags = 0 };
	struct buf path = BUF_INIT(PATH_TEXT_MAX);
	struct buf text = BUF_INIT(MANIFEST_MAX);
	struct jdoc *doc = NULL;
	bool is_open = false;

	buf_putf(&path, "%s/sessions/%s/%s.json", target->home, target->id,
		 target->id);
	if (buf_end(&path, NULL) == 0 &&
	    file_read_plain(buf_text(&path), MANIFEST_MAX, &text, NULL) == 0 &&
	    jdoc_parse(buf_span(&text), &options, &doc, NULL) == 0)
		is_open = jval_is_text(jval_get(jdoc_root(doc), "status"),
				       "running");
	jdoc_free(doc);
	buf_release(&path);
	buf_release(&text);
	return is_open;
}

const struct resume_writer cline_writer = {
	.name = "cline",
	.title = "Cline",
	.lacks = RESUME_NO_ANSWER_FILES,
	.holds = resume_is_picture,
	.write = cline_write,
	.is_open = cline_is_open,
};
