/*
 * OpenCode: what `opencode export` gives and `opencode import` takes; its
 * database is not touched. Ids of messages and parts stand in their order, and
 * before all that the program makes: it tells by them what was said last.
 */
#include "cmd/resume/writers/writers.h"

#include <stdio.h>
#include <string.h>

#include "cmd/resume/pieces.h"
#include "cmd/resume/tool_names.h"
#include "lib/base/utf8.h"
#include "lib/os/path.h"

#define VERSION "1.18.33"
#define ID_MAX 40
#define SLUG_MAX 40
#define PARTS_OF_TURN 0x1000	/* numbers that each has */

struct opencode {
	const struct passage *passage;
	const struct resume_target *target;
	char session[ID_MAX];
	char asked[ID_MAX];	/* the last prompt */
	char message[ID_MAX];
	size_t number;		/* of what comes next in the turn */
	struct jcs_fields part;
	struct jcs_fields info;
	struct jcs_fields inner;
	struct buf parts;
	struct buf messages;
	struct buf files;	/* of a result */
	struct buf text;
};

static void opencode_release(struct opencode *to)
{
	jcs_fields_release(&to->part);
	jcs_fields_release(&to->info);
	jcs_fields_release(&to->inner);
	buf_release(&to->parts);
	buf_release(&to->messages);
	buf_release(&to->files);
	buf_release(&to->text);
}

/* "msg_" and twelve digits, then what is of this session alone. */
static void make_id(struct opencode *to, const char *kind, char out[ID_MAX])
{
	char uuid[37];

	resume_uuid(to->target, kind, to->number, uuid);
	snprintf(out, ID_MAX, "%s_%012zx%.8s%.4s%.2s", kind, to->number, uuid,
		 uuid + 9, uuid + 14);
	to->number++;
}

/* --- parts ----------------------------------------------------------------- */

static void fill_part(struct opencode *to, const char *id, const char *type)
{
	fields_str(&to->part, "id", id);
	fields_str(&to->part, "sessionID", to->session);
	fields_str(&to->part, "messageID", to->message);
	fields_str(&to->part, "type", type);
}

static void begin_part(struct opencode *to, const char *type)
{
	char id[ID_MAX];

	make_id(to, "prt", id);
	fill_part(to, id, type);
}

static void put_opencode_text(struct opencode *to, struct span text)
{
	begin_part(to, "text");
	fields_text(&to->part, "text", text);
	resume_list_add(&to->parts, &to->part);
}

static void fill_file(struct opencode *to, const struct passage_file *file)
{
	begin_part(to, "file");
	buf_reset(&to->text);
	resume_put_data_url(file, &to->text);
	fields_text(&to->part, "mime", file->media);
	if (file->name.len)
		fields_text(&to->part, "filename", file->name);
	fields_words(&to->part, "url", &to->text);
}

/* The program shows plain text and sends it not: it sends what stands behind
 * it, and marks that as its own. */
static void put_plain(struct opencode *to, const struct passage_file *file)
{
	buf_reset(&to->text);
	resume_put_file_text(file, &to->text);
	buf_put_char(&to->text, '\n');
	buf_put_span(&to->text, file->bytes);
	begin_part(to, "text");
	fields_bool(&to->part, "synthetic", true);
	fields_words(&to->part, "text", &to->text);
	resume_list_add(&to->parts, &to->part);
}

static void put_opencode_file(struct opencode *to,
			      const struct passage_file *file)
{
	fill_file(to, file);
	resume_list_add(&to->parts, &to->part);
	if (span_equals(file->media, span_str("text/plain")) &&
	    utf8_is_valid(file->bytes))
		put_plain(to, file);
}

/* What a call gave that failed has no files. */
static void fill_result(struct opencode *to, const struct passage_call *call)
{
	size_t i;

	fields_str(&to->info, "status", call->is_error ? "error" :
		   "completed");
	fields_text(&to->info, call->is_error ? "error" : "output",
		    call->result);
	if (call->is_error)
		return;
	fields_text(&to->info, "title", call->name);
	for (i = 0; i < call->files_n; i++) {
		fill_file(to, &call->files[i]);
		resume_list_add(&to->files, &to->part);
	}
	if (call->files_n)
		fields_list(&to->info, "attachments", &to->files);
}

static void put_opencode_call(struct opencode *to,
			      const struct passage_call *call,
		     int64_t created)
{
	char id[ID_MAX];

	/* Those of its files come behind its own. */
	make_id(to, "prt", id);
	fill_result(to, call);
	fields_integer(&to->inner, "start", resume_ms(created));
	fields_integer(&to->inner, "end", resume_ms(call->ended));
	fields_object(&to->info, "time", &to->inner);
	jcs_fields_reset(&to->inner);
	fields_raw(&to->info, "input", call->input);
	fields_raw(&to->info, "metadata", span_str("{}"));
	fill_part(to, id, "tool");
	fields_text(&to->part, "tool", call->name);
	fields_text(&to->part, "callID", call->id);
	fields_object(&to->part, "state", &to->info);
	jcs_fields_reset(&to->info);
	resume_list_add(&to->parts, &to->part);
}

/* --- messages -------------------------------------------------------------- */

static void fill_prompt(struct opencode *to, struct span model)
{
	fields_str(&to->info, "role", "user");
	fields_str(&to->inner, "providerID", resume_maker(model));
	fields_text(&to->inner, "modelID", model);
	fields_object(&to->info, "model", &to->inner);
	jcs_fields_reset(&to->inner);
	memcpy(to->asked, to->message, sizeof(to->asked));
}

static void fill_answer(struct opencode *to, struct span model, bool has_calls)
{
	fields_str(&to->info, "role", "assistant");
	fields_str(&to->info, "parentID", to->asked);
	fields_str(&to->info, "mode", "build");
	fields_str(&to->info, "providerID", resume_maker(model));
	fields_text(&to->info, "modelID", model);
	fields_str(&to->info, "finish", has_calls ? "tool-calls" : "stop");
	fields_integer(&to->info, "cost", 0);
	fields_raw(&to->info, "tokens", span_str(
		"{\"cache\":{\"read\":0,\"write\":0},\"input\":0,"
		"\"output\":0,\"reasoning\":0}"));
	fields_str(&to->inner, "cwd", to->target->cwd);
	fields_str(&to->inner, "root", to->target->cwd);
	fields_object(&to->info, "path", &to->inner);
	jcs_fields_reset(&to->inner);
}

static void opencode_put_message(struct opencode *to,
				 const struct passage_turn *turn,
				 const struct passage_step *step,
				 bool is_answer)
{
	struct span model = resume_model(to->passage, turn);

	fields_str(&to->info, "id", to->message);
	fields_str(&to->info, "sessionID", to->session);
	fields_str(&to->info, "agent", "build");
	if (is_answer)
		fill_answer(to, model, step->said < step->n);
	else
		fill_prompt(to, model);
	fields_integer(&to->inner, "created", resume_ms(step->created));
	if (is_answer)
		fields_integer(&to->inner, "completed",
			       resume_ms(step->created));
	fields_object(&to->info, "time", &to->inner);
	jcs_fields_reset(&to->inner);
	fields_object(&to->part, "info", &to->info);
	jcs_fields_reset(&to->info);
	fields_list(&to->part, "parts", &to->parts);
	resume_list_add(&to->messages, &to->part);
}

static void put_step(struct opencode *to, const struct passage_turn *turn,
		     const struct passage_step *step)
{
	const struct passage_piece *piece;

	make_id(to, "msg", to->message);
	for (piece = step->pieces; piece < step->pieces + step->n; piece++) {
		if (piece->kind == PIECE_TEXT)
			put_opencode_text(to, piece->text);
		else if (piece->kind == PIECE_FILE)
			put_opencode_file(to, &piece->file);
		else
			put_opencode_call(to, &piece->call, step->created);
	}
	opencode_put_message(to, turn, step, turn->role == PASSAGE_MODEL);
}

/* The program asks for one and is answered; from there on the model is told. */
static void put_summary(struct opencode *to, const struct passage_turn *turn,
			const struct passage_step *step)
{
	make_id(to, "msg", to->message);
	begin_part(to, "compaction");
	fields_bool(&to->part, "auto", false);
	resume_list_add(&to->parts, &to->part);
	opencode_put_message(to, turn, step, false);
	make_id(to, "msg", to->message);
	buf_reset(&to->text);
	resume_put_words(step, &to->text);
	begin_part(to, "text");
	fields_words(&to->part, "text", &to->text);
	resume_list_add(&to->parts, &to->part);
	fields_bool(&to->info, "summary", true);
	opencode_put_message(to, turn, step, true);
}

static void put_turns(struct opencode *to)
{
	const struct passage *passage = to->passage;
	struct passage_step step;
	size_t i;

	for (i = 0; i < passage->n; i++) {
		step = (struct passage_step)PASSAGE_STEP_INIT;
		to->number = (i + 1) * PARTS_OF_TURN;
		while (passage_step_next(&passage->turns[i], &step)) {
			if (passage->turns[i].is_summary)
				put_summary(to, &passage->turns[i], &step);
			else
				put_step(to, &passage->turns[i], &step);
		}
	}
}

/* --- the session ----------------------------------------------------------- */

/* "the-tuesday-bug" */
static void put_slug(struct span title, struct buf *out)
{
	size_t i;

	for (i = 0; i < title.len && out->len < SLUG_MAX; i++) {
		char c = title.at[i];

		if (c >= 'A' && c <= 'Z')
			buf_put_char(out, (char)(c - 'A' + 'a'));
		else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			buf_put_char(out, c);
		else if (out->len && out->data[out->len - 1] != '-')
			buf_put_char(out, '-');
	}
	while (out->len && out->data[out->len - 1] == '-')
		buf_cut(out, out->len - 1);
	if (!out->len)
		buf_put_str(out, "session");
}

static void fill_session(struct opencode *to)
{
	const struct passage *passage = to->passage;
	struct buf slug = BUF_INIT(BUF_NO_LIMIT);

	buf_reset(&to->text);
	resume_put_title(passage, &to->text);
	put_slug(buf_span(&to->text), &slug);
	fields_str(&to->info, "id", to->session);
	fields_words(&to->info, "slug", &slug);
	fields_str(&to->info, "projectID", "global");
	fields_str(&to->info, "directory", to->target->cwd);
	fields_words(&to->info, "title", &to->text);
	fields_str(&to->info, "version", VERSION);
	fields_integer(&to->inner, "created", resume_ms(passage->created));
	fields_integer(&to->inner, "updated", resume_ms(passage->updated));
	fields_object(&to->info, "time", &to->inner);
	buf_release(&slug);
}

static int put_opencode_session(const struct passage *passage,
		       const struct resume_target *target,
		       const char *session, struct buf *out,
		       struct err *err)
{
	struct opencode to = {
		.passage = passage, .target = target,
		.part = JCS_FIELDS_INIT, .info = JCS_FIELDS_INIT,
		.inner = JCS_FIELDS_INIT, .parts = BUF_INIT(BUF_NO_LIMIT),
		.messages = BUF_INIT(BUF_NO_LIMIT),
		.files = BUF_INIT(BUF_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT),
	};
	int rc;

	snprintf(to.session, sizeof(to.session), "%s", session);
	put_turns(&to);
	fill_session(&to);
	fields_object(&to.part, "info", &to.info);
	fields_list(&to.part, "messages", &to.messages);
	rc = jcs_fields_write(&to.part, out, err);
	opencode_release(&to);
	return rc;
}

/* "ses_" and 26 digits; a session that was OpenCode's gets its id back. */
static void make_session(const struct resume_target *target, char out[ID_MAX])
{
	const char *id = target->id;

	if (!resume_has_uuid(target))
		snprintf(out, ID_MAX, "%s", id);
	else
		snprintf(out, ID_MAX, "ses_%.8s%.4s%.4s%.4s%.6s", id, id + 9,
			 id + 14, id + 19, id + 24);
}

static int opencode_write(const struct passage *passage,
			  const struct resume_target *target,
			  struct resume_out *out, struct err *err)
{
	struct buf path = BUF_INIT(PATH_TEXT_MAX);
	struct resume_file *file;
	char session[ID_MAX];
	int rc;

	make_session(target, session);
	resume_put_cache(target, ".json", session, &path);
	rc = buf_end(&path, err);
	if (rc == 0)
		rc = resume_add(out, RESUME_FILE, buf_text(&path), &file, err);
	if (rc == 0)
		rc = put_opencode_session(passage, target, session,
					  &file->bytes,
				 err);
	resume_arg(&out->before, "opencode");
	resume_arg(&out->before, "import");
	resume_arg(&out->before, buf_text(&path));
	resume_arg(&out->command, "opencode");
	resume_option(&out->command, "-s");
	resume_arg(&out->command, session);
	resume_note(out, "where the model of the session is not set up here, "
		    "OpenCode's screen takes another, and 'opencode run' "
		    "needs --model");
	buf_release(&path);
	return rc;
}

const struct resume_writer opencode_writer = {
	.name = "opencode",
	.title = "OpenCode",
	.tools = &tool_names_opencode,
	.lacks = RESUME_NO_ANSWER_FILES,
	.id_prefix = "ses_",
	.write = opencode_write,
};
