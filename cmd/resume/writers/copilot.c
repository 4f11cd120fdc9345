/*
 * A session of Copilot CLI, ~/.copilot/session-state/<id>/: events.jsonl, where
 * each event names the one before and the first begins the session, and
 * workspace.yaml with its name.
 */
#include <stdio.h>

#include "cmd/resume/pieces.h"
#include "cmd/resume/tool_names.h"
#include "cmd/resume/writers/writers.h"
#include "lib/base/utf8.h"
#include "lib/os/path.h"

#define VERSION "1.0.102"	/* whose format this is */

struct copilot_draft {
	const struct passage *passage;
	const struct resume_target *target;
	struct buf *out;
	struct jcs_fields data;		/* of the event at hand */
	struct buf list;
	struct buf text;
	size_t events;
	size_t messages;
	char last[37];		/* the id of the event before; empty: none */
};

/* The event of the data, which then is forgotten. */
static void put_event(struct copilot_draft *draft, const char *type,
		      int64_t time)
{
	struct jcs_fields line = JCS_FIELDS_INIT;
	char id[37];

	resume_uuid(draft->target, "event", draft->events++, id);
	fields_object(&line, "data", &draft->data);
	fields_str(&line, "id", id);
	if (*draft->last)
		fields_str(&line, "parentId", draft->last);
	else
		fields_null(&line, "parentId");
	memcpy(draft->last, id, sizeof(id));
	fields_resume_time(&line, "timestamp", time);
	fields_str(&line, "type", type);
	resume_put_line(draft->out, &line);
	jcs_fields_reset(&draft->data);
	jcs_fields_release(&line);
}

static void put_start(struct copilot_draft *draft)
{
	struct jcs_fields *data = &draft->data;
	struct jcs_fields context = JCS_FIELDS_INIT;

	fields_str(&context, "cwd", draft->target->cwd);
	fields_object(data, "context", &context);
	fields_str(data, "copilotVersion", VERSION);
	fields_str(data, "producer", "vvault");
	fields_str(data, "sessionId", draft->target->id);
	fields_resume_time(data, "startTime", draft->passage->created);
	fields_integer(data, "version", 1);
	put_event(draft, "session.start", draft->passage->created);
	jcs_fields_release(&context);
}

/* --- what is said ---------------------------------------------------------- */

static void add_copilot_file(struct buf *list, const struct passage_file *file)
{
	struct jcs_fields item = JCS_FIELDS_INIT;

	fields_str(&item, "type", "blob");
	fields_base64(&item, "data", file->bytes);
	fields_text(&item, "mimeType", file->media);
	if (file->name.len)
		fields_text(&item, "displayName", file->name);
	resume_list_add(list, &item);
	jcs_fields_release(&item);
}

static void put_user(struct copilot_draft *draft,
		     const struct passage_step *step)
{
	size_t i;

	for (i = 0; i < step->said; i++) {
		if (step->pieces[i].kind == PIECE_FILE)
			add_copilot_file(&draft->list, &step->pieces[i].file);
	}
	buf_reset(&draft->text);
	resume_put_words(step, &draft->text);
	fields_words(&draft->data, "content", &draft->text);
	if (draft->list.len)
		fields_list(&draft->data, "attachments", &draft->list);
	put_event(draft, "user.message", step->created);
}

static void add_request(struct copilot_draft *draft,
			const struct passage_call *call)
{
	struct jcs_fields request = JCS_FIELDS_INIT;

	fields_text(&request, "toolCallId", call->id);
	fields_text(&request, "name", call->name);
	fields_raw(&request, "arguments", call->input);
	fields_str(&request, "type", "function");
	resume_list_add(&draft->list, &request);
	jcs_fields_release(&request);
}

static void put_answer(struct copilot_draft *draft,
		       const struct passage_turn *turn,
		       const struct passage_step *step)
{
	struct jcs_fields *data = &draft->data;
	char id[37];
	size_t i;

	buf_reset(&draft->text);
	resume_put_words(step, &draft->text);
	fields_words(data, "content", &draft->text);
	for (i = step->said; i < step->n; i++)
		add_request(draft, &step->pieces[i].call);
	resume_uuid(draft->target, "message", draft->messages++, id);
	fields_str(data, "messageId", id);
	fields_text(data, "model", resume_model(draft->passage, turn));
	fields_list(data, "toolRequests", &draft->list);
	put_event(draft, "assistant.message", step->created);
}

/* --- what tools did -------------------------------------------------------- */

static void put_begun(struct copilot_draft *draft,
		      const struct passage_call *call, int64_t time)
{
	fields_text(&draft->data, "toolCallId", call->id);
	fields_text(&draft->data, "toolName", call->name);
	fields_raw(&draft->data, "arguments", call->input);
	put_event(draft, "tool.execution_start", time);
}

static void put_binaries(struct copilot_draft *draft,
			 const struct passage_call *call,
			 struct jcs_fields *result)
{
	struct jcs_fields item = JCS_FIELDS_INIT;
	size_t i;

	for (i = 0; i < call->files_n; i++) {
		fields_str(&item, "type", "image");
		fields_base64(&item, "data", call->files[i].bytes);
		fields_text(&item, "mimeType", call->files[i].media);
		resume_list_add(&draft->list, &item);
	}
	if (call->files_n)
		fields_list(result, "binaryResultsForLlm", &draft->list);
	jcs_fields_release(&item);
}

static void put_done(struct copilot_draft *draft,
		     const struct passage_call *call)
{
	struct jcs_fields *data = &draft->data;
	struct jcs_fields inner = JCS_FIELDS_INIT;

	fields_text(data, "toolCallId", call->id);
	fields_bool(data, "success", !call->is_error);
	if (call->is_error) {
		fields_text(&inner, "message", call->result);
		fields_object(data, "error", &inner);
	} else {
		fields_text(&inner, "content", call->result);
		put_binaries(draft, call, &inner);
		fields_object(data, "result", &inner);
	}
	put_event(draft, "tool.execution_complete", call->ended);
	jcs_fields_release(&inner);
}

static void put_turn(struct copilot_draft *draft,
		     const struct passage_turn *turn)
{
	struct passage_step step = PASSAGE_STEP_INIT;
	size_t i;

	while (passage_step_next(turn, &step)) {
		if (turn->role == PASSAGE_USER)
			put_user(draft, &step);
		else
			put_answer(draft, turn, &step);
		for (i = step.said; i < step.n; i++)
			put_begun(draft, &step.pieces[i].call,
				  step.created);
		for (i = step.said; i < step.n; i++)
			put_done(draft, &step.pieces[i].call);
	}
}

/* --- files ----------------------------------------------------------------- */

static int write_events(const struct passage *passage,
			const struct resume_target *target, const char *path,
			struct resume_out *out, struct err *err)
{
	struct copilot_draft draft = {
		.passage = passage, .target = target,
		.data = JCS_FIELDS_INIT, .list = BUF_INIT(BUF_NO_LIMIT),
		.text = BUF_INIT(BUF_NO_LIMIT)
	};
	struct resume_file *file;
	size_t i;
	int rc = resume_add(out, RESUME_FILE, path, &file, err);

	if (rc < 0)
		return rc;
	file->modified = passage->updated;
	draft.out = &file->bytes;
	put_start(&draft);
	for (i = 0; i < passage->n; i++)
		put_turn(&draft, &passage->turns[i]);
	jcs_fields_release(&draft.data);
	buf_release(&draft.list);
	buf_release(&draft.text);
	return buf_end(&file->bytes, err);
}

/* A text of YAML: in quotes, where it has the escapes of JSON. */
static void put_yaml(struct buf *out, const char *name, struct span text)
{
	buf_put_str(out, name);
	buf_put_str(out, ": ");
	jcs_put_string(out, text);
	buf_put_char(out, '\n');
}

static int write_workspace(const struct passage *passage,
			   const struct resume_target *target,
			   const char *path, struct resume_out *out,
			   struct err *err)
{
	struct buf title = BUF_INIT(BUF_NO_LIMIT);
	char time[RESUME_TIME_MAX];
	struct resume_file *file;
	struct buf *text;
	int rc = resume_add(out, RESUME_FILE, path, &file, err);

	if (rc < 0)
		return rc;
	file->modified = passage->updated;
	text = &file->bytes;
	resume_put_title(passage, &title);
	buf_fail(text, title.failed);
	buf_putf(text, "id: %s\n", target->id);
	put_yaml(text, "cwd", span_str(target->cwd));
	put_yaml(text, "name", buf_span(&title));
	buf_put_str(text, "user_named: true\n");
	resume_time_text(passage->created, time);
	buf_putf(text, "created_at: %s\n", time);
	resume_time_text(passage->updated, time);
	buf_putf(text, "updated_at: %s\n", time);
	buf_release(&title);
	return buf_end(text, err);
}

static int write_copilot(const struct passage *passage,
			 const struct resume_target *target,
			 struct resume_out *out, struct err *err)
{
	struct buf path = PATH_BUF_INIT;
	char word[64];
	size_t len;
	int rc = path_join(&path, target->home, target->id, err);

	len = path.len;
	if (rc == 0)
		rc = path_add(&path, "events.jsonl", err);
	if (rc == 0)
		rc = write_events(passage, target, path.data, out, err);
	buf_cut(&path, len);
	if (rc == 0)
		rc = path_add(&path, "workspace.yaml", err);
	if (rc == 0)
		rc = write_workspace(passage, target, path.data, out, err);
	snprintf(word, sizeof(word), "--resume=%s", target->id);
	resume_arg(&out->command, "copilot");
	resume_option(&out->command, word);
	buf_release(&path);
	return rc;
}

const struct resume_writer copilot_writer = {
	.name = "copilot-cli",
	.title = "Copilot CLI",
	.tools = &tool_names_copilot,
	.lacks = RESUME_NO_ANSWER_FILES,
	.holds = resume_is_picture,
	.wants_uuid = true,
	.write = write_copilot,
};
